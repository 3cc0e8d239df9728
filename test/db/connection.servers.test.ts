import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logConnectionErrors } from '../../src/db/server.ts';
import { createLog } from '../../src/log.ts';
import { terminateConnections } from '../chaos/nodes.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { openLiveSubscription } from '../support/live.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';

let database: Database;
let gateway: Gateway;
let changes: Mutations;

beforeAll(async () => {
  database = await createDatabase();
  gateway = await startNode(database);
  changes = createMutations(gateway);
});

afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

test('a node survives the end of its database connections, also inside of a transaction, and subscribers miss nothing', async () => {
  const organization = await createOrganization(gateway);
  const conversationId = await openConversation(gateway, organization);
  const live = await openLiveSubscription(gateway, organization.colleague);
  const failing = gateway.db.writes.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1`;
    await terminateConnections(database.url ?? '');
    await tx.$queryRaw`SELECT 1`;
  });
  await expect(failing).rejects.toThrow();
  const say = (content: string) => changes.send(organization.agent, { conversationId, content });
  await expect.poll(async () => (await say('one')).result?.content).toBe('one');
  requireResult(await say('two'));
  expect(await live.event()).toMatchObject({ message: { content: 'one' } });
  expect(await live.event()).toMatchObject({ message: { content: 'two' } });
  expect(await (await fetch(`${gateway.url}/ready`)).json()).toMatchObject({ status: 'ready' });
});

test('a connection that breaks while the pool hands it on does not end the process', async () => {
  /** Emits an error on the only connection of a pool after one borrower released it and before the next one has it. */
  async function handOn(pool: pg.Pool) {
    const client = await pool.connect();
    const next = pool.connect();
    client.release();
    try {
      client.emit('error', new Error('terminating connection due to administrator command'));
    } finally {
      (await next).release(true);
      await pool.end();
    }
  }
  const create = () => new pg.Pool({ connectionString: database.url, max: 1 });
  await expect(handOn(create()), 'without a listener').rejects.toThrow('terminating connection');
  const pool = create();
  logConnectionErrors(pool, createLog('silent'));
  await handOn(pool);
});
