import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createMemoryBus } from '../../src/bus/bus-memory.ts';
import type { Db, Tx } from '../../src/db/client.ts';
import { deferred } from '../../src/db/deferred.ts';
import { connectServer } from '../../src/db/server.ts';
import { createConversations } from '../../src/domain/conversation/conversation.ts';
import { createRecordChange } from '../../src/domain/core/mutation.ts';
import type { Viewer } from '../../src/domain/core/viewer.ts';
import { createMessages } from '../../src/domain/message/send.ts';
import { createFeed, type Feed } from '../../src/feed/feed.ts';
import { createLog } from '../../src/log.ts';
import { expectConsistent } from '../support/consistency.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// Round trips to the database for each change.

let database: Database;
let gateway: Gateway;
let link: Awaited<ReturnType<typeof openLink>>;
let db: Db;
let feed: Feed;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  database = await createDatabase();
  gateway = await startNode(database);
  link = await openLink(database.url ?? '');
  const log = createLog('fatal');
  // Questions whether a connection is silent would be counted, too.
  db = await connectServer({ url: link.url, log, answerTimeoutMs: 3_600_000 });
  feed = createFeed({ db, bus: createMemoryBus(), log });
});

afterAll(async () => {
  feed.stop();
  await db.close();
  link.close();
  await gateway.stop();
  await database.drop();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
  await rename('Known');
});

