import pg from 'pg';
import { SECRET } from '../support/gateway.ts';
import { type Program, runParley } from '../support/process.ts';

const START_TRIES = 5;

interface Node {
  program: Program;
  url: string;
}

/** Starts nodes as separate processes that a test can kill. */
export async function startNodes(
  count: number,
  { databaseUrl, redisUrl }: { databaseUrl: string; redisUrl: string },
) {
  const nodes: (Node | undefined)[] = Array.from({ length: count });

  /** Starts a node, with retries like a supervisor: its first connections may be among those that are cut. */
  async function start(index: number, triesLeft = START_TRIES): Promise<void> {
    const program = runParley(['serve'], {
      ...{ DATABASE_URL: databaseUrl, REDIS_URL: redisUrl, AUTH_SECRET: SECRET, LOG_LEVEL: 'info' },
      METRICS_TOKEN: SECRET,
    });
    try {
      const [, url = ''] = await program.printed(/(http:\/\/127\.0\.0\.1:\d+)/);
      nodes[index] = { program, url };
    } catch (error) {
      if (triesLeft === 1) throw error;
      await start(index, triesLeft - 1);
    }
  }

  await Promise.all(nodes.map((_, index) => start(index)));
  const living = () => nodes.filter((node) => node !== undefined);

  return {
    /** URL of a running node, chosen by `at`. */
    url(at: number): string {
      const all = living();
      return all[at % all.length]?.url ?? 'http://127.0.0.1:9';
    },
    urls: () => living().map(({ url }) => url),
    /** Kills a node with SIGKILL. */
    async kill(index: number) {
      const node = nodes[index];
      nodes[index] = undefined;
      node?.program.child.kill('SIGKILL');
      await node?.program.exited;
    },
    start: (index: number) => start(index),
    /** Resident memory of the largest node, in MB. */
    async memory() {
      const headers = { authorization: `Bearer ${SECRET}` };
      const pages = await Promise.all(
        living().map(async ({ url }) => (await fetch(`${url}/metrics`, { headers })).text()),
      );
      const bytes = pages.map((page) => Number(/^process_resident_memory_bytes (\S+)/m.exec(page)?.[1]));
      return Math.round(Math.max(...bytes) / 1_048_576);
    },
    /** Output of nodes that exited by themselves. */
    crashed: () =>
      living().flatMap(({ program }) => (program.child.exitCode === null ? [] : [program.output()])),
    async stop() {
      const codes = living().map(({ program }) => {
        program.child.kill('SIGTERM');
        return program.exited;
      });
      return Promise.all(codes);
    },
  };
}

/** Terminates every other connection to this database. Returns their number. */
export async function terminateConnections(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    return rowCount ?? 0;
  } finally {
    await client.end();
  }
}
