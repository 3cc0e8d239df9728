import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type * as SchemaEngine from '@prisma/schema-engine-wasm';
import type { Log } from '../log.ts';

// A global of Node 20 that its types leave out.
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ exports: { __wbindgen_start?: () => void } }>;
};

const PRISMA = fileURLToPath(new URL('../../prisma', import.meta.url));

/** Runs a whole SQL script on the database, and rejects when any of it fails. */
type RunScript = (script: string) => Promise<void>;

/** A migration that failed, now or at an earlier start. The message says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(migration: string, reason?: string) {
    super(
      `The migration ${migration} failed${reason === undefined ? ' at an earlier start' : `: ${reason}`}. It changed nothing, and no node of this version ` +
        'starts until that is resolved. Correct the data that it names, then run: UPDATE _prisma_migrations SET rolled_back_at = now() ' +
        `WHERE migration_name = '${migration}' AND finished_at IS NULL; and start again.`,
    );
  }
}

/**
 * Applies the migrations that the database does not have yet, with Prisma's own schema engine and its
 * `_prisma_migrations` table, so that `prisma migrate deploy` sees the same history. The caller holds a lock. Returns the
 * migrations of the database that this version does not know. Throws MigrationError.
 */
export async function migrate(
  factory: SqlDriverAdapterFactory,
  runScript: RunScript,
  folder = join(PRISMA, 'migrations'),
): Promise<{ later: string[] }> {
  const migrations = await readMigrations(folder);
  const names = migrations.map(({ name }) => name);
  const before = await readHistory(factory);
  const failed = names.find((name) => before.failed.has(name));
  if (failed !== undefined) throw new MigrationError(failed);
  const later = [...before.applied].filter((name) => !names.includes(name));
  if (names.every((name) => before.applied.has(name))) return { later };

  // The engine's own error does not hold that of the database.
  let reason: string | undefined;
  const run = (script: string) =>
    runScript(script).catch((error: Error) => {
      reason = error.message;
      throw error;
    });
  const schema = await readFile(join(PRISMA, 'schema.prisma'), 'utf8');
  const engine = await createEngine(schema, withWholeScripts(factory, run));
  try {
    await engine.applyMigrations({
      migrationsList: {
        baseDir: folder,
        lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
        shadowDbInitScript: '',
        migrationDirectories: migrations.map(({ name, script }) => ({
          path: name,
          migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } },
        })),
      },
      filters: { externalTables: [], externalEnums: [] },
    });
  } catch (error) {
    const [migration] = (await readHistory(factory)).failed;
    throw migration === undefined ? error : new MigrationError(migration, reason);
  } finally {
    engine.free();
  }
  return { later };
}

/** Tells that the database was migrated by a later version. This one works with it, as in an update that replaces node by node. */
export function logLaterMigrations(log: Log, later: readonly string[]) {
  log.warn(
    { migrations: later },
    'this database was migrated by a newer version of Parley; this node works with it, but update it soon',
  );
}

interface Migration {
  name: string;
  script: string;
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names
      .sort()
      .map(async (name) => ({ name, script: await readFile(join(folder, name, 'migration.sql'), 'utf8') })),
  );
}

// Spares most starts the loading of the schema engine, which is their slowest part.
async function readHistory(
  factory: SqlDriverAdapterFactory,
): Promise<{ applied: Set<string>; failed: Set<string> }> {
  const adapter = await factory.connect();
  try {
    const query = (sql: string) => adapter.queryRaw({ sql, args: [], argTypes: [] });
    const table = await query(`SELECT to_regclass('_prisma_migrations')::text`);
    if (table.rows[0]?.[0] == null) return { applied: new Set(), failed: new Set() };
    const { rows } = await query(
      `SELECT migration_name, finished_at IS NOT NULL FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
    );
    const namesOf = (isApplied: boolean) =>
      new Set(rows.filter((row) => row[1] === isApplied).map((row) => String(row[0])));
    return { applied: namesOf(true), failed: namesOf(false) };
  } finally {
    await adapter.dispose();
  }
}

let loadedEngine: Promise<typeof SchemaEngine> | undefined;

export async function createEngine(schema: string, factory: SqlMigrationAwareDriverAdapterFactory) {
  // One instance per process: the package holds its WebAssembly memory in module scope.
  loadedEngine ??= loadEngine();
  return (await loadedEngine).SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
}

async function loadEngine(): Promise<typeof SchemaEngine> {
  // The package's entry imports its .wasm file as a module, which Node 20 can't do: its two halves are joined here.
  const home = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const glue = (await import(
    pathToFileURL(join(home, 'schema_engine_bg.js')).href
  )) as typeof SchemaEngine & {
    __wbg_set_wasm(exports: object): void;
  };
  const module = await WebAssembly.compile(await readFile(join(home, 'schema_engine_bg.wasm')));
  const instance = await WebAssembly.instantiate(module, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  return glue;
}

// Replaces the adapters' own executeScript: that of adapter-pg splits at every `;`, also within a function body, and that of
// pglite-prisma-adapter does not wait, so that a failed migration is recorded as applied.
export function withWholeScripts(
  factory: SqlDriverAdapterFactory,
  runScript: RunScript,
): SqlMigrationAwareDriverAdapterFactory {
  async function connect() {
    const adapter = await factory.connect();
    return new Proxy(adapter, {
      get(target, property) {
        if (property === 'executeScript') return runScript;
        // The connection belongs to the caller.
        if (property === 'dispose') return async () => {};
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect,
    connectToShadowDb: () =>
      Promise.reject(new Error('Migrations are only applied here, which needs no shadow database.')),
  };
}
