import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';
import { connectServer } from '../src/db/server.ts';
import { createLog } from '../src/log.ts';

const SERVER = process.env.BENCH_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export function urlOf(database: string): string {
  const url = new URL(SERVER);
  url.pathname = `/${database}`;
  return url.href;
}

export async function query(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

export async function createEmptyDatabase(name: string): Promise<string> {
  await query(SERVER, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  await query(SERVER, `CREATE DATABASE "${name}"`);
  return urlOf(name);
}

export async function dropDatabase(name: string) {
  await query(SERVER, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}

/** Creates a migrated database filled by this SQL, for one run. */
export async function freshDatabase(name: string, fill: string): Promise<string> {
  const url = await createEmptyDatabase(name);
  const db = await connectServer({ url, log: createLog('warn') });
  await db.close();
  await query(url, fill);
  await query(url, 'VACUUM ANALYZE');
  return url;
}

/**
 * Returns a migrated database filled by this SQL. It is kept for the next run and rebuilt when the migrations or the SQL change,
 * because filling takes minutes.
 */
export async function filledDatabase(prefix: string, fill: string): Promise<string> {
  const folder = new URL('../prisma/migrations/', import.meta.url);
  const hash = createHash('sha256').update(fill);
  for (const entry of (await readdir(folder)).sort()) {
    if (entry.includes('_') && !entry.includes('.'))
      hash.update(await readFile(new URL(`${entry}/migration.sql`, folder)));
  }
  const name = `${prefix}_${hash.digest('hex').slice(0, 12)}`;
  const { rows } = await query(SERVER, `SELECT datname FROM pg_database WHERE datname LIKE '${prefix}\\_%'`);
  if (rows.some((row) => row.datname === name)) return urlOf(name);
  for (const row of rows) await dropDatabase(row.datname);

  console.log('Filling the database (once) …');
  const draft = `${prefix}_draft`;
  await freshDatabase(draft, fill);
  await query(SERVER, `ALTER DATABASE "${draft}" RENAME TO "${name}"`);
  return urlOf(name);
}
