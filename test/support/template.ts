import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/db/migrate.ts';
import { connectServer } from '../../src/db/server.ts';
import { createLog } from '../../src/log.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Template of each test file's database: a dump file (embedded), or a database name (server). */
    template: string;
  }
}

/** Migrates one empty database. Each test file gets a copy, which takes milliseconds. */
export async function setup(project: TestProject) {
  const url = process.env.TEST_DATABASE_URL;
  return url ? setupServer(project, url) : setupEmbedded(project);
}

async function setupEmbedded(project: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), 'parley-test-'));
  const pglite = await PGlite.create();
  await migrate(new PrismaPGlite(pglite), async (script) => {
    await pglite.exec(script);
  });
  const file = join(folder, 'template.tar');
  const dump = await pglite.dumpDataDir('none');
  await writeFile(file, Buffer.from(await dump.arrayBuffer()));
  await pglite.close();
  project.provide('template', file);
  return () => rm(folder, { recursive: true, force: true });
}

async function setupServer(project: TestProject, url: string) {
  const name = `parley_template_${randomUUID().replaceAll('-', '')}`;
  await onServer(url, `CREATE DATABASE "${name}"`);
  const db = await connectServer({ url: databaseUrl(url, name), log: createLog('warn') });
  await db.close();
  project.provide('template', name);
  return () => onServer(url, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}

export async function onServer(url: string, statement: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export function databaseUrl(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
