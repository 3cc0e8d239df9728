import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { databaseUrl, onServer } from '../support/template.ts';

interface Scratch {
  migrate(folder: string): Promise<{ later: string[] }>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
}

/** An empty database, embedded or on the test server. */
async function createScratch(): Promise<Scratch> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) {
    const pglite = await PGlite.create();
    onTestFinished(() => pglite.close());
    const run = async (script: string) => {
      await pglite.exec(script);
    };
    return {
      migrate: (folder) => migrate(new PrismaPGlite(pglite), run, folder),
      rows: async (sql) => (await pglite.query<Record<string, unknown>>(sql)).rows,
    };
  }
  const name = `parley_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE "${name}"`);
  const pool = new pg.Pool({ connectionString: databaseUrl(server, name) });
  onTestFinished(async () => {
    await pool.end();
    await onServer(server, `DROP DATABASE "${name}" WITH (FORCE)`);
  });
  const run = async (script: string) => {
    await pool.query(script);
  };
  return {
    migrate: (folder) => migrate(new PrismaPg(pool), run, folder),
    rows: async (sql) => (await pool.query(sql)).rows,
  };
}

async function createFolder(migrations: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, sql] of Object.entries(migrations)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'migration.sql'), sql);
  }
  return folder;
}

const FUNCTION = `
-- A comment with a ; in it, and a quote: it's
CREATE TABLE "Thing" ("id" integer, "twice" integer);
CREATE FUNCTION "double"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."twice" := NEW."id" * 2; -- one ; more
  RETURN NEW;
END
$$;
/* and ; here */
CREATE TRIGGER "Thing_double" BEFORE INSERT ON "Thing" FOR EACH ROW EXECUTE FUNCTION "double"();
INSERT INTO "Thing" ("id") VALUES (21);
`;

test('a migration with semicolons in a function body and in comments is applied as one script', async () => {
  const scratch = await createScratch();
  await scratch.migrate(await createFolder({ '1_function': FUNCTION }));
  expect(await scratch.rows('SELECT "twice" FROM "Thing"')).toEqual([{ twice: 42 }]);
});

test('migrations are applied once, in order, and recorded as Prisma records them', async () => {
  const scratch = await createScratch();
  const first = { '1_function': FUNCTION };
  await scratch.migrate(await createFolder(first));
  await scratch.migrate(await createFolder({ ...first, '2_more': 'INSERT INTO "Thing" ("id") VALUES (1);' }));
  await scratch.migrate(await createFolder({ ...first, '2_more': 'INSERT INTO "Thing" ("id") VALUES (1);' }));
  expect(await scratch.rows('SELECT "id" FROM "Thing" ORDER BY 1')).toEqual([{ id: 1 }, { id: 21 }]);
  expect(
    await scratch.rows(
      'SELECT migration_name, finished_at IS NOT NULL AS done FROM _prisma_migrations ORDER BY started_at',
    ),
  ).toEqual([
    { migration_name: '1_function', done: true },
    { migration_name: '2_more', done: true },
  ]);
});

test('a migration that fails is reported, changes nothing, and is not recorded as applied', async () => {
  const scratch = await createScratch();
  const folder = await createFolder({
    '1_function': FUNCTION,
    '2_fails': 'INSERT INTO "Thing" ("id") VALUES (7); SELECT 1 / 0;',
  });
  await expect(scratch.migrate(folder)).rejects.toThrow(
    /^The migration 2_fails failed: division by zero\. It changed nothing.* and start again\.$/,
  );
  expect(await scratch.rows('SELECT "id" FROM "Thing"')).toEqual([{ id: 21 }]);
  expect(
    await scratch.rows(`SELECT finished_at FROM _prisma_migrations WHERE migration_name = '2_fails'`),
  ).toEqual([{ finished_at: null }]);
  // The next start is refused as well: an operator has to resolve it.
  await expect(scratch.migrate(folder)).rejects.toThrow('The migration 2_fails failed at an earlier start.');
});