/** A TCP proxy in front of the database that counts round trips: data to the server after data from it. */
async function openLink(url: string) {
  const { hostname, port } = new URL(url);
  let roundTrips = 0;
  const server = createServer((near) => {
    const far = connect(Number(port || 5432), hostname);
    let isWaiting = false;
    near.on('data', (data) => {
      if (!isWaiting) roundTrips += 1;
      isWaiting = true;
      far.write(data);
    });
    far.on('data', (data) => {
      isWaiting = false;
      near.write(data);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = new URL(url);
  own.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: own.href,
    async count(run: () => Promise<unknown>): Promise<number> {
      const before = roundTrips;
      await run();
      return roundTrips - before;
    },
    close: () => server.close(),
  };
}

function rename(name: string, mutation?: string) {
  const author = { organizationId: organization.id, kind: 'user', id: organization.agent.id } as const;
  const once = { mutation: mutation ?? '', key: 'key', fingerprint: new Uint8Array(32) };
  return feed.record(
    author,
    async (tx) => {
      await tx.$executeRaw`UPDATE "Conversation" SET "name" = ${name} WHERE "id" = ${conversationId}`;
      return { result: conversationId, events: [{ type: 'RENAMED', conversationId, isPublic: true }] };
    },
    mutation === undefined ? undefined : once,
  );
}

function viewerOf(kind: 'user' | 'contact', id: string): Viewer {
  const contactId = kind === 'contact' ? id : null;
  const cursorKeys = { epoch: new Uint8Array(8), cursorKey: new Uint8Array(32) };
  return {
    organizationId: organization.id,
    kind,
    id,
    contactId,
    isAdmin: false,
    isBlocked: false,
    cursorKeys,
  };
}

const nameNow = async () =>
  (await gateway.db.reads.conversation.findUniqueOrThrow({ where: { id: conversationId } })).name;

test('a change costs one round trip per statement that is not deferred, and one for its event, COMMIT and position', async () => {
  expect(await link.count(() => rename('Two round trips'))).toBe(2);
  expect(await nameNow()).toBe('Two round trips');
  await expectConsistent(gateway, organization.id);
});

test('an idempotency key costs one round trip more', async () => {
  expect(await link.count(() => rename('Three round trips', 'test'))).toBe(3);
  expect(await rename('Not again', 'test')).toMatchObject({ result: conversationId, isReplayed: true });
  expect(await nameNow()).toBe('Three round trips');
});

test('round trips of the common mutations', async () => {
  const { agent, colleague, contact } = organization;
  const recordChange = createRecordChange({ feed });
  const conversations = createConversations({ recordChange });
  const messages = createMessages({ recordChange });
  const team = viewerOf('user', agent.id);
  const content = 'Hello';
  const changes: [string, number, () => Promise<unknown>][] = [
    [
      'message of a contact',
      3,
      () => messages.sendMessage(viewerOf('contact', contact.id), { conversationId, content }),
    ],
    ['message', 2, () => messages.sendMessage(team, { conversationId, content })],
    [
      'message with a key',
      3,
      () => messages.sendMessage(team, { conversationId, content, idempotencyKey: 'a' }),
    ],
    ['claim', 3, () => conversations.claimConversation(team, { conversationId })],
    ['read', 4, () => conversations.markConversationRead(team, { conversationId })],
    ['assign', 4, () => conversations.assignConversation(team, { conversationId, userId: colleague.id })],
    ['status', 2, () => conversations.setConversationStatus(team, { conversationId, status: 'PENDING' })],
    ['rename', 2, () => conversations.renameConversation(team, { conversationId, name: 'Other' })],
  ];
  const roundTrips: [string, number][] = [];
  for (const [name, , change] of changes) roundTrips.push([name, await link.count(change)]);
  expect(roundTrips).toEqual(changes.map(([name, count]) => [name, count]));
  await expectConsistent(gateway, organization.id);
});

test('a transaction without statements costs no round trip', async () => {
  expect(await link.count(() => db.writes.$transaction(async () => {}))).toBe(0);
  const failing = () => db.writes.$transaction(() => Promise.reject(new RangeError('no')));
  expect(await link.count(() => expect(failing()).rejects.toThrow(RangeError))).toBe(0);
});

test('a deferred statement that fails with COMMIT rejects the transaction with its own error, and nothing of it remains', async () => {
  const failing = db.writes.$transaction(async (tx) => {
    await tx.$executeRaw`UPDATE "Conversation" SET "name" = 'Half done' WHERE "id" = ${conversationId}`;
    await deferred(tx)
      .execute`UPDATE "Conversation" SET "channelId" = 'CHN-none' WHERE "id" = ${conversationId}`;
  });
  await expect(failing).rejects.toThrow(/foreign key|constraint/i);
  expect(await nameNow()).toBe('Known');
  await rename('Goes on');
  expect(await nameNow()).toBe('Goes on');
});

test('a deferred statement runs before the next one, and not at all when there is none', async () => {
  const giveUp = new RangeError('no');
  const failing = db.writes.$transaction(async (tx) => {
    await deferred(tx).execute`UPDATE "Conversation" SET "name" = 'One' WHERE "id" = ${conversationId}`;
    const { name } = await tx.conversation.findUniqueOrThrow({ where: { id: conversationId } });
    await deferred(tx).execute`UPDATE "Conversation" SET "name" = 'Two' WHERE "id" = ${conversationId}`;
    expect(name).toBe('One');
    throw giveUp;
  });
  await expect(failing).rejects.toBe(giveUp);
  expect(await nameNow()).toBe('Known');
});

test('a transaction with a failed statement rejects, even when the error of the statement was caught', async () => {
  const failing = db.writes.$transaction(async (tx) => {
    await tx.$executeRaw`UPDATE "Conversation" SET "name" = 'Lost' WHERE "id" = ${conversationId}`;
    await tx.$executeRaw`SELECT 1 / 0`.catch(() => undefined);
  });
  await expect(failing).rejects.toThrow('COMMIT rolled the transaction back');
  expect(await nameNow()).toBe('Known');
});

test('a nested write that times out leaves nothing behind', async () => {
  await gateway.db.writes.$executeRaw`
    CREATE FUNCTION "dawdle"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$`;
  await gateway.db.writes
    .$executeRaw`CREATE TRIGGER "dawdle" BEFORE UPDATE ON "Conversation" FOR EACH ROW EXECUTE FUNCTION "dawdle"()`;
  onTestFinished(async () => {
    await gateway.db.writes.$executeRaw`DROP FUNCTION "dawdle" CASCADE`;
  });
  const { agent, contact } = organization;
  const write = (tx: Tx) =>
    tx.conversation.update({
      where: { id: conversationId },
      data: {
        name: 'Late',
        members: { create: { userId: agent.id } },
        contact: { update: { name: 'Late' } },
      },
    });
  await expect(db.writes.$transaction(write, { timeout: 100 })).rejects.toMatchObject({ code: 'P2028' });
  const { name, members, ...row } = await gateway.db.reads.conversation.findUniqueOrThrow({
    where: { id: conversationId },
    include: { members: true, contact: { select: { name: true } } },
  });
  expect({ name, members, contact: row.contact }).toEqual({
    name: 'Known',
    members: [],
    contact: { name: contact.name },
  });
});
