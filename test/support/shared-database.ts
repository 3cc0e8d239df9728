import { afterAll } from 'vitest';
import type { Db } from '../../src/db/client.ts';
import { createDatabase, type Database } from './gateway.ts';

/**
 * Creates one database for all gateways of a test file, for tests of different settings: an embedded database takes longer to open than
 * anything else.
 */
export async function createSharedDatabase(): Promise<Database> {
  const { url, open, drop } = await createDatabase();
  const listeners = new Set<(sql: string) => void>();
  let opening: Promise<Db> | undefined;
  afterAll(async () => {
    await (await opening)?.close();
    await drop();
  });
  const openShared = async (onStatement: (sql: string) => void): Promise<Db> => {
    listeners.add(onStatement);
    opening ??= open?.((sql) => {
      for (const listener of listeners) listener(sql);
    });
    // The gateways close it, each when it stops.
    return { ...((await opening) as Db), close: async () => undefined };
  };
  return { ...(url === undefined ? { open: openShared } : { url }), drop: async () => undefined };
}
