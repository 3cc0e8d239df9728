import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { captureLog } from '../support/captured-log.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { openLiveSubscription, TRANSPORTS } from '../support/live.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';
import { runParley } from '../support/process.ts';
import { databaseUrl, onServer } from '../support/template.ts';

async function createEmptyDatabase(): Promise<Database> {
  const server = process.env.TEST_DATABASE_URL ?? '';
  const name = `parley_empty_${randomUUID().replaceAll('-', '')}`;
  await onServer(server, `CREATE DATABASE "${name}"`);
  return {
    url: databaseUrl(server, name),
    drop: () => onServer(server, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  };
}

const NOBODY = { reads: 0, writes: 0, feed: 0, changes: 0 };
const linksWith = (redis: string) => ({
  ...{ 'postgres.reads': 'up', 'postgres.writes': 'up', 'postgres.feed': 'up' },
  ...Object.fromEntries(
    ['publish', 'subscribe', 'presence', 'activity'].map((use) => [`redis.${use}`, redis]),
  ),
});

/** URL of a port on which nothing listens. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `redis://127.0.0.1:${port}`;
}

async function ready({ url }: Gateway): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/ready`);
  return { status: response.status, body: await response.json() };
}

test('three nodes that start concurrently on an empty database all become ready, and apply each migration once', async () => {
  const database = await createEmptyDatabase();
  onTestFinished(() => database.drop());
  const starting = [startNode(database), startNode(database), startNode(database)];
  onTestFinished(async () => {
    for (const start of await Promise.allSettled(starting))
      if (start.status === 'fulfilled') await start.value.stop();
  });
  const nodes = await Promise.all(starting);

  const [first] = nodes;
  if (!first) throw new Error('no node');
  const applied = await first.db.reads.$queryRaw<{ name: string; count: bigint }[]>`
    SELECT migration_name AS name, count(*) FROM _prisma_migrations WHERE finished_at IS NOT NULL GROUP BY 1 ORDER BY 1`;
  expect(applied.map(({ count }) => Number(count))).toEqual(applied.map(() => 1));
  expect(applied.length).toBeGreaterThan(0);

  const organization = await createOrganization(first);
  const conversationId = await openConversation(first, organization);
  const streams = [];
  for (const node of nodes) streams.push(await openLiveSubscription(node, organization.agent));
  for (const [index, node] of nodes.entries()) {
    requireResult(
      await createMutations(node).send(organization.agent, { conversationId, content: `from ${index}` }),
    );
    for (const stream of streams) expect(await stream.event()).toMatchObject({ message: { seq: index + 1 } });
  }
});

test('without Redis a node is degraded, and receives the events of other nodes from the log', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const REDIS_URL = await closedPort();
  const nodes: Gateway[] = [];
  onTestFinished(async () => {
    for (const node of nodes) await node.stop();
  });
  for (let count = 0; count < 2; count++) nodes.push(await startNode(database, { REDIS_URL }));
  const [one, other] = nodes;
  if (!one || !other) throw new Error('no nodes');

  await expect
    .poll(() => ready(one))
    .toEqual({
      status: 200,
      body: {
        ...{ status: 'degraded', database: 'up', bus: 'down', links: linksWith('down'), lagSeconds: 0 },
        ...{ waiting: NOBODY, catchingUp: {} },
      },
    });
  const organization = await createOrganization(one);
  const conversationId = await openConversation(one, organization);
  for (const transport of TRANSPORTS) {
    const far = await openLiveSubscription(other, organization.agent, { transport });
    const near = await openLiveSubscription(one, organization.agent, { transport });
    for (const content of ['one', 'two'])
      requireResult(await createMutations(one).send(organization.agent, { conversationId, content }));
    for (const stream of [far, near]) {
      for (const content of ['one', 'two'])
        expect(await stream.event()).toMatchObject({ message: { content } });
    }
  }
});

test('a node with database and Redis is ready', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const node = await startNode(database);
  onTestFinished(async () => void (await node.stop()));
  await expect
    .poll(() => ready(node))
    .toEqual({
      status: 200,
      body: {
        ...{ status: 'ready', database: 'up', bus: 'up', links: linksWith('up'), lagSeconds: 0 },
        ...{ waiting: NOBODY, catchingUp: {} },
      },
    });
});

const AUTH_SECRET = 'a secret of at least 32 characters, for tests only';

/** Notes a migration in the history of a database. */
const noteMigration = (url: string, name: string, finishedAt: string) =>
  onServer(
    url,
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
     VALUES ('${randomUUID()}', '', '${name}', ${finishedAt})`,
  );

test('on a database with a migration that failed, the start ends at once with a sentence and exit code 1', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const url = database.url ?? '';
  const newest = (await readdir('prisma/migrations'))
    .filter((name) => /^\d/.test(name))
    .sort()
    .at(-1);
  await onServer(url, `DELETE FROM _prisma_migrations WHERE migration_name = '${newest}'`);
  await noteMigration(url, newest ?? '', 'NULL');
  const { exited, output } = runParley(['serve'], { DATABASE_URL: url, AUTH_SECRET });
  expect(await exited).toBe(1);
  expect(output().trim()).toMatch(
    /^The migration \d+_\w+ failed at an earlier start\. .* and start again\.$/,
  );
});

test('on a database of a newer version, a node says so in one line, and works', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  await noteMigration(database.url ?? '', '99990101000000_later', 'now()');
  const { log, lines } = captureLog();
  const node = await startNode(database, {}, { log });
  onTestFinished(async () => void (await node.stop()));
  const told = lines.filter(({ msg }) => /newer version/.test(msg));
  expect(told).toMatchObject([{ level: 40, migrations: ['99990101000000_later'] }]);
  expect((await ready(node)).status).toBe(200);
});
