import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import {
  createMutate,
  expectChanged,
  expectForbidden,
  expectRefused,
  type Mutate,
  readConversation,
  readLastEvent,
} from '../support/conversation-mutations.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let mutate: Mutate;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  mutate = createMutate(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

const log = () => eventsOf(gateway, { organizationId: organization.id, conversationId });
const last = () => readLastEvent(gateway, organization.id, conversationId);

describe('joinConversation', () => {
  test('makes the viewer a member, in an event that is hidden from the contact', async () => {
    const { agent, contact } = organization;
    const before = await readConversation(gateway, contact, conversationId);
    const after = await expectChanged(
      mutate('joinConversation', agent, { conversationId, expectedVersion: 1 }),
    );
    expect(after).toMatchObject({
      members: [{ user: { id: agent.id }, addedBy: null }],
      owner: null,
      version: 2,
    });
    expect(await last()).toMatchObject({
      type: 'MEMBER_ADDED',
      actorId: agent.id,
      subjectId: agent.id,
      isPublic: false,
      changes: [{ field: 'members', before: null, after: agent.id }],
    });
    expect(await readConversation(gateway, contact, conversationId)).toEqual(before);
  });

  test('a repeated call changes nothing', async () => {
    const { agent } = organization;
    const before = await expectChanged(mutate('joinConversation', agent, { conversationId }));
    expect(await expectChanged(mutate('joinConversation', agent, { conversationId }))).toEqual(before);
    expect(await log()).toHaveLength(2);
  });

  test('starts with read position 0, also when the viewer was a member before', async () => {
    const { agent, contact } = organization;
    conversationId = await openConversation(gateway, organization);
    await mutate('joinConversation', agent, { conversationId });
    const send = `mutation { sendMessage(input: { conversationId: "${conversationId}", content: "Hello" }) { __typename } }`;
    await gateway.ask(contact, send);
    await gateway.db.writes.conversationMember.updateMany({
      where: { conversationId, userId: agent.id },
      data: { lastReadSeq: 1, readCount: 1, isUnread: false },
    });
    expect(await readConversation(gateway, agent, conversationId)).toMatchObject({ unreadCount: 0 });
    await expectChanged(mutate('leaveConversation', agent, { conversationId }));
    expect(await expectChanged(mutate('joinConversation', agent, { conversationId }))).toMatchObject({
      members: [{ lastReadSeq: 0 }],
      unreadCount: 1,
    });
    const list = '{ conversations(filter: { isUnread: true }) { nodes { id } } }';
    expect((await gateway.ask(agent, list)).data.conversations.nodes).toEqual([{ id: conversationId }]);
  });
});

describe('leaveConversation', () => {
  test('removes the viewer from the members', async () => {
    const { agent } = organization;
    await expectChanged(mutate('joinConversation', agent, { conversationId }));
    const after = await expectChanged(mutate('leaveConversation', agent, { conversationId }));
    expect(after).toMatchObject({ members: [], version: 3 });
    expect(await last()).toMatchObject({
      type: 'MEMBER_REMOVED',
      subjectId: agent.id,
      isPublic: false,
      changes: [{ field: 'members', before: agent.id, after: null }],
    });
  });

  test('clears the owner in the same event when the owner leaves', async () => {
    const { agent, contact } = organization;
    await expectChanged(mutate('claimConversation', agent, { conversationId }));
    const after = await expectChanged(mutate('leaveConversation', agent, { conversationId }));
    expect(after).toMatchObject({ owner: null, members: [], version: 3 });
    expect(await log()).toHaveLength(3);
    expect(await last()).toMatchObject({
      type: 'MEMBER_REMOVED',
      subjectId: agent.id,
      isPublic: true,
      changes: [
        { field: 'owner', before: agent.id, after: null },
        { field: 'members', before: agent.id, after: null },
      ],
    });
    expect(await readConversation(gateway, contact, conversationId)).toMatchObject({
      owner: null,
      members: null,
    });
  });

  test('does nothing for a viewer who is not a member', async () => {
    const { agent } = organization;
    const before = await readConversation(gateway, agent, conversationId);
    expect(await expectChanged(mutate('leaveConversation', agent, { conversationId }))).toEqual(before);
    expect(await log()).toHaveLength(1);
  });
});

