import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { READS_PER_ORGANIZATION } from '../../src/db/server.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { times } from '../support/times.ts';

// A lock that a test holds stands for statements that take long.
const LOCK = 4_711;
const LIST = '{ conversations(first: 5) { nodes { id name } } }';

let database: Database;
let gateway: Gateway;
let organization: TestOrganization;
let neighbour: TestOrganization;
let holder: pg.Client;

beforeAll(async () => {
  database = await createDatabase();
  gateway = await startNode(database);
  [organization, neighbour] = [await createOrganization(gateway), await createOrganization(gateway)];
  await openConversation(gateway, organization);
  await openConversation(gateway, neighbour);
  holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
});

afterAll(async () => {
  await holder.end();
  await gateway.stop();
  await database.drop();
});

const waitForLock = (organizationId: string) => gateway.db.reads.$queryRaw`
  SELECT 1 FROM (SELECT pg_advisory_lock_shared(${LOCK})) AS held
    JOIN "Organization" o ON o."id" = ${organizationId}
   WHERE EXISTS (SELECT 1 FROM "Feed" WHERE "organizationId" = ${organizationId})`;

async function waiting(): Promise<number[]> {
  const { rows } = await holder.query(
    `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted`,
    [LOCK],
  );
  return rows.map(({ pid }) => pid);
}

test('slow statements of one organization leave connections to the others', async () => {
  await holder.query('SELECT pg_advisory_lock($1)', [LOCK]);
  const slow = times(20, () => waitForLock(organization.id).then(() => undefined));
  await expect.poll(async () => (await waiting()).length).toBe(READS_PER_ORGANIZATION.reads);
  const { data, errors } = await gateway.ask(neighbour.agent, LIST);
  expect(errors).toBeUndefined();
  expect(data.conversations.nodes).toHaveLength(1);
  expect((await waiting()).length).toBe(READS_PER_ORGANIZATION.reads);
  await holder.query('SELECT pg_advisory_unlock($1)', [LOCK]);
  await Promise.all(slow);
});

test('a query that takes too long is ended with a code that says so, and the connection serves on', async () => {
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE "Conversation" IN ACCESS EXCLUSIVE MODE');
  const asked = gateway.ask(organization.agent, LIST);
  const find = `SELECT pid FROM pg_locks l WHERE relation = '"Conversation"'::regclass AND NOT granted`;
  await expect.poll(async () => (await holder.query(find)).rows.length).toBe(1);
  // The effect of statement_timeout.
  await holder.query(`SELECT pg_cancel_backend(pid) FROM (${find}) AS blocked`);
  const { errors, status } = await asked;
  expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
  expect(status).toBe(200);
  await holder.query('ROLLBACK');
  expect((await gateway.ask(organization.agent, LIST)).errors).toBeUndefined();
});

test('a query that gets no lock in time is BUSY, with the time after which to try again', async () => {
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE "Conversation" IN ACCESS EXCLUSIVE MODE');
  const { errors, status } = await gateway.ask(organization.agent, LIST);
  await holder.query('ROLLBACK');
  expect(errors).toMatchObject([{ extensions: { code: 'BUSY', retryAfter: 1 } }]);
  expect(status).toBe(503);
});
