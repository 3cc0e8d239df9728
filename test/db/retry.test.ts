import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Tx } from '../../src/db/client.ts';
import { createTransact } from '../../src/db/transaction.ts';
import { BusyError } from '../../src/errors.ts';
import { expectConsistent } from '../support/consistency.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { createMutations } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const TRIES = 6;
const RETRYABLE_ERRORS = {
  'a serialization failure': '40001',
  'a deadlock': '40P01',
  'a lock timeout': '55P03',
};

let gateway: Gateway;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  await installObstacle(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
  await gateway.db.writes.$executeRawUnsafe(`ALTER SEQUENCE "obstacle" RESTART`);
});

// Renaming a conversation to "40001 2" fails with 40001 twice and succeeds at the third attempt; "COMMIT 40001 2" fails inside COMMIT.
// Attempts are counted by a sequence, since a rollback does not reset it.
async function installObstacle({ db }: Gateway) {
  for (const statement of [
    `CREATE SEQUENCE "obstacle"`,
    `CREATE FUNCTION "obstruct"() RETURNS trigger LANGUAGE plpgsql AS $$
     DECLARE words text[] := string_to_array(replace(NEW."name", 'COMMIT ', ''), ' ');
     BEGIN
       IF nextval('obstacle') <= words[2]::int THEN RAISE EXCEPTION 'in the way' USING ERRCODE = words[1]; END IF;
       RETURN NEW;
     END $$`,
    `CREATE TRIGGER "obstruct" BEFORE UPDATE ON "Conversation" FOR EACH ROW
     WHEN (NEW."name" ~ '^[0-9A-Z]{5} [0-9]+$') EXECUTE FUNCTION "obstruct"()`,
    `CREATE CONSTRAINT TRIGGER "obstruct_commit" AFTER UPDATE ON "Conversation" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
     WHEN (NEW."name" ~ '^COMMIT [0-9A-Z]{5} [0-9]+$') EXECUTE FUNCTION "obstruct"()`,
  ]) {
    await db.writes.$executeRawUnsafe(statement);
  }
}

async function tries(): Promise<number> {
  const [row] = await gateway.db.writes.$queryRaw<
    { count: bigint }[]
  >`SELECT nextval('obstacle') - 1 AS count`;
  return Number(row?.count);
}

const rename = (name: string) =>
  createMutations(gateway).rename(organization.agent, { conversationId, name });
const read = () => createMutations(gateway).read(organization.agent, conversationId);
const types = async () =>
  (await eventsOf(gateway, { organizationId: organization.id })).map(({ type }) => type);

for (const [name, code] of Object.entries(RETRYABLE_ERRORS)) {
  for (const [when, prefix] of [
    ['', ''],
    [' inside COMMIT', 'COMMIT '],
  ]) {
    test(`a change that fails with ${name}${when} is retried, and made once`, async () => {
      const { result: done, errors } = await rename(`${prefix}${code} 2`);
      expect(errors).toBeUndefined();
      expect(done).toMatchObject({ name: `${prefix}${code} 2`, version: 2 });
      expect(await tries()).toBe(3);
      expect(await types()).toEqual(['CREATED', 'RENAMED']);
      await expectConsistent(gateway, organization.id);
    });

    test(`a change that keeps failing with ${name}${when} is given up after ${TRIES} attempts, and nothing of it remains`, async () => {
      const before = await read();
      const { result: done, errors } = await rename(`${prefix}${code} 100`);
      expect(done).toBeNull();
      expect(errors).toMatchObject([
        {
          message: 'Too much is asked at once. Nothing was changed; try again in a moment.',
          extensions: { code: 'BUSY' },
        },
      ]);
      expect(await tries()).toBe(TRIES);
      expect(await read()).toEqual(before);
      expect(await types()).toEqual(['CREATED']);
      await rename('Free');
      await expectConsistent(gateway, organization.id);
    });
  }
}

test('any other error is neither retried nor shown to the client', async () => {
  const { errors } = await rename('22012 100');
  expect(errors).toMatchObject([{ message: expect.stringMatching(/^Something went wrong on our side/) }]);
  expect(JSON.stringify(errors)).not.toMatch(/in the way|22012|obstruct|UPDATE/);
  expect(await tries()).toBe(1);
  expect(await types()).toEqual(['CREATED']);
});

describe('transact', () => {
  const touch = (tx: Tx, name: string) =>
    tx.conversation.update({ where: { id: conversationId }, data: { name } });

  test('runs the whole change again, and keeps nothing of failed runs', async () => {
    const transact = createTransact(gateway.db);
    let runs = 0;
    const result = await transact(organization.id, async (tx) => {
      runs += 1;
      await touch(tx, `run ${runs}`);
      await tx.message.count();
      if (runs < 3) await tx.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$`);
      return runs;
    });
    expect({ result, name: (await read()).name }).toEqual({ result: 3, name: 'run 3' });
  });

  test('rejects with BusyError and its cause when it gives up', async () => {
    const transact = createTransact(gateway.db);
    const failing = transact(organization.id, async (tx) => {
      await tx.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '40001'; END $$`);
    });
    const error = await failing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BusyError);
    expect(error).toHaveProperty('cause');
  });

  test('runs a change that throws its own error once', async () => {
    const transact = createTransact(gateway.db);
    let runs = 0;
    const failing = transact(organization.id, async (tx) => {
      runs += 1;
      await touch(tx, 'Half done');
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect({ runs, name: (await read()).name }).toEqual({ runs: 1, name: 'Dora' });
  });

  test('limits the concurrent transactions of one organization to its share', async () => {
    const transact = createTransact(gateway.db);
    const { maxTransactionsPerOrganization: share } = gateway.db;
    let begun = 0;
    let open = 0;
    let most = 0;
    // Transactions run in batches the size of the share: all of a batch are open before any of them ends.
    const batches = Array.from({ length: 4 }, createGate);
    const changes = Array.from({ length: batches.length * share }, () =>
      transact(organization.id, async (tx) => {
        const batch = batches[Math.floor(begun / share)];
        begun += 1;
        open += 1;
        most = Math.max(most, open);
        if (begun % share === 0) batch?.open();
        await batch?.opened;
        await tx.message.count();
        open -= 1;
      }),
    );
    await Promise.all(changes);
    expect({ begun, most }).toEqual({ begun: batches.length * share, most: share });
  });
});

function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}