describe('addConversationMember and removeConversationMember', () => {
  test('log events with the member as subject and the viewer as actor', async () => {
    const { agent, colleague, bot } = organization;
    const input = { conversationId, userId: colleague.id };
    expect(await expectChanged(mutate('addConversationMember', agent, input))).toMatchObject({
      members: [{ user: { id: colleague.id }, addedBy: { id: agent.id } }],
      version: 2,
    });
    expect(await last()).toMatchObject({
      type: 'MEMBER_ADDED',
      actorId: agent.id,
      subjectId: colleague.id,
      isPublic: false,
      changes: [{ field: 'members', before: null, after: colleague.id }],
    });
    expect(await expectChanged(mutate('removeConversationMember', bot, input))).toMatchObject({
      members: [],
      version: 3,
    });
    expect(await last()).toMatchObject({
      type: 'MEMBER_REMOVED',
      actorId: bot.id,
      subjectId: colleague.id,
      changes: [{ field: 'members', before: colleague.id, after: null }],
    });
  });

  test('a repeated call changes nothing', async () => {
    const { agent, colleague } = organization;
    const input = { conversationId, userId: colleague.id };
    for (const mutation of ['addConversationMember', 'removeConversationMember']) {
      const before = await expectChanged(mutate(mutation, agent, input));
      const events = await log();
      expect(await expectChanged(mutate(mutation, agent, input))).toEqual(before);
      expect(await log()).toEqual(events);
    }
  });

  test('removing the owner clears the owner in the same event', async () => {
    const { agent, colleague } = organization;
    await expectChanged(mutate('claimConversation', colleague, { conversationId }));
    const input = { conversationId, userId: colleague.id };
    expect(await expectChanged(mutate('removeConversationMember', agent, input))).toMatchObject({
      owner: null,
    });
    expect((await last())?.changes).toEqual([
      { field: 'owner', before: colleague.id, after: null },
      { field: 'members', before: colleague.id, after: null },
    ]);
  });

  test('a removed user can be removed from a conversation but not added', async () => {
    const { agent, colleague } = organization;
    const input = { conversationId, userId: colleague.id };
    await expectChanged(mutate('addConversationMember', agent, input));
    await gateway.db.writes.user.update({ where: { id: colleague.id }, data: { removedAt: new Date() } });
    expect(await expectChanged(mutate('removeConversationMember', agent, input))).toMatchObject({
      members: [],
    });
    const ask = () => mutate('addConversationMember', agent, input);
    expect(await expectRefused(gateway, agent, ask)).toMatchObject({ __typename: 'NotFoundError' });
  });

  test('return the same NotFoundError for unknown ids, other organizations and other types', async () => {
    const { agent, contact, bot } = organization;
    const stranger = (await createOrganization(gateway)).agent;
    for (const userId of [newId('User'), stranger.id, contact.id, bot.id, 'nonsense']) {
      for (const mutation of ['addConversationMember', 'removeConversationMember']) {
        const ask = () => mutate(mutation, agent, { conversationId, userId });
        expect(await expectRefused(gateway, agent, ask)).toEqual({
          __typename: 'NotFoundError',
          message: `There is no user for input.userId "${userId}". Check the id; it may also have been removed, or not be yours to see.`,
        });
      }
    }
  });
});