test('a migration that failed is applied after its error says how to resolve it', async () => {
  const scratch = await createScratch();
  const fails = { '1_function': FUNCTION, '2_once': 'CREATE UNIQUE INDEX "once" ON "Thing" ("twice");' };
  await scratch.migrate(await createFolder({ '1_function': FUNCTION }));
  await scratch.rows('INSERT INTO "Thing" ("id") VALUES (21)');
  const folder = await createFolder(fails);
  const { message } = (await scratch.migrate(folder).catch((error: unknown) => error)) as Error;
  await scratch.rows('DELETE FROM "Thing"');
  await scratch.rows(/UPDATE [^;]*/.exec(message)?.[0] ?? '');
  expect(await scratch.migrate(folder)).toEqual({ later: [] });
});

test('migrations that this version does not know are reported, and the rest is applied', async () => {
  const scratch = await createScratch();
  const later = { '1_function': FUNCTION, '3_later': 'ALTER TABLE "Thing" ADD COLUMN "later" integer;' };
  await scratch.migrate(await createFolder(later));
  expect(await scratch.migrate(await createFolder({ '1_function': FUNCTION }))).toEqual({
    later: ['3_later'],
  });
  const another = { '1_function': FUNCTION, '2_more': 'INSERT INTO "Thing" ("id") VALUES (1);' };
  expect(await scratch.migrate(await createFolder(another))).toEqual({ later: ['3_later'] });
});

test('the migration that adds counters counts existing conversations, without deleted ones', async () => {
  const folder = 'prisma/migrations';
  const names = (await readdir(folder)).filter((name) => /^\d/.test(name)).sort();
  const scripts: Record<string, string> = {};
  for (const name of names) scripts[name] = await readFile(join(folder, name, 'migration.sql'), 'utf8');
  const counted = names.findIndex((name) => name.endsWith('_counts'));
  const earlier = Object.fromEntries(Object.entries(scripts).slice(0, counted));
  const scratch = await createScratch();
  await scratch.migrate(await createFolder(earlier));
  await scratch.rows(`INSERT INTO "Organization" ("id", "name") VALUES ('ORG-1', 'Test')`);
  await scratch.rows(
    `INSERT INTO "Channel" ("id", "organizationId", "name", "channelType") VALUES ('CHN-1', 'ORG-1', 'Chat', 'WEB')`,
  );
  await scratch.rows(
    `INSERT INTO "Contact" ("id", "organizationId", "name") VALUES ('CTC-1', 'ORG-1', 'Dora')`,
  );
  const insert = (from: number, to: number) =>
    scratch.rows(`
      INSERT INTO "Conversation" ("id", "organizationId", "uuid", "publicId", "name", "initiatedBy", "channelId", "contactId", "status", "deletedAt")
      SELECT 'CVR-' || n, 'ORG-1', gen_random_uuid(), 'public-' || n, 'Hello', 'AGENT', 'CHN-1', 'CTC-1',
             (CASE WHEN n % 2 = 0 THEN 'OPEN' ELSE 'CLOSED' END)::"ConversationStatus", CASE WHEN n % 5 = 0 THEN now() END
        FROM generate_series(${from}, ${to}) AS n`);
  await insert(1, 10);
  await scratch.migrate(await createFolder(scripts));
  const counts = (table: string) =>
    scratch.rows(`SELECT "status"::text, "channelId", "count" FROM "${table}" ORDER BY 1`);
  expect(await counts('ConversationCount')).toEqual([
    { status: 'CLOSED', channelId: 'CHN-1', count: 4 },
    { status: 'OPEN', channelId: 'CHN-1', count: 4 },
  ]);
  expect(await counts('ConversationCountChange')).toEqual([]);
  // One statement for many rows, insert or delete, writes one difference per status and channel.
  await insert(11, 20);
  await scratch.rows('DELETE FROM "Conversation"');
  expect((await counts('ConversationCountChange')).map(({ count }) => count).sort()).toEqual([-8, -8, 4, 4]);
});
