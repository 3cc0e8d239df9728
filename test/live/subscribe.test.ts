import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway, startNodeOfTest } from '../support/gateway.ts';
import {
  MESSAGES,
  openLiveSubscription,
  openSubscription,
  STATUSES,
  type SubscribeOptions,
  TRANSPORTS,
} from '../support/live.ts';
import { cursorAt, eventsOf, stateOf } from '../support/log.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;
let otherConversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
  otherConversationId = await openConversation(gateway, organization, {
    contactId: organization.otherContact.id,
  });
});

const say = async (id: string, content: string) =>
  requireResult(await changes.send(organization.agent, { conversationId: id, content }));
const note = async (id: string, content: string) =>
  requireResult(await changes.send(organization.agent, { conversationId: id, content, isPrivate: true }));
const setStatus = async (id: string, status: string) =>
  requireResult(await changes.setStatus(organization.agent, { conversationId: id, status }));

for (const transport of TRANSPORTS) {
  const live = (person: Person, watching: SubscribeOptions = {}) =>
    openLiveSubscription(gateway, person, { transport, ...watching });
  const opened = (person: Person, watching: SubscribeOptions = {}) =>
    openSubscription(gateway, person, { transport, ...watching });

  describe(`over ${transport}`, () => {
    test('the first event is CaughtUp, with the cursor at which the stream begins', async () => {
      const { head } = await stateOf(gateway, organization.id);
      const frame = await (await opened(organization.agent)).next();
      const cursor = await cursorAt(gateway, organization.id, head);
      expect(frame).toEqual({ event: { __typename: 'CaughtUp', cursor }, cursor, errors: [] });
    });

    test('messageAdded delivers each new message once, in order, with its event and its cursor', async () => {
      const stream = await live(organization.agent);
      const sent = [
        await say(conversationId, 'one'),
        await note(otherConversationId, 'two'),
        await say(conversationId, 'three'),
      ];
      const log = (await eventsOf(gateway, { organizationId: organization.id })).slice(-3);
      for (const [index, message] of sent.entries()) {
        const { event, cursor, errors } = await stream.next();
        const logged = log[index];
        expect(errors).toEqual([]);
        expect(event).toEqual({
          __typename: 'MessageAdded',
          cursor: await cursorAt(gateway, organization.id, logged?.position ?? 0),
          occurredAt: logged?.occurredAt,
          actor: { __typename: 'User', id: organization.agent.id },
          entry: { id: logged?.id, type: 'MESSAGE_ADDED' },
          message: {
            id: message.id,
            seq: message.seq,
            content: message.content,
            isPrivate: message.isPrivate,
            sender: message.sender,
            conversation: { id: message.conversation.id, status: 'OPEN', lastSeq: expect.any(Number) },
          },
        });
        expect(cursor).toBe(event?.cursor);
      }
    });

    test('conversationStatusChanged delivers each change with the values before and after', async () => {
      const stream = await live(organization.agent, { query: STATUSES });
      await setStatus(conversationId, 'PENDING');
      await setStatus(otherConversationId, 'RESOLVED');
      expect(await stream.event()).toMatchObject({
        __typename: 'ConversationChanged',
        type: 'STATUS_CHANGED',
        entry: { type: 'STATUS_CHANGED' },
        changes: [{ field: 'status', before: 'OPEN', after: 'PENDING' }],
        conversation: { id: conversationId, status: 'PENDING', version: 2 },
      });
      expect(await stream.event()).toMatchObject({
        conversation: { id: otherConversationId, status: 'RESOLVED' },
      });
    });

    test('only events of the subscribed type and conversation are delivered', async () => {
      const messages = await live(organization.agent, { conversationId });
      const statuses = await live(organization.agent, { query: STATUSES, conversationId });
      await say(otherConversationId, 'elsewhere');
      await setStatus(otherConversationId, 'PENDING');
      await setStatus(conversationId, 'PENDING');
      await changes.rename(organization.agent, { conversationId, name: 'New' });
      await changes.assign(organization.agent, { conversationId, userId: organization.agent.id });
      await say(conversationId, 'here');
      await setStatus(conversationId, 'OPEN');
      expect(await messages.event()).toMatchObject({ message: { content: 'here' } });
      expect((await statuses.event()).changes).toMatchObject([{ after: 'PENDING' }]);
      expect((await statuses.event()).changes).toMatchObject([{ after: 'OPEN' }]);
    });

    test('a contact gets the messages of their own conversations without notes, with the contact’s own numbers', async () => {
      const all = await live(organization.contact);
      const one = await live(organization.contact, { conversationId });
      await say(otherConversationId, 'to somebody else');
      await note(conversationId, 'for us');
      const { id, createdAt } = await say(conversationId, 'for you');
      for (const stream of [all, one]) {
        const { event, cursor } = await stream.next();
        expect(event).toMatchObject({
          entry: { type: 'MESSAGE_ADDED' },
          actor: { id: organization.agent.id },
          message: { id, seq: 1, content: 'for you', conversation: { id: conversationId, lastSeq: 1 } },
        });
        expect(Date.parse(event?.occurredAt ?? '')).toBeGreaterThanOrEqual(Date.parse(createdAt));
        expect(cursor).toBe(event?.cursor);
      }
    });

    test('a contact gets a change of status without the fields for the team that change with it', async () => {
      const stream = await live(organization.contact, { query: STATUSES });
      const snoozed = { conversationId, status: 'SNOOZED' };
      await changes.setStatus(organization.agent, { ...snoozed, snoozedUntil: '2099-01-01T00:00:00Z' });
      await changes.setStatus(organization.agent, { ...snoozed, snoozedUntil: '2099-02-02T00:00:00Z' });
      await setStatus(otherConversationId, 'CLOSED');
      await setStatus(conversationId, 'OPEN');
      expect(await stream.event()).toMatchObject({
        changes: [{ field: 'status', before: 'OPEN', after: 'SNOOZED' }],
        conversation: { id: conversationId, version: null },
        entry: { type: 'STATUS_CHANGED' },
      });
      expect((await stream.event()).changes).toEqual([{ field: 'status', before: 'SNOOZED', after: 'OPEN' }]);
    });

    test('events of another organization are not delivered', async () => {
      const stranger = await createOrganization(gateway);
      const strangeId = await openConversation(gateway, stranger);
      const stream = await live(stranger.admin);
      await say(conversationId, 'ours');
      await note(conversationId, 'ours, too');
      requireResult(await changes.send(stranger.agent, { conversationId: strangeId, content: 'theirs' }));
      expect(await stream.event()).toMatchObject({ message: { content: 'theirs' } });
    });

    test('an event shows the message with its conversation after the event', async () => {
      const stream = await live(organization.agent);
      const { id } = await say(conversationId, 'one');
      expect(await stream.event()).toMatchObject({ message: { id, conversation: { lastSeq: 1 } } });
    });

    for (const [name, query] of Object.entries({
      messageAdded: MESSAGES,
      conversationStatusChanged: STATUSES,
    })) {
      test(`${name} of an unknown or invisible conversation ends with NOT_FOUND`, async () => {
        const stranger = await createOrganization(gateway);
        for (const [person, id] of [
          [organization.agent, 'CVR-01J00000000000000000000000'],
          [stranger.agent, conversationId],
          [organization.contact, otherConversationId],
        ] as const) {
          const stream = await opened(person, { query, conversationId: id });
          const { errors, event } = await stream.next();
          expect(event).toBeNull();
          expect(errors).toMatchObject([
            {
              message: expect.stringContaining(`There is no conversation "${id}".`),
              extensions: { code: 'NOT_FOUND' },
            },
          ]);
          await stream.ended;
        }
      });
    }

    test('a message that reopens a conversation, or opens another, reaches subscribers to all conversations', async () => {
      await setStatus(conversationId, 'CLOSED');
      const stream = await live(organization.contact);
      const { conversation } = requireResult(
        await changes.send(organization.contact, { conversationId, content: 'Again' }),
      );
      expect(await stream.event()).toMatchObject({
        message: { content: 'Again', conversation: { id: conversation.id } },
      });
    });
  });
}

