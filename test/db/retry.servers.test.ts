import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Tx } from '../../src/db/client.ts';
import { createTransact, type Transact } from '../../src/db/transaction.ts';
import { BusyError } from '../../src/errors.ts';
import { appendEvents } from '../../src/feed/log.ts';
import { expectConsistent } from '../support/consistency.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let database: Database;
let gateway: Gateway;
let transact: Transact;
let organization: TestOrganization;
let ids: [string, string];

beforeAll(async () => {
  database = await createDatabase();
  gateway = await startNode(database);
});

afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

beforeEach(async () => {
  transact = createTransact(gateway.db);
  organization = await createOrganization(gateway);
  ids = [await openConversation(gateway, organization), await openConversation(gateway, organization)];
});

const rename = (tx: Tx, id: string, name: string) =>
  tx.conversation.update({ where: { id }, data: { name } });
const names = async () => {
  const rows = await gateway.db.reads.conversation.findMany({
    where: { id: { in: ids } },
    orderBy: { number: 'asc' },
  });
  return rows.map(({ name }) => name);
};

/** Another client of the database, such as a node that holds its locks too long. */
async function connectOther(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('BEGIN');
  return client;
}

test('deadlock of two changes: one is retried, and both are made', async () => {
  const [one, other] = ids;
  let runs = 0;
  let arrived = 0;
  let meet = () => {};
  const bothHoldOne = new Promise<void>((resolve) => {
    meet = resolve;
  });

  async function change(first: string, second: string, name: string) {
    let isFirstRun = true;
    await transact(organization.id, async (tx) => {
      runs += 1;
      await rename(tx, first, name);
      if (isFirstRun) {
        isFirstRun = false;
        if (++arrived === 2) meet();
        await bothHoldOne;
      }
      await rename(tx, second, name);
    });
  }

  await Promise.all([change(one, other, 'A'), change(other, one, 'B')]);
  expect(runs).toBe(3);
  const [first, second] = await names();
  expect(['A', 'B']).toContain(first);
  expect(second).toBe(first);
});

test('a change with a lock timeout is retried, and made when the row is free', async () => {
  const holder = await connectOther();
  await holder.query('SELECT 1 FROM "Conversation" WHERE "id" = $1 FOR UPDATE', [ids[0]]);
  let runs = 0;
  await transact(organization.id, async (tx) => {
    if (++runs === 2) await holder.query('ROLLBACK');
    await rename(tx, ids[1], 'also');
    await rename(tx, ids[0], 'at last');
  });
  expect({ runs, names: await names() }).toEqual({ runs: 2, names: ['at last', 'also'] });
});

test('a change with a lock timeout inside COMMIT is retried, and gets one position', async () => {
  const holder = await connectOther();
  await holder.query('SELECT 1 FROM "Feed" WHERE "organizationId" = $1 FOR UPDATE', [organization.id]);
  let runs = 0;
  await transact(organization.id, async (tx) => {
    if (++runs === 2) await holder.query('ROLLBACK');
    await rename(tx, ids[0], `run ${runs}`);
    const author = { organizationId: organization.id, kind: 'user', id: organization.agent.id } as const;
    await appendEvents(tx, author, [{ type: 'RENAMED', conversationId: ids[0], isPublic: true }]);
  });
  expect({ runs, names: await names() }).toEqual({ runs: 2, names: ['run 2', 'Dora'] });
  await expectConsistent(gateway, organization.id);
});

test('a change with a serialization failure under REPEATABLE READ is retried', async () => {
  const holder = await connectOther();
  let runs = 0;
  await transact(organization.id, async (tx) => {
    runs += 1;
    await tx.$executeRaw`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`;
    const { name } = await tx.conversation.findUniqueOrThrow({ where: { id: ids[0] } });
    if (runs === 1) {
      await holder.query(`UPDATE "Conversation" SET "name" = 'theirs' WHERE "id" = $1`, [ids[0]]);
      await holder.query('COMMIT');
    }
    await rename(tx, ids[0], `${name} and ours`);
  });
  expect({ runs, names: await names() }).toEqual({ runs: 2, names: ['theirs and ours', 'Dora'] });
});

test('a change that never gets its lock is given up, and nothing of it remains', async () => {
  const holder = await connectOther();
  await holder.query('SELECT 1 FROM "Conversation" WHERE "id" = $1 FOR UPDATE', [ids[0]]);
  let runs = 0;
  const failing = transact(organization.id, async (tx) => {
    runs += 1;
    await tx.$executeRaw`SET LOCAL lock_timeout = '50ms'`;
    await rename(tx, ids[1], 'half done');
    await rename(tx, ids[0], 'never');
  });
  await expect(failing).rejects.toThrow(BusyError);
  await holder.query('ROLLBACK');
  expect({ runs, names: await names() }).toEqual({ runs: 6, names: ['Dora', 'Dora'] });
});

test('an organization that waits for a lock does not block another', async () => {
  const neighbour = await createOrganization(gateway);
  const neighbours = await openConversation(gateway, neighbour);
  const holder = await connectOther();
  await holder.query('SELECT 1 FROM "Conversation" WHERE "id" = $1 FOR UPDATE', [ids[0]]);
  async function waiting(): Promise<number> {
    const [row] = await gateway.db.reads.$queryRaw<{ waiting: number }[]>`SELECT count(*)::int AS waiting
      FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return row?.waiting ?? 0;
  }

  const stuck = Promise.allSettled(
    Array.from({ length: 20 }, () => transact(organization.id, (tx) => rename(tx, ids[0], 'at last'))),
  );
  await expect.poll(waiting).toBe(gateway.db.maxTransactionsPerOrganization);
  const { name } = await transact(neighbour.id, (tx) => rename(tx, neighbours, 'not blocked'));
  expect(name).toBe('not blocked');
  expect(await names()).toEqual(['Dora', 'Dora']);
  await holder.query('ROLLBACK');
  expect((await stuck).filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(await names()).toEqual(['at last', 'Dora']);
});
