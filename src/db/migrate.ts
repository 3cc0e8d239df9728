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

// A global of Node 20 that its types leave out.
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ exports: { __wbindgen_start?: () => void } }>;
};

const PRISMA = fileURLToPath(new URL('../../prisma', import.meta.url));

/** Runs a whole SQL script on the database, and rejects when any of it fails. */
type RunScript = (script: string) => Promise<void>;

/**
 * Applies the migrations that the database does not have yet, with Prisma's own schema engine and its
 * `_prisma_migrations` table, so that `prisma migrate deploy` sees the same history. The caller holds a lock.
 */
export async function migrate(
  factory: SqlDriverAdapterFactory,
  runScript: RunScript,
  folder = join(PRISMA, 'migrations'),
): Promise<void> {
  const migrations = await readMigrations(folder);
  if (await isUpToDate(factory, migrations)) return;

  const schema = await readFile(join(PRISMA, 'schema.prisma'), 'utf8');
  const engine = await createEngine(schema, withWholeScripts(factory, runScript));
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
  } finally {
    engine.free();
  }
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
async function isUpToDate(
  factory: SqlDriverAdapterFactory,
  migrations: readonly Migration[],
): Promise<boolean> {
  const adapter = await factory.connect();
  try {
    const query = (sql: string) => adapter.queryRaw({ sql, args: [], argTypes: [] });
    const table = await query(`SELECT to_regclass('_prisma_migrations')::text`);
    if (table.rows[0]?.[0] == null) return false;
    const applied = await query(
      `SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    );
    const names = new Set(applied.rows.map((row) => row[0]));
    return migrations.every(({ name }) => names.has(name));
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
