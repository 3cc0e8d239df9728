import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EPOCH_BYTES } from '../../src/feed/cursor.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import {
  type Frame,
  type LiveEvent,
  openLiveSubscription,
  openSubscription,
  STATUSES,
  TRANSPORTS,
} from '../support/live.ts';
import { cursorAt, stateOf } from '../support/log.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

const say = async (content: string, isPrivate = false) => {
  const answer = await changes.send(organization.agent, { conversationId, content, isPrivate });
  return { ...requireResult(answer), cursor: answer.cursor };
};
const headCursor = async () =>
  cursorAt(gateway, organization.id, (await stateOf(gateway, organization.id)).head);
const isCaughtUp = ({ __typename }: LiveEvent) => __typename === 'CaughtUp';
const contents = (frames: Frame[]) => frames.map(({ event }) => event?.message?.content ?? event?.__typename);

for (const transport of TRANSPORTS) {
  describe(`over ${transport}`, () => {
    test('a resumed subscription gets missed events in order, then CaughtUp, then live events', async () => {
      const before = await openLiveSubscription(gateway, organization.agent, { transport });
      await say('seen');
      const { cursor } = await before.next();
      before.stop();
      await say('one');
      await say('two', true);
      await say('three');

      const stream = await openSubscription(gateway, organization.agent, { transport, after: cursor });
      const missed = await stream.upTo(isCaughtUp);
      expect(contents(missed)).toEqual(['one', 'two', 'three', 'CaughtUp']);
      expect(missed.at(-1)?.cursor).toBe(await headCursor());
      expect(missed.map((frame) => frame.event?.cursor)).toEqual(missed.map((frame) => frame.cursor));
      await say('four');
      expect(await stream.event()).toMatchObject({ message: { content: 'four' } });
    });

    test('a contact who resumes gets the missed events that the contact may see', async () => {
      const after = await headCursor();
      const theirs = await openConversation(gateway, organization, {
        contactId: organization.otherContact.id,
      });
      await changes.send(organization.agent, { conversationId: theirs, content: 'to somebody else' });
      await say('for us', true);
      await say('for you');
      const stream = await openSubscription(gateway, organization.contact, { transport, after });
      expect(contents(await stream.upTo(isCaughtUp))).toEqual(['for you', 'CaughtUp']);
    });

    test('a cursor of another stream, or no cursor at all, ends the subscription with CURSOR_INVALID', async () => {
      const stranger = await createOrganization(gateway);
      const own = await headCursor();
      const { head } = await stateOf(gateway, organization.id);
      const invalid = {
        foreign: await cursorAt(gateway, stranger.id, 0),
        forged: `${own.startsWith('A') ? 'B' : 'A'}${own.slice(1)}`,
        truncated: own.slice(0, -2),
        'from the future': await cursorAt(gateway, organization.id, head + 1),
        empty: '',
        'no cursor': 'hello, world',
      };
      for (const after of Object.values(invalid)) {
        const stream = await openSubscription(gateway, organization.agent, { transport, after });
        const reset = { __typename: 'ResetRequired', reason: 'CURSOR_INVALID', resumeAfter: null };
        expect(await stream.next()).toEqual({ event: reset, cursor: undefined, errors: [] });
        await stream.ended;
      }
    });
  });
}

test('a resumed subscription to one conversation and one event type gets nothing else', async () => {
  const after = await headCursor();
  const elsewhere = await openConversation(gateway, organization);
  await changes.send(organization.agent, { conversationId: elsewhere, content: 'elsewhere' });
  await changes.setStatus(organization.agent, { conversationId: elsewhere, status: 'PENDING' });
  await say('here');
  await changes.setStatus(organization.agent, { conversationId, status: 'RESOLVED' });
  const messages = await openSubscription(gateway, organization.agent, { conversationId, after });
  const statuses = await openSubscription(gateway, organization.agent, {
    query: STATUSES,
    conversationId,
    after,
  });
  expect(contents(await messages.upTo(isCaughtUp))).toEqual(['here', 'CaughtUp']);
  expect((await statuses.upTo(isCaughtUp)).map(({ event }) => event?.changes?.[0]?.after)).toEqual([
    'RESOLVED',
    undefined,
  ]);
});

