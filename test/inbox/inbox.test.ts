import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import {
  type LiveEvent,
  openLiveSubscription,
  openSubscription,
  type TestSubscription,
} from '../support/live.ts';
import { cursorAt } from '../support/log.ts';
import { mutate } from '../support/mutate.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
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

const CONVERSATION = 'conversation { id name status version }';
const INBOX = `subscription ($filter: ConversationFilter, $after: String) { live: inbox(filter: $filter, after: $after) { __typename
  ... on Event { cursor }
  ... on ConversationCreated { ${CONVERSATION} } ... on ConversationEntered { ${CONVERSATION} } ... on ConversationLeft { conversationId }
  ... on ConversationDeleted { conversationId } ... on ConversationChanged { type ${CONVERSATION} } ... on ConversationRead { upToSeq }
  ... on MessageAdded { message { seq content conversation { id } } } ... on MessageChanged { message { id } } ... on ContactChanged { contact { id } }
  ... on CaughtUp { cursor } ... on ResetRequired { reason } } }`;

const inbox = (person: Person, filter: object = {}) =>
  openLiveSubscription(gateway, person, { query: INBOX, ...{ filter } });
const setStatus = async (status: string, person: Person = organization.agent) =>
  requireResult(await changes.setStatus(person, { conversationId, status }));
const say = async (person: Person, content: string) =>
  requireResult(await changes.send(person, { conversationId, content }));
const updateContact = (input: object) =>
  mutate(gateway, organization.agent, {
    mutation: 'updateContact',
    input: { contactId: organization.contact.id, ...input },
    selected: '... on Contact { id }',
  });
const typesOf = async (live: TestSubscription, count: number) => {
  const types: LiveEvent[] = [];
  for (let taken = 0; taken < count; taken++) types.push(await live.event());
  return types.map(({ __typename }) => __typename);
};

