import { GraphQLError, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Viewer } from '../../src/domain/core/viewer.ts';
import { type Context, createSharedContext, type Services } from '../../src/graphql/core/context.ts';
import { newId } from '../../src/ids.ts';
import { createCoalescedReads } from '../../src/live/coalesced-reads.ts';
import { Executor } from '../../src/live/executor.ts';
import { createRedactions } from '../../src/live/redaction.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { openLiveSubscription, openSubscription, type TestSubscription } from '../support/live.ts';
import { cursorAt } from '../support/log.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

const AGENTS = 20;
// All fields that depend on the viewer.
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

/** Sends a message; returns the number of statements that read messages until all streams have its event, and the events. */
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
  // Each member has read a different number of the contact's messages.
  await writes.conversationMember.createMany({
    data: ids.map((userId, read) => ({ organizationId, conversationId, userId, readCount: read })),
  });
  await writes.conversation.update({ where: { id: conversationId }, data: { incomingCount: AGENTS } });
  return ids.map((id) => ({ id, organizationId }));
}

test('two subscribers with the same operation and different cursors cost the statements of one', async () => {
  const query = queryOf('message { content conversation { name } }');
  const { statements: alone } = await cost([]);
  // The cursors differ, and so does the number of missed messages.
  const first = await openSubscription(gateway, organization.agent, {
    query,
    after: await cursorAt(gateway, organization.id, 1),
  });
  const isCaughtUp = ({ __typename }: { __typename: string }) => __typename === 'CaughtUp';
  await first.upTo(isCaughtUp);
  const { statements: one } = await cost([first]);
  const second = await openSubscription(gateway, organization.colleague, {
    query,
    after: await cursorAt(gateway, organization.id, 2),
  });
  await second.upTo(isCaughtUp);
  const { statements: two, events } = await cost([first, second]);
  expect(one).toBe(alone + 1);
  expect(two).toBe(one);
  expect(events[0]).toEqual(events[1]);
});

const PERSON = '__typename ... on User { displayName email } ... on Contact { phoneNumber }';

test('different operations share one statement for an event, and each gets what it selected', async () => {
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

test('operations that select the same relation with different arguments are not coalesced', async () => {
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

test('a subscriber who resumes costs no execution of events that others were sent, even after those have left', async () => {
  const query = queryOf('message { content conversation { name } }');
  const start = await cursorAt(gateway, organization.id, 1);
  // Results are cached while the node follows the log, so somebody has to stay.
  await openLiveSubscription(gateway, organization.admin, { query: queryOf('message { id }') });
  const first = await openLiveSubscription(gateway, organization.agent, { query });
  for (const content of ['one', 'two']) await cost([first], { content });
  first.stop();
  gateway.statements();
  const second = await openSubscription(gateway, organization.colleague, { query, after: start });
  const frames = await second.upTo(({ __typename }) => __typename === 'CaughtUp');
  const reads = gateway.statements().filter((sql) => sql.startsWith('SELECT') && sql.includes('"Message"'));
  expect(frames.slice(-3).map(({ event }) => event?.message?.content)).toEqual(['one', 'two', undefined]);
  // Only events that nobody was sent before.
  expect(reads.length).toBe(frames.length - 3);
});

test('twenty agents with personal fields cost one statement for an event, and each gets their own values', async () => {
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

test('personal fields of an event equal those of a query by the same viewer, whoever else has the same operation', async () => {
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

test('a field that reads the viewer is executed per viewer, though it is not marked as personal', async () => {
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { nothing: { type: GraphQLString } } }),
    subscription: new GraphQLObjectType<unknown, Context>({
      name: 'Subscription',
      fields: { who: { type: GraphQLString, resolve: (_item, _args, { viewer }) => viewer.id } },
    }),
  });
  const services = { db: gateway.db.reads } as Services;
  const masked: unknown[] = [];
  const dependencies = {
    services,
    coalescedReads: createCoalescedReads(services.db),
    mask: (error: unknown) => {
      masked.push(error);
      return new GraphQLError('masked');
    },
  };
  const operation = { schema, document: parse('subscription { who }') };
  const executor = new Executor(dependencies, { operation, redactions: createRedactions(), viewer: null });
  const toViewer = ({ id }: { id: string }): Viewer => ({
    kind: 'user',
    id,
    organizationId: organization.id,
    contactId: null,
    isAdmin: false,
    isBlocked: false,
    cursorKeys: { epoch: new Uint8Array(8), cursorKey: new Uint8Array(32) },
  });
  const viewers = [toViewer(organization.agent), toViewer(organization.colleague)] as const;
  const item = { kind: 'caughtUp', cursor: '' } as const;

  expect(await executor.executeShared(item, viewers[0])).toBeNull();
  const results = await executor.executePerViewer(item, viewers);
  for (const { id } of viewers)
    expect(results.get(id)).toMatchObject({ frame: { result: { data: { who: id } } } });
  // The error of the shared context is neither sent nor logged.
  expect(masked).toEqual([]);

  const { context, wasPersonal } = createSharedContext(services, viewers[0]);
  expect(wasPersonal()).toBe(false);
  expect(() => context.viewer).toThrow();
  expect(wasPersonal()).toBe(true);
});
