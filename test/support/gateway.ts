import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inject, onTestFinished } from 'vitest';
import { type App, type AppOptions, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { Db } from '../../src/db/client.ts';
import { openEmbedded } from '../../src/db/embedded.ts';
import type { Log } from '../../src/log.ts';
import { signToken } from '../../src/server/authenticate.ts';
import { createCheckedLog, rememberTexts } from './checked-log.ts';
import { onFileEnd } from './file-end.ts';
import { databaseUrl, onServer } from './template.ts';

export const SECRET = 'a secret of at least 32 characters, for tests only';

// Longer than any test, also the chaos test and the fuzzer.
const DAY_SECONDS = 86_400;

// Statements that belong to no operation: transactions, background jobs, and the viewer, which is cached.
const BESIDE = [
  /^(BEGIN|COMMIT|ROLLBACK|SELECT 1$)/,
  /"snoozedUntil" <= clock_timestamp\(\)/,
  /DELETE FROM "IdempotencyKey" WHERE ctid/,
  /DELETE FROM "ConversationCountChange"/,
  /"removedAt" IS NOT NULL\s+UNION ALL/,
  /"(User|Bot|Contact)_organization"\."__prisma_data__" AS "organization"/,
];

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  data?: any;
  errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
  extensions?: Record<string, unknown>;
  status: number;
}

export interface Gateway extends App {
  /** SQL statements of operations since the last call of `statements`. */
  statements(): string[];
  tokenFor(person: { id: string; organizationId: string }): Promise<string>;
  /** Sends an operation as this viewer, or anonymously. */
  ask(
    person: { id: string; organizationId: string } | null,
    query: string,
    variables?: object,
  ): Promise<Answer>;
}

/** Starts a gateway on its own database for the tests of one file, and stops it afterwards. */
export async function startGateway(): Promise<Gateway> {
  const [gateway] = await startGateways(1);
  if (!gateway) throw new Error('no gateway was started');
  return gateway;
}

/** Starts several nodes on one database and one bus. More than one requires PostgreSQL and Redis. */
export async function startGateways(count: number, env: Record<string, string> = {}): Promise<Gateway[]> {
  const database = await createDatabase();
  const nodes: Gateway[] = [];
  onFileEnd(async () => {
    for (const node of nodes) await node.stop();
    await database.drop();
  });
  for (let node = 0; node < count; node++) nodes.push(await startNode(database, env));
  return nodes;
}

/** Starts a node on a database of its own for the test that runs, and stops it afterwards. */
export async function startNodeOfTest(
  env: Record<string, string> = {},
  options: NodeOptions = {},
): Promise<Gateway> {
  const database = await createDatabase();
  const node = await startNode(database, env, options);
  onTestFinished(async () => {
    await node.stop();
    await database.drop();
  });
  return node;
}

export interface Database {
  url?: string;
  open?: (onStatement: (sql: string) => void) => Promise<Db>;
  drop: () => Promise<void>;
}

export async function createDatabase(): Promise<Database> {
  const template = inject('template');
  const server = process.env.TEST_DATABASE_URL;
  if (!server) {
    return {
      open: async (onStatement) =>
        openEmbedded({ template: new Blob([await readFile(template)]), onStatement }),
      drop: async () => {},
    };
  }
  const name = `parley_test_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  return {
    url: databaseUrl(server, name),
    drop: () => onServer(server, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  };
}

type NodeOptions = Pick<
  AppOptions,
  | 'pingIntervalMs'
  | 'initTimeoutMs'
  | 'headPollIntervalMs'
  | 'answerTimeoutMs'
  | 'keyRefreshIntervalMs'
  | 'connectionCheckIntervalMs'
  | 'signDemoToken'
> & { log?: Log };

/** Starts a node on an existing database. `env` overrides the configuration of other tests. */
export async function startNode(
  database: Database,
  env: Record<string, string> = {},
  options: NodeOptions = {},
): Promise<Gateway> {
  const config = loadConfig({
    PORT: '0',
    NODE_ENV: 'test',
    AUTH_SECRET: SECRET,
    DATABASE_URL: database.url,
    REDIS_URL: database.url ? process.env.TEST_REDIS_URL : undefined,
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'fatal',
    // Tests ask for more in a second than people do.
    RATE_LIMITS: 'off',
    ...env,
  });
  let heard: string[] = [];
  const onStatement = (sql: string) => {
    if (!BESIDE.some((pattern) => pattern.test(sql))) heard.push(sql);
  };
  const app = await startApp(config, {
    log: createCheckedLog(config.logLevel, SECRET),
    ...options,
    onStatement,
    ...(database.open ? { db: await database.open(onStatement) } : {}),
  });

  const tokenFor = ({ id, organizationId }: { id: string; organizationId: string }) =>
    signToken(SECRET, { sub: id, org: organizationId }, { ...config.auth, lifetimeSeconds: DAY_SECONDS });

  return {
    ...app,
    statements() {
      const statements = heard;
      heard = [];
      return statements;
    },
    tokenFor,
    async ask(person, query, variables) {
      rememberTexts(variables);
      const response = await fetch(`${app.url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(person ? { authorization: `Bearer ${await tokenFor(person)}` } : {}),
        },
        body: JSON.stringify({ query, variables }),
      });
      return { ...((await response.json()) as Answer), status: response.status };
    },
  };
}