test('cursors of frames, of CaughtUp and of mutations can all be resumed from', async () => {
  const first = await openSubscription(gateway, organization.agent);
  const { cursor: begin } = await first.next();
  const answered: (string | undefined)[] = [];
  for (const content of ['0', '1', '2', '3']) answered.push((await say(content)).cursor);
  const frames = await first.upTo(({ message }) => message?.content === '3');
  expect(frames.map(({ cursor }) => cursor)).toEqual(answered);

  for (const [index, after] of [begin, ...answered].entries()) {
    const stream = await openSubscription(gateway, organization.agent, { after });
    expect(contents(await stream.upTo(isCaughtUp))).toEqual([
      ...['0', '1', '2', '3'].slice(index),
      'CaughtUp',
    ]);
  }
});

test('all viewers of an organization have the same cursors', async () => {
  const after = (await say('one')).cursor;
  await changes.send(organization.contact, { conversationId, content: 'two' });
  const streams = [organization.colleague, organization.bot, organization.contact].map((person) =>
    openSubscription(gateway, person, { after }),
  );
  const seen = await Promise.all(streams.map(async (stream) => (await stream).upTo(isCaughtUp)));
  expect(seen.map(contents)).toEqual(Array(3).fill(['two', 'CaughtUp']));
  expect(new Set(seen.map((frames) => frames[0]?.cursor)).size).toBe(1);
});

test('a cursor from before the retention of the log ends the subscription with CURSOR_EXPIRED', async () => {
  const [old, oldest, newer] = [await headCursor(), await say('one'), await say('two')];
  const { head } = await stateOf(gateway, organization.id);
  await gateway.db.writes.feed.update({
    where: { organizationId: organization.id },
    data: { sweptTo: head - 1 },
  });
  const stream = await openSubscription(gateway, organization.agent, { after: old });
  expect(await stream.event()).toEqual({
    __typename: 'ResetRequired',
    reason: 'CURSOR_EXPIRED',
    resumeAfter: null,
  });
  await stream.ended;
  const kept = await openSubscription(gateway, organization.agent, { after: oldest.cursor });
  expect(contents(await kept.upTo(isCaughtUp))).toEqual([newer.content, 'CaughtUp']);
});

for (const isFollowed of [false, true]) {
  test(`a cursor from before a rewind of the log ends the subscription with CURSOR_INVALID, ${isFollowed ? 'with' : 'without'} other subscribers`, async () => {
    const after = await headCursor();
    if (isFollowed) await openLiveSubscription(gateway, organization.colleague);
    const epoch = randomBytes(EPOCH_BYTES);
    await gateway.db.writes.feed.update({ where: { organizationId: organization.id }, data: { epoch } });
    const stream = await openSubscription(gateway, organization.agent, { after });
    expect(await stream.event()).toMatchObject({ __typename: 'ResetRequired', reason: 'CURSOR_INVALID' });
    await stream.ended;
  });
}

test('a subscription after the streamCursor of a query misses nothing that is written in between', async () => {
  const query = `query ($id: ID!) { conversation(id: $id) { messages(first: 100) { nodes { content } } } streamCursor }`;
  const numbers = Array.from({ length: 60 }, (_, index) => String(index));

  async function read() {
    const { data } = await gateway.ask(organization.agent, query, { id: conversationId });
    const page: string[] = data.conversation.messages.nodes.map((node: { content: string }) => node.content);
    const stream = await openSubscription(gateway, organization.agent, {
      conversationId,
      after: data.streamCursor,
    });
    const frames = await stream.upTo(({ message }) => message?.content === '59');
    return { page, heard: contents(frames).filter((content) => content !== 'CaughtUp') };
  }

  const readers: ReturnType<typeof read>[] = [];
  for (const content of numbers) {
    if (Number(content) % 10 === 5) readers.push(read());
    await say(content);
  }
  for (const { page, heard } of await Promise.all(readers)) {
    expect([...new Set([...page, ...heard])]).toEqual(numbers);
    expect(heard).toEqual(numbers.slice(numbers.indexOf(heard[0] ?? '')));
  }
});

test('a subscription that is resumed during writes gets each event once and in order, across the change from replay to live', async () => {
  const after = await headCursor();
  const numbers = Array.from({ length: 60 }, (_, index) => String(index));
  const writing = (async () => {
    for (const content of numbers) await say(content);
  })();
  const streams = await Promise.all(
    Array.from({ length: 10 }, () => openSubscription(gateway, organization.agent, { after })),
  );
  for (const stream of streams) {
    const frames = await stream.upTo(({ message }) => message?.content === '59');
    const heard = contents(frames).filter((content) => content !== 'CaughtUp');
    expect(heard).toEqual(numbers);
  }
  await writing;
});