describe('a live list', () => {
  test('sends created conversations, changes and messages', async () => {
    const live = await inbox(organization.agent);
    conversationId = await openConversation(gateway, organization);
    await changes.rename(organization.agent, { conversationId, name: 'New' });
    await say(organization.contact, 'Hello');
    await setStatus('PENDING');
    expect(await typesOf(live, 4)).toEqual([
      'ConversationCreated',
      'ConversationChanged',
      'MessageAdded',
      'ConversationChanged',
    ]);
  });

  test('filtered by isUnread keeps the read position of a member who is removed and added again, live and on catch-up', async () => {
    const { agent, colleague, contact } = organization;
    const change = async (person: Person, mutation: string, input: object = {}, type?: string) => {
      const asked = { mutation, input: { conversationId, ...input }, type, selected: '' };
      const { result } = await mutate(gateway, person, asked);
      expect(result.__typename).toBe('Conversation');
    };
    await change(colleague, 'addConversationMember', { userId: agent.id }, 'ConversationMemberInput');
    await say(contact, 'Hello');
    await change(agent, 'markConversationRead');
    const [unread, read] = [await inbox(agent, { isUnread: true }), await inbox(agent, { isUnread: false })];
    const after = (await gateway.ask(agent, '{ streamCursor }')).data.streamCursor;

    await change(colleague, 'renameConversation', { name: 'Second' });
    await change(colleague, 'removeConversationMember', { userId: agent.id }, 'ConversationMemberInput');
    await change(colleague, 'renameConversation', { name: 'Third' });
    await change(colleague, 'addConversationMember', { userId: agent.id }, 'ConversationMemberInput');
    const [ofUnread, ofRead] = [
      ['ConversationEntered'],
      ['ConversationChanged', 'ConversationChanged', 'ConversationChanged', 'ConversationLeft'],
    ];
    expect(await typesOf(unread, 1)).toEqual(ofUnread);
    expect(await typesOf(read, 4)).toEqual(ofRead);
    const missed = (isUnread: boolean) =>
      openSubscription(gateway, agent, { query: INBOX, after, ...{ filter: { isUnread } } });
    expect(await typesOf(await missed(true), 2)).toEqual([...ofUnread, 'CaughtUp']);
    expect(await typesOf(await missed(false), 5)).toEqual([...ofRead, 'CaughtUp']);
  });

  test('sends what enters and leaves it, and nothing about other conversations', async () => {
    const live = await inbox(organization.agent, { status: ['PENDING', 'SNOOZED'] });
    await say(organization.contact, 'not in it');
    await setStatus('PENDING');
    await say(organization.agent, 'in it');
    await setStatus('RESOLVED');
    await say(organization.agent, 'not in it any more');
    await setStatus('PENDING');
    expect(await live.event()).toMatchObject({
      __typename: 'ConversationEntered',
      conversation: { id: conversationId },
    });
    expect(await live.event()).toMatchObject({ __typename: 'MessageAdded', message: { content: 'in it' } });
    expect(await live.event()).toMatchObject({ __typename: 'ConversationLeft', conversationId });
    expect(await live.event()).toMatchObject({ __typename: 'ConversationEntered' });
  });

  test('with assignment MINE differs for each team member', async () => {
    const { agent, colleague } = organization;
    const [own, other] = [
      await inbox(agent, { assignment: 'MINE' }),
      await inbox(colleague, { assignment: 'MINE' }),
    ];
    requireResult(await changes.assign(agent, { conversationId, userId: agent.id }));
    requireResult(await changes.assign(agent, { conversationId, userId: colleague.id }));
    expect(await typesOf(own, 2)).toEqual(['ConversationEntered', 'ConversationLeft']);
    expect(await typesOf(other, 1)).toEqual(['ConversationEntered']);
  });

  test('of a contact has their own conversations, without team notes', async () => {
    const live = await inbox(organization.contact);
    const theirs = { contactId: organization.otherContact.id };
    const elsewhere = await openConversation(gateway, organization, theirs);
    requireResult(
      await changes.send(organization.agent, { conversationId: elsewhere, content: 'for somebody else' }),
    );
    requireResult(
      await changes.send(organization.agent, { conversationId, content: 'a note', isPrivate: true }),
    );
    await say(organization.agent, 'for you');
    expect(await live.event()).toMatchObject({
      __typename: 'MessageAdded',
      message: { content: 'for you', seq: 1 },
    });
  });

  test('with search terms sends a conversation that begins to match', async () => {
    const live = await inbox(organization.agent, { text: 'invoice' });
    await say(organization.contact, 'Good morning');
    await say(organization.contact, 'Where is my invoice?');
    expect(await live.event()).toMatchObject({
      __typename: 'ConversationEntered',
      conversation: { id: conversationId },
    });
  });

  test('with search terms sends a conversation that begins and ceases to match by the contact’s name', async () => {
    const live = await inbox(organization.agent, { text: 'Theodora' });
    for (const input of [{ company: 'Theodora' }, { name: 'Theodora' }, { company: 'A' }, { name: 'Dora' }]) {
      await updateContact(input);
    }
    expect(await live.event()).toMatchObject({
      __typename: 'ConversationEntered',
      conversation: { id: conversationId },
    });
    expect(await live.event()).toMatchObject({ __typename: 'ContactChanged' });
    expect(await live.event()).toMatchObject({ __typename: 'ConversationLeft', conversationId });
    await say(organization.contact, 'It is Theodora.');
    expect(await live.event()).toMatchObject({ __typename: 'ConversationEntered' });
  });

  test('is reset when a contact’s new name may move several conversations', async () => {
    await openConversation(gateway, organization);
    const lists = [{ text: 'Theodora' }, { text: 'someone' }, { text: 'dora' }, {}];
    const [moved, ...others] = await Promise.all(lists.map((filter) => inbox(organization.agent, filter)));
    await updateContact({ name: 'Theodora' });
    expect((await moved?.next())?.event).toEqual({ __typename: 'ResetRequired', reason: 'TOO_FAR_BEHIND' });
    await moved?.ended;
    await openConversation(gateway, organization, { name: 'Someone' });
    // Both the old and the new name match, so the conversations stay in the list.
    expect(await typesOf(others[1] as TestSubscription, 2)).toEqual([
      'ContactChanged',
      'ConversationCreated',
    ]);
    expect(await typesOf(others[2] as TestSubscription, 2)).toEqual([
      'ContactChanged',
      'ConversationCreated',
    ]);
    expect(await typesOf(others[0] as TestSubscription, 1)).toEqual(['ConversationCreated']);
  });

  test('is reset for such a change on catch-up, too', async () => {
    await openConversation(gateway, organization);
    const after = await cursorAt(gateway, organization.id, 2);
    await say(organization.contact, 'It is Theodora.');
    await updateContact({ name: 'Theodora' });
    const live = await openSubscription(gateway, organization.agent, {
      query: INBOX,
      after,
      ...{ filter: { text: 'Theodora' } },
    });
    const frames = await live.upTo(({ __typename }) => __typename === 'ResetRequired');
    expect(frames.map(({ event }) => event?.__typename)).toEqual(['ConversationEntered', 'ResetRequired']);
    await live.ended;
  });

  test('with an invalid filter is rejected', async () => {
    const live = await inbox(organization.contact, { labels: ['vip'] }).catch((error: Error) => error);
    expect(String(live)).toContain('filter.labels');
  });
});

test('the conversation subscription sends all events of its conversation, and none of another', async () => {
  const query = `subscription ($id: ID!) { live: conversation(id: $id) { __typename ... on ConversationChanged { type } ... on MessageAdded { message { content } } } }`;
  const live = await openLiveSubscription(gateway, organization.agent, { query, ...{ id: conversationId } });
  const elsewhere = await openConversation(gateway, organization);
  requireResult(await changes.send(organization.agent, { conversationId: elsewhere, content: 'elsewhere' }));
  await say(organization.contact, 'here');
  await setStatus('RESOLVED');
  expect(await live.event()).toMatchObject({ __typename: 'MessageAdded', message: { content: 'here' } });
  expect(await live.event()).toMatchObject({ __typename: 'ConversationChanged', type: 'STATUS_CHANGED' });
});