test('a plain GET that accepts text/event-stream gets the events in the format of EventSource', async () => {
  const query = 'subscription { messageAdded { __typename ... on MessageAdded { message { content } } } }';
  const aborting = new AbortController();
  const authorization = `Bearer ${await gateway.tokenFor(organization.agent)}`;
  const response = await fetch(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { accept: 'text/event-stream', authorization },
    signal: aborting.signal,
  });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(response.headers.get('cache-control')).toBe('no-cache');

  const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const until = async (expected: RegExp) => {
    while (!expected.test(text)) text += (await chunks?.read())?.value ?? '';
  };
  await until(
    /event: next\ndata: \{"data":\{"messageAdded":\{"__typename":"CaughtUp"\}\},"extensions":\{"cursor":"[\w-]{22}"\}\}\n\n/,
  );
  await say(conversationId, 'Hello');
  await until(
    /\n\nevent: next\ndata: \{"data":\{"messageAdded":\{"__typename":"MessageAdded","message":\{"content":"Hello"\}/,
  );
  aborting.abort();
  await expect.poll(() => gateway.feed.count().streams).toBe(0);
});

test('events arrive over the bus, without a poll of the log', async () => {
  const node = await startNodeOfTest({}, { headPollIntervalMs: 3_600_000 });
  const { agent, ...rest } = await createOrganization(node);
  const id = await openConversation(node, { agent, ...rest });
  const stream = await openLiveSubscription(node, agent);
  for (const content of ['one', 'two', 'three']) {
    requireResult(await createMutations(node).send(agent, { conversationId: id, content }));
    expect(await stream.event()).toMatchObject({ message: { content } });
  }
});

test('a hundred subscribers with the same operation each get every event as one frame', async () => {
  const streams = await Promise.all(
    Array.from({ length: 100 }, () => openLiveSubscription(gateway, organization.agent)),
  );
  await say(conversationId, 'one');
  await say(conversationId, 'two');
  await say(conversationId, 'three');
  const [first, second, third] = (await eventsOf(gateway, { organizationId: organization.id })).slice(-3);
  for (const stream of streams) {
    const events = [await stream.event(), await stream.event(), await stream.event()];
    expect(events.map(({ entry, message }) => [entry?.id, message?.content])).toEqual([
      [first?.id, 'one'],
      [second?.id, 'two'],
      [third?.id, 'three'],
    ]);
  }
});
