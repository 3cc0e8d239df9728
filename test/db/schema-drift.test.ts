import { readFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, migrate, withWholeScripts } from '../../src/db/migrate.ts';

// Migrations are written by hand. Prisma's client is generated from schema.prisma, so that the two must agree.

const pglite = await PGlite.create();
const factory = new PrismaPGlite(pglite);
const runScript = async (script: string) => void (await pglite.exec(script));
const schema = await readFile('prisma/schema.prisma', 'utf8');

beforeAll(() => migrate(factory, runScript));
afterAll(() => pglite.close());

/** The SQL that is missing between the migrated database and this schema. */
async function missingSql(datamodel: string): Promise<string> {
  const engine = await createEngine(datamodel, withWholeScripts(factory, runScript));
  const files = [{ path: 'schema.prisma', content: datamodel }];
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: '.' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout ?? '';
  } finally {
    engine.free();
  }
}

test('the migrations make the tables that schema.prisma describes', async () => {
  expect(await missingSql(schema)).toBe('-- This is an empty migration.\n');
});

test.each([
  [
    'a column',
    'model Conversation {',
    'model Conversation {\n  drift String?\n',
    'ADD COLUMN     "drift" TEXT',
  ],
  ['an index', 'model Conversation {', 'model Conversation {\n  @@index([detail])\n', 'CREATE INDEX'],
  [
    'a table',
    'model Conversation {',
    'model Drift {\n  id String @id\n}\nmodel Conversation {',
    'CREATE TABLE "Drift"',
  ],
  ['a dropped column', /^ {2}detail .*\n/m, '', 'DROP COLUMN "detail"'],
])('%s without a migration is found', async (_name, from, to, expected) => {
  expect(await missingSql(schema.replace(from, to))).toContain(expected);
});
