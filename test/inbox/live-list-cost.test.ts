import { beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { openLiveSubscription, type TestSubscription } from '../support/live.ts';
import { mutate } from '../support/mutate.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { times } from '../support/times.ts';

// The statements of an event do not grow with the number of live lists or viewers.

const INBOX = `subscription ($filter: ConversationFilter) { live: inbox(filter: $filter) { __typename
  ... on ConversationEntered { conversation { id } } ... on ContactChanged { contact { id } } } }`;
const LISTS = 20;
const WORDS = times(LISTS, (index) => `word${index}`);

// The log follower polls: its statements depend on time.
const OF_THE_LOG = /"(Feed|Event)"/;
const isOfLists = (sql: string) => sql.includes('"matchedPatterns"') || sql.includes('AS "channelTypes"');

type List = [Person, object];

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

/** Creates users who are members of the conversation, so that each has unread messages. */
async function createMembers(): Promise<Person[]> {
  const { writes } = gateway.db;
  const organizationId = organization.id;
  const ids = times(LISTS, () => newId('User'));
  await writes.user.createMany({
    data: ids.map((id) => ({ id, organizationId, name: id, displayName: id, email: `${id}@example.com` })),
  });
  await writes.conversationMember.createMany({
    data: ids.map((userId) => ({ organizationId, conversationId, userId })),
  });
  return ids.map((id) => ({ id, organizationId }));
}

/** Additional statements of a change while these live lists are open, and the types of the events that they get. */
async function costOf(change: () => Promise<unknown>, lists: List[]) {
  async function statementsOf(streams: TestSubscription[]) {
    gateway.statements();
    await change();
    const events = await Promise.all(streams.map((stream) => stream.event()));
    const statements = gateway.statements().filter((sql) => isOfLists(sql) || !OF_THE_LOG.test(sql));
    return { statements, told: new Set(events.map(({ __typename }) => __typename)) };
  }
  const { statements: alone } = await statementsOf([]);
  const streams = await Promise.all(
    lists.map(([person, filter]) => openLiveSubscription(gateway, person, { query: INBOX, ...{ filter } })),
  );
  const { statements, told } = await statementsOf(streams);
  return {
    ofLists: statements.filter(isOfLists).length,
    more: statements.length - alone.length,
    told: [...told],
  };
}

test('a message takes two statements for all live lists: the transition and the current values', async () => {
  const { agent, colleague, contact } = organization;
  const members = await createMembers();
  const lists: List[] = [
    ...WORDS.map((text): List => [agent, { text }]),
    ...WORDS.map((word): List => [colleague, { text: `${word} morning`, status: ['OPEN'] }]),
    ...members.map((member): List => [member, { isUnread: true, text: 'morning' }]),
    ...times(LISTS, (index): List => [agent, { updatedAfter: new Date(index).toISOString() }]),
  ];
  const write = async () =>
    requireResult(
      await changes.send(contact, { conversationId, content: `Good morning ${WORDS.join(' ')}` }),
    );
  // The third statement reads the conversation for the frames.
  expect(await costOf(write, lists)).toEqual({ ofLists: 2, more: 3, told: ['ConversationEntered'] });
});

test('a mention takes the same two statements', async () => {
  const { agent, colleague, admin } = organization;
  const lists = [agent, colleague, admin].flatMap((one): List[] => [
    [agent, { mentions: [one.id] }],
    [colleague, { mentions: [one.id, agent.id], isWaiting: false }],
    [admin, { mentions: [one.id], text: 'look' }],
  ]);
  const mentionedUserIds = [agent.id, colleague.id, admin.id];
  const write = async () =>
    requireResult(
      await changes.send(agent, { conversationId, content: 'Look', isPrivate: true, mentionedUserIds }),
    );
  expect(await costOf(write, lists)).toEqual({ ofLists: 2, more: 3, told: ['ConversationEntered'] });
});

test('a message to a contact takes the same two statements for lists of unread conversations', async () => {
  const { agent, contact } = organization;
  const lists = [{ isUnread: true }, { isUnread: true, text: 'look' }, { text: 'look' }].flatMap(
    (filter): List[] => [
      [contact, filter],
      [contact, { ...filter, assignment: 'MINE' }],
    ],
  );
  const write = async () => requireResult(await changes.send(agent, { conversationId, content: 'Look' }));
  expect(await costOf(write, lists)).toEqual({ ofLists: 2, more: 3, told: ['ConversationEntered'] });
});

test("lists of the contact take one statement more, apart from the team's", async () => {
  const { agent, contact } = organization;
  const lists = ['look', 'at', 'this'].flatMap((text): List[] => [
    [agent, { text }],
    [contact, { text, isWaiting: false }],
  ]);
  const write = async () =>
    requireResult(await changes.send(agent, { conversationId, content: 'Look at this' }));
  // Both sides read the conversation for their frames.
  expect(await costOf(write, lists)).toEqual({ ofLists: 3, more: 5, told: ['ConversationEntered'] });
});

test('a change of a contact takes one statement for all live lists: the current values', async () => {
  const { agent, colleague, contact } = organization;
  const members = await createMembers();
  await changes.send(contact, { conversationId, content: 'Good morning' });
  const lists: List[] = [
    ...['dora', 'good', 'morning', 'example'].map((text): List => [agent, { text }]),
    ...members.map((member): List => [member, { isUnread: true }]),
    ...times(LISTS, (index): List => [colleague, { createdAfter: new Date(index).toISOString() }]),
    [colleague, { isWaiting: true }],
  ];
  let company = 0;
  async function move() {
    company += 1;
    const input = { contactId: contact.id, company: `Company ${company}` };
    await mutate(gateway, agent, { mutation: 'updateContact', input, selected: '... on Contact { id }' });
  }
  expect(await costOf(move, lists)).toEqual({ ofLists: 1, more: 2, told: ['ContactChanged'] });
});