test('join and leave require a user; add and remove also allow bots; contacts are forbidden', async () => {
  const { bot, contact, agent } = organization;
  for (const [person, mutation] of [
    [bot, 'joinConversation'],
    [bot, 'leaveConversation'],
    [contact, 'joinConversation'],
    [contact, 'leaveConversation'],
    [contact, 'addConversationMember'],
    [contact, 'removeConversationMember'],
  ] as const) {
    const input = mutation.endsWith('Member') ? { conversationId, userId: agent.id } : { conversationId };
    expect(await expectForbidden(gateway, person, () => mutate(mutation, person, input))).toBe('FORBIDDEN');
  }
});

test('member mutations return NotFoundError for a conversation of another organization', async () => {
  const stranger = (await createOrganization(gateway)).agent;
  for (const mutation of ['joinConversation', 'leaveConversation', 'addConversationMember']) {
    const input = mutation.endsWith('Member') ? { conversationId, userId: stranger.id } : { conversationId };
    expect(await expectRefused(gateway, stranger, () => mutate(mutation, stranger, input))).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining('input.conversationId'),
    });
  }
});

describe('invitableUsers', () => {
  const invitable = async (
    text?: string | null,
    person: { id: string; organizationId: string } = organization.agent,
  ) => {
    const document =
      'query ($id: ID!, $query: String) { invitableUsers(conversationId: $id, query: $query) { id name } }';
    return gateway.ask(person, document, { id: conversationId, query: text });
  };
  const names = async (text?: string | null) =>
    (await invitable(text)).data.invitableUsers.map(({ name }: { name: string }) => name);

  async function user(name: string, more: object = {}) {
    const id = newId('User');
    await gateway.db.writes.user.create({
      data: {
        id,
        organizationId: organization.id,
        name,
        displayName: name,
        email: `${id}@example.com`,
        ...more,
      },
    });
  }

  test('lists users who are not members, by name, without removed users', async () => {
    await user('Adam', { removedAt: new Date() });
    await user('Aaron');
    expect(await names()).toEqual(['Aaron', 'Ana', 'Ben', 'Cleo']);
    await expectChanged(mutate('joinConversation', organization.colleague, { conversationId }));
    expect(await names(null)).toEqual(['Aaron', 'Ana', 'Cleo']);
    await expectChanged(mutate('leaveConversation', organization.colleague, { conversationId }));
    expect(await names('')).toEqual(['Aaron', 'Ana', 'Ben', 'Cleo']);
  });

  test('matches terms in name, displayName and email, ignores case, and treats % and _ literally', async () => {
    await user('Grace Hopper', { displayName: 'Amazing', email: 'grace_h@example.com' });
    await user('Per Cent', { displayName: '100%', email: 'percent@example.com' });
    expect(await names('hop GRA')).toEqual(['Grace Hopper']);
    expect(await names('amaz hopper')).toEqual(['Grace Hopper']);
    expect(await names('ben@example')).toEqual(['Ben']);
    expect(await names('_')).toEqual(['Grace Hopper']);
    expect(await names('%')).toEqual(['Per Cent']);
    expect(await names('\\')).toEqual([]);
    expect(await names('hopper nobody')).toEqual([]);
  });

  test('returns at most 50 users', async () => {
    await Promise.all(Array.from({ length: 55 }, (_, index) => user(`U${String(index).padStart(2, '0')}`)));
    const found = await names('U');
    expect(found).toHaveLength(50);
    expect(found).toEqual([...found].sort());
  });

  test('is null for an unknown or deleted conversation, or one of another organization', async () => {
    const stranger = (await createOrganization(gateway)).agent;
    expect((await invitable(null, stranger)).data).toEqual({ invitableUsers: null });
    await expectChanged(mutate('deleteConversation', organization.agent, { conversationId }));
    expect((await invitable()).data).toEqual({ invitableUsers: null });
    conversationId = newId('Conversation');
    expect((await invitable()).data).toEqual({ invitableUsers: null });
  });

  test('rejects a query that is too long, and contacts', async () => {
    expect((await invitable('x'.repeat(201))).errors?.[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      argument: 'query',
    });
    expect((await invitable(null, organization.contact)).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});
