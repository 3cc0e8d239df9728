import { GraphQLError, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../src/domain/core/viewer.ts';
import { type Context, createSharedContext, type Services } from '../../src/graphql/core/context.ts';
import { newId } from '../../src/ids.ts';
import { createCoalescedReads } from '../../src/live/coalesced-reads.ts';
import { Executor } from '../../src/live/executor.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { openLiveSubscription, openSubscription, type TestSubscription } from '../support/live.ts';
import { cursorAt } from '../support/log.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const AGENTS = 20;
// What is of the one who asks: every such field.
const OWN =
  'message { clientKey } conversation: message { conversation { unreadCount viewerLastReadSeq viewerCan } }';

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

const queryOf = (
  selection: string,
) => `subscription ($after: String) { live: messageAdded(after: $after) { __typename
  ... on MessageAdded { ${selection} } } }`;

/** How many times messages are read for a new one until all these have its event, and what they were told. */
async function cost(streams: readonly TestSubscription[], input: object = {}) {
  gateway.statements();
  requireResult(await changes.send(organization.contact, { conversationId, content: 'Hello', ...input }));
  const events = await Promise.all(streams.map((stream) => stream.event()));
  const reads = gateway.statements().filter((sql) => sql.startsWith('SELECT') && sql.includes('"Message"'));
  return { statements: reads.length, events };
}

async function createMembers(): Promise<Person[]> {
  const { writes } = gateway.db;
  const ids = Array.from({ length: AGENTS }, () => newId('User'));
  const organizationId = organization.id;
  await writes.user.createMany({
    data: ids.map((id) => ({ id, organizationId, name: id, displayName: id, email: `${id}@example.com` })),
  });
  // Each has read another number of the contact's messages, of which there are to be that many.
  await writes.conversationMember.createMany({
    data: ids.map((userId, read) => ({ organizationId, conversationId, userId, readCount: read })),
  });
  await writes.conversation.update({ where: { id: conversationId }, data: { incomingCount: AGENTS } });
  return ids.map((id) => ({ id, organizationId }));
}

test('two who ask the same from different places in the stream cost what one costs', async () => {
  const query = queryOf('message { content conversation { name } }');
  const { statements: alone } = await cost([]);
  // Each has another cursor, and has missed another number of messages.
  const first = await openSubscription(gateway, organization.agent, {
    query,
    after: await cursorAt(gateway, organization.id, 1),
  });
  const isThere = ({ __typename }: { __typename: string }) => __typename === 'CaughtUp';
  await first.upTo(isThere);
  const { statements: one } = await cost([first]);
  const second = await openSubscription(gateway, organization.colleague, {
    query,
    after: await cursorAt(gateway, organization.id, 2),
  });
  await second.upTo(isThere);
  const { statements: two, events } = await cost([first, second]);
  expect(one).toBe(alone + 1);
  expect(two).toBe(one);
  expect(events[0]).toEqual(events[1]);
});

const PERSON = '__typename ... on User { displayName email } ... on Contact { phoneNumber }';

test('operations that differ cost one statement together, and each shows what it asked for', async () => {
  const { statements: alone } = await cost([]);
  const selections = [
    'message { content }',
    'cursor message { seq sender { __typename } }',
    `message { direction conversation { name contact { name } } sender { ${PERSON} } }`,
    'message { conversation { status contact { email } members { user { id } } } }',
  ];
  const streams = await Promise.all(
    selections.map((selection) =>
      openLiveSubscription(gateway, organization.agent, { query: queryOf(selection) }),
    ),
  );
  const { statements, events } = await cost(streams);
  expect(statements).toBe(alone + 1);
  const [, second] = events;
  expect(events.map(({ message }) => message)).toEqual([
    { content: 'Hello' },
    { seq: expect.any(Number), sender: { __typename: 'Contact' } },
    {
      direction: 'INCOMING',
      conversation: { name: 'Dora', contact: { name: 'Dora' } },
      sender: { __typename: 'Contact', phoneNumber: null },
    },
    { conversation: { status: 'OPEN', contact: { email: 'dora@example.org' }, members: [] } },
  ]);
  expect(second).toHaveProperty('cursor');
});

test('what asks differently for the same related rows is read for itself', async () => {
  const { statements: alone } = await cost([]);
  const sizes = [1, 2];
  const streams = await Promise.all(
    sizes.map((size) =>
      openLiveSubscription(gateway, organization.agent, {
        query: queryOf(`message { conversation { messages(last: ${size}) { nodes { content } } } }`),
      }),
    ),
  );
  const { statements, events } = await cost(streams);
  expect(statements).toBe(alone + sizes.length);
  const nodes = [{ content: 'Hello' }, { content: 'Hello' }];
  expect(events.map(({ message }) => message?.conversation)).toEqual(
    sizes.map((size) => ({ messages: { nodes: nodes.slice(0, size) } })),
  );
});

test('who comes by late costs no execution of what others have heard before, even when these are gone', async () => {
  const query = queryOf('message { content conversation { name } }');
  const start = await cursorAt(gateway, organization.id, 1);
  const first = await openLiveSubscription(gateway, organization.agent, { query });
  for (const content of ['one', 'two']) await cost([first], { content });
  first.stop();
  gateway.statements();
  const second = await openSubscription(gateway, organization.colleague, { query, after: start });
  const frames = await second.upTo(({ __typename }) => __typename === 'CaughtUp');
  const reads = gateway.statements().filter((sql) => sql.startsWith('SELECT') && sql.includes('"Message"'));
  expect(frames.slice(-3).map(({ event }) => event?.message?.content)).toEqual(['one', 'two', undefined]);
  // That which nobody had heard.
  expect(reads.length).toBe(frames.length - 3);
});

test('twenty agents with values of their own cost one statement for an event, and each gets their own', async () => {
  const members = await createMembers();
  const { statements: alone } = await cost([]);
  const query = queryOf('message { conversation { unreadCount viewerCan } }');
  const streams = await Promise.all(
    members.map((member) => openLiveSubscription(gateway, member, { query })),
  );
  for (const unread of [2, 3]) {
    const { statements, events } = await cost(streams);
    expect(statements).toBe(alone + 1);
    expect(events.map(({ message }) => message?.conversation?.unreadCount)).toEqual(
      members.map((_, read) => AGENTS - read + unread),
    );
  }
});

test('whoever asks for what is theirs gets what a query of theirs gives, whoever else asked the same', async () => {
  const [reader, other] = (await createMembers()) as [Person, Person];
  const viewers = [organization.agent, reader, other, organization.bot, organization.contact];
  const streams = await Promise.all(
    viewers.map((viewer) => openLiveSubscription(gateway, viewer, { query: queryOf(OWN) })),
  );
  const { events } = await cost(streams, { idempotencyKey: 'a key of the contact' });
  const asked = await Promise.all(
    viewers.map(async (viewer) => {
      const { data } = await gateway.ask(
        viewer,
        `query ($id: ID!) { node(id: $id) { ... on Conversation { lastMessage { clientKey } unreadCount viewerLastReadSeq viewerCan } } }`,
        { id: conversationId },
      );
      const { lastMessage, ...conversation } = data.node;
      return { __typename: 'MessageAdded', message: lastMessage, conversation: { conversation } };
    }),
  );
  expect(events).toEqual(asked);
  const texts = new Set(asked.map((answer) => JSON.stringify(answer)));
  expect(texts.size).toBeGreaterThan(3);
});

test('a field that asks who the viewer is, unmarked as it may be, is executed for each', async () => {
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { nothing: { type: GraphQLString } } }),
    subscription: new GraphQLObjectType<unknown, Context>({
      name: 'Subscription',
      fields: { who: { type: GraphQLString, resolve: (_item, _args, { viewer }) => viewer.id } },
    }),
  });
  const services = { db: gateway.db.reads } as Services;
  const faults: unknown[] = [];
  const parts = {
    services,
    readsFor: createCoalescedReads(services.db),
    mask: (error: unknown) => {
      faults.push(error);
      return new GraphQLError('masked');
    },
  };
  const operation = { schema, document: parse('subscription { who }') };
  const execution = new Executor(parts, { operation, viewer: null });
  const viewerOf = ({ id }: { id: string }): Viewer => ({
    kind: 'user',
    id,
    organizationId: organization.id,
    contactId: null,
    isAdmin: false,
    isBlocked: false,
    cursorKeys: { epoch: new Uint8Array(8), cursorKey: new Uint8Array(32) },
  });
  const viewers = [viewerOf(organization.agent), viewerOf(organization.colleague)] as const;
  const item = { kind: 'caughtUp', cursor: '' } as const;

  expect(await execution.forAnybody(item)).toBeNull();
  expect(await execution.executeShared(item, viewers[0])).toBeNull();
  const outcomes = await execution.executePerViewer(item, viewers);
  for (const { id } of viewers)
    expect(outcomes.get(id)).toMatchObject({ payload: { result: { data: { who: id } } } });
  // No fault, and nothing for the log.
  expect(faults).toEqual([]);

  const { context, wasPersonal } = createSharedContext(services, viewers[0]);
  expect(wasPersonal()).toBe(false);
  expect(() => context.viewer).toThrow();
  expect(wasPersonal()).toBe(true);
});
