import { beforeAll, beforeEach, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type Frame, type LiveEvent, openSubscription, type TestSubscription } from '../support/live.ts';
import { stateOf } from '../support/log.ts';
import { mutate } from '../support/mutate.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

/** One way to use a field of Subscription. */
interface Example {
  query: string;
  /** Makes a change; returns what recognizes its frame. */
  change(round: number): Promise<(event: LiveEvent) => boolean>;
}

let gateway: Gateway;
let mutations: Mutations;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  mutations = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

async function send(round: number) {
  const content = `message ${round}`;
  requireResult(await mutations.send(organization.agent, { conversationId, content }));
  return ({ message }: LiveEvent) => message?.content === content;
}

async function setStatus(round: number) {
  const status = round % 2 === 0 ? 'PENDING' : 'OPEN';
  requireResult(await mutations.setStatus(organization.agent, { conversationId, status }));
  return ({ conversation }: LiveEvent) => conversation?.status === status;
}

async function openAnother() {
  await openConversation(gateway, organization);
  const { data } = await gateway.ask(organization.colleague, '{ conversationCounts { all } }');
  return (event: LiveEvent) => 'all' in event && event.all === data.conversationCounts.all;
}

async function setActivity(round: number) {
  const activity = round % 2 === 0 ? 'TYPING' : 'VIEWING';
  const mutation = 'mutation ($input: SetActivityInput!) { setActivity(input: $input) }';
  await gateway.ask(organization.agent, mutation, { input: { conversationId, activity } });
  return (event: LiveEvent) => 'activity' in event && event.activity === activity;
}

async function setAvailability(round: number) {
  const input = { availability: round % 2 === 0 ? 'BUSY' : 'ONLINE' };
  await mutate(gateway, organization.agent, { mutation: 'setAvailability', input, selected: '' });
  return (event: LiveEvent) => 'availability' in event && event.availability === input.availability;
}

const REST = '... on ResetRequired { reason }';
const MESSAGE = `... on MessageAdded { message { content } } ${REST}`;

const EXAMPLES: Record<string, Example> = {
  activity: {
    query:
      'subscription ($conversationId: ID!) { live: activity(conversationId: $conversationId) { __typename activity } }',
    change: setActivity,
  },
  conversation: {
    query: `subscription ($conversationId: ID!) { live: conversation(id: $conversationId) { __typename ${MESSAGE} } }`,
    change: send,
  },
  conversationCounts: {
    query: 'subscription { live: conversationCounts { __typename all } }',
    change: openAnother,
  },
  conversationStatusChanged: {
    query: `subscription { live: conversationStatusChanged { __typename
      ... on ConversationChanged { conversation { status } } ${REST} } }`,
    change: setStatus,
  },
  inbox: { query: `subscription { live: inbox { __typename ${MESSAGE} } }`, change: send },
  messageAdded: { query: `subscription { live: messageAdded { __typename ${MESSAGE} } }`, change: send },
  presence: {
    query: 'subscription { live: presence { __typename availability } }',
    change: setAvailability,
  },
};

/** Opens a subscription of each field for the colleague. Resolves when each has got a change. */
async function openAll(round: number): Promise<[string, TestSubscription][]> {
  // Keeps the agent online, whose presence is watched.
  await openSubscription(gateway, organization.agent);
  const streams: [string, TestSubscription][] = [];
  for (const [field, { query, change }] of Object.entries(EXAMPLES)) {
    const live = await openSubscription(gateway, organization.colleague, { query, conversationId });
    // The first frame shows that the stream has begun; activity has none while nobody is active.
    if (field !== 'activity') await live.next();
    await live.upTo(await change(round));
    streams.push([field, live]);
  }
  return streams;
}

/** Puts the log one event back, as a restored backup does. Resolves when the node has noticed. */
async function rewind() {
  const { writes } = gateway.db;
  const organizationId = organization.id;
  const { head, epoch } = await stateOf(gateway, organizationId);
  await writes.event.deleteMany({ where: { organizationId, position: head } });
  await writes.feed.update({ where: { organizationId }, data: { head: head - 1 } });
  await expect
    .poll(async () => (await stateOf(gateway, organizationId)).epoch, { timeout: 10_000 })
    .not.toEqual(epoch);
}

/** The last frame of a stream that the server ends. */
async function lastFrame(live: TestSubscription): Promise<Frame | undefined> {
  await live.ended;
  let last: Frame | undefined;
  for (;;) {
    try {
      last = await live.next();
    } catch {
      return last;
    }
  }
}

const reasonOf = (frame: Frame | undefined) => frame?.event?.reason ?? frame?.errors[0]?.extensions?.code;

/** Reason of each stream's end; undefined where it does not end in time. */
async function reasons(streams: readonly [string, TestSubscription][]) {
  const ended = streams.map(async ([field, live]) => {
    const timeout = new Promise<undefined>((resolve) => setTimeout(resolve, 8_000, undefined));
    return [field, reasonOf(await Promise.race([lastFrame(live), timeout]))];
  });
  return Object.fromEntries(await Promise.all(ended));
}

const EVENT_FIELDS = ['conversation', 'conversationStatusChanged', 'inbox', 'messageAdded'];

test('each field of Subscription has an example here', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(
    Object.keys(schema.getSubscriptionType()?.getFields() ?? {}).sort(),
  );
});

test('each subscription ends with a reason when the log is rewound', async () => {
  const streams = await openAll(0);
  await rewind();
  const expected = streams.map(([field]) => [
    field,
    EVENT_FIELDS.includes(field) ? 'CURSOR_INVALID' : 'BUSY',
  ]);
  expect(await reasons(streams)).toEqual(Object.fromEntries(expected));
}, 60_000);

test('a subscription that is opened after the rewind gets changes, whatever was subscribed to before', async () => {
  await openAll(0);
  await rewind();
  await openAll(1);
}, 60_000);

test('a user who is deleted after the rewind gets nothing more, on subscriptions from before and after it', async () => {
  const before = await openAll(0);
  await rewind();
  const after = await openAll(1);
  const input = { userId: organization.colleague.id };
  await mutate(gateway, organization.admin, { mutation: 'deleteUser', input, selected: '' });
  expect(await reasons(after)).toEqual(Object.fromEntries(after.map(([field]) => [field, 'FORBIDDEN'])));
  expect(Object.values(await reasons(before))).not.toContain(undefined);
}, 60_000);
