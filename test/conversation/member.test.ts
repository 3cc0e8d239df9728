import { describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { expectChanged, expectForbidden, expectRefused } from '../support/conversation-mutations.ts';
import { useConversation } from '../support/conversation-scene.ts';
import { createOrganization } from '../support/organization.ts';

const scene = useConversation();

describe('joinConversation', () => {
  test('makes the viewer a member, in an event that is hidden from the contact', async () => {
    const { agent, contact } = scene.organization;
    const before = await scene.read(contact);
    const after = await expectChanged(scene.mutate('joinConversation', agent, { expectedVersion: 1 }));
    expect(after).toMatchObject({
      members: [{ user: { id: agent.id }, addedBy: null }],
      owner: null,
      version: 2,
    });
    expect(await scene.lastEvent()).toMatchObject({
      type: 'MEMBER_ADDED',
      actorId: agent.id,
      subjectId: agent.id,
      isPublic: false,
      changes: [{ field: 'members', before: null, after: agent.id }],
    });
    expect(await scene.read(contact)).toEqual(before);
  });

  test('a repeated call changes nothing', async () => {
    const { agent } = scene.organization;
    const before = await expectChanged(scene.mutate('joinConversation', agent));
    expect(await expectChanged(scene.mutate('joinConversation', agent))).toEqual(before);
    expect(await scene.events()).toHaveLength(2);
  });

  test('starts with read position 0, also when the viewer was a member before', async () => {
    const { agent, contact } = scene.organization;
    await scene.open();
    await scene.mutate('joinConversation', agent);
    const send = `mutation { sendMessage(input: { conversationId: "${scene.conversationId}", content: "Hello" }) { __typename } }`;
    await scene.gateway.ask(contact, send);
    await scene.gateway.db.writes.conversationMember.updateMany({
      where: { conversationId: scene.conversationId, userId: agent.id },
      data: { lastReadSeq: 1, readCount: 1, isUnread: false },
    });
    expect(await scene.read(agent)).toMatchObject({ unreadCount: 0 });
    await expectChanged(scene.mutate('leaveConversation', agent));
    expect(await expectChanged(scene.mutate('joinConversation', agent))).toMatchObject({
      members: [{ lastReadSeq: 0 }],
      unreadCount: 1,
    });
    const list = '{ conversations(filter: { isUnread: true }) { nodes { id } } }';
    expect((await scene.gateway.ask(agent, list)).data.conversations.nodes).toEqual([
      { id: scene.conversationId },
    ]);
  });
});

describe('leaveConversation', () => {
  test('removes the viewer from the members', async () => {
    const { agent } = scene.organization;
    await expectChanged(scene.mutate('joinConversation', agent));
    const after = await expectChanged(scene.mutate('leaveConversation', agent));
    expect(after).toMatchObject({ members: [], version: 3 });
    expect(await scene.lastEvent()).toMatchObject({
      type: 'MEMBER_REMOVED',
      subjectId: agent.id,
      isPublic: false,
      changes: [{ field: 'members', before: agent.id, after: null }],
    });
  });

  test('clears the owner in the same event when the owner leaves', async () => {
    const { agent, contact } = scene.organization;
    await expectChanged(scene.mutate('claimConversation', agent));
    const after = await expectChanged(scene.mutate('leaveConversation', agent));
    expect(after).toMatchObject({ owner: null, members: [], version: 3 });
    expect(await scene.events()).toHaveLength(3);
    expect(await scene.lastEvent()).toMatchObject({
      type: 'MEMBER_REMOVED',
      subjectId: agent.id,
      isPublic: true,
      changes: [
        { field: 'owner', before: agent.id, after: null },
        { field: 'members', before: agent.id, after: null },
      ],
    });
    expect(await scene.read(contact)).toMatchObject({
      owner: null,
      members: null,
    });
  });

  test('does nothing for a viewer who is not a member', async () => {
    const { agent } = scene.organization;
    const before = await scene.read(agent);
    expect(await expectChanged(scene.mutate('leaveConversation', agent))).toEqual(before);
    expect(await scene.events()).toHaveLength(1);
  });
});

describe('addConversationMember and removeConversationMember', () => {
  test('log events with the member as subject and the viewer as actor', async () => {
    const { agent, colleague, bot } = scene.organization;
    const input = { userId: colleague.id };
    expect(await expectChanged(scene.mutate('addConversationMember', agent, input))).toMatchObject({
      members: [{ user: { id: colleague.id }, addedBy: { id: agent.id } }],
      version: 2,
    });
    expect(await scene.lastEvent()).toMatchObject({
      type: 'MEMBER_ADDED',
      actorId: agent.id,
      subjectId: colleague.id,
      isPublic: false,
      changes: [{ field: 'members', before: null, after: colleague.id }],
    });
    expect(await expectChanged(scene.mutate('removeConversationMember', bot, input))).toMatchObject({
      members: [],
      version: 3,
    });
    expect(await scene.lastEvent()).toMatchObject({
      type: 'MEMBER_REMOVED',
      actorId: bot.id,
      subjectId: colleague.id,
      changes: [{ field: 'members', before: colleague.id, after: null }],
    });
  });

  test('a repeated call changes nothing', async () => {
    const { agent, colleague } = scene.organization;
    const input = { userId: colleague.id };
    for (const mutation of ['addConversationMember', 'removeConversationMember']) {
      const before = await expectChanged(scene.mutate(mutation, agent, input));
      const events = await scene.events();
      expect(await expectChanged(scene.mutate(mutation, agent, input))).toEqual(before);
      expect(await scene.events()).toEqual(events);
    }
  });

  test('removing the owner clears the owner in the same event', async () => {
    const { agent, colleague } = scene.organization;
    await expectChanged(scene.mutate('claimConversation', colleague));
    const input = { userId: colleague.id };
    expect(await expectChanged(scene.mutate('removeConversationMember', agent, input))).toMatchObject({
      owner: null,
    });
    expect((await scene.lastEvent())?.changes).toEqual([
      { field: 'owner', before: colleague.id, after: null },
      { field: 'members', before: colleague.id, after: null },
    ]);
  });

  test('a removed user can be removed from a conversation but not added', async () => {
    const { agent, colleague } = scene.organization;
    const input = { userId: colleague.id };
    await expectChanged(scene.mutate('addConversationMember', agent, input));
    await scene.gateway.db.writes.user.update({
      where: { id: colleague.id },
      data: { removedAt: new Date() },
    });
    expect(await expectChanged(scene.mutate('removeConversationMember', agent, input))).toMatchObject({
      members: [],
    });
    const ask = () => scene.mutate('addConversationMember', agent, input);
    expect(await expectRefused(scene.gateway, agent, ask)).toMatchObject({ __typename: 'NotFoundError' });
  });

  test('return the same NotFoundError for unknown ids, other organizations and other types', async () => {
    const { agent, contact, bot } = scene.organization;
    const stranger = (await createOrganization(scene.gateway)).agent;
    for (const userId of [newId('User'), stranger.id, contact.id, bot.id, 'nonsense']) {
      for (const mutation of ['addConversationMember', 'removeConversationMember']) {
        const ask = () => scene.mutate(mutation, agent, { userId });
        expect(await expectRefused(scene.gateway, agent, ask)).toEqual({
          __typename: 'NotFoundError',
          message: `There is no user for input.userId "${userId}". Check the id; it may also have been removed, or you may not see it.`,
        });
      }
    }
  });
});

test('join and leave require a user; add and remove also allow bots; contacts are forbidden', async () => {
  const { bot, contact, agent } = scene.organization;
  for (const [person, mutation] of [
    [bot, 'joinConversation'],
    [bot, 'leaveConversation'],
    [contact, 'joinConversation'],
    [contact, 'leaveConversation'],
    [contact, 'addConversationMember'],
    [contact, 'removeConversationMember'],
  ] as const) {
    const input = mutation.endsWith('Member') ? { userId: agent.id } : {};
    expect(await expectForbidden(scene.gateway, person, () => scene.mutate(mutation, person, input))).toBe(
      'FORBIDDEN',
    );
  }
});

test('member mutations return NotFoundError for a conversation of another organization', async () => {
  const stranger = (await createOrganization(scene.gateway)).agent;
  for (const mutation of ['joinConversation', 'leaveConversation', 'addConversationMember']) {
    const input = mutation.endsWith('Member') ? { userId: stranger.id } : {};
    expect(
      await expectRefused(scene.gateway, stranger, () => scene.mutate(mutation, stranger, input)),
    ).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining('input.conversationId'),
    });
  }
});

describe('invitableUsers', () => {
  const invitable = async (
    text?: string | null,
    person: { id: string; organizationId: string } = scene.organization.agent,
    id = scene.conversationId,
  ) => {
    const document =
      'query ($id: ID!, $query: String) { invitableUsers(conversationId: $id, query: $query) { id name } }';
    return scene.gateway.ask(person, document, { id, query: text });
  };
  const names = async (text?: string | null) =>
    (await invitable(text)).data.invitableUsers.map(({ name }: { name: string }) => name);

  async function user(name: string, more: object = {}) {
    const id = newId('User');
    await scene.gateway.db.writes.user.create({
      data: {
        id,
        organizationId: scene.organization.id,
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
    await expectChanged(scene.mutate('joinConversation', scene.organization.colleague));
    expect(await names(null)).toEqual(['Aaron', 'Ana', 'Cleo']);
    await expectChanged(scene.mutate('leaveConversation', scene.organization.colleague));
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
    const stranger = (await createOrganization(scene.gateway)).agent;
    expect((await invitable(null, stranger)).data).toEqual({ invitableUsers: null });
    await expectChanged(scene.mutate('deleteConversation', scene.organization.agent));
    expect((await invitable()).data).toEqual({ invitableUsers: null });
    expect((await invitable(null, scene.organization.agent, newId('Conversation'))).data).toEqual({
      invitableUsers: null,
    });
  });

  test('rejects a query that is too long, and contacts', async () => {
    expect((await invitable('x'.repeat(201))).errors?.[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      argument: 'query',
    });
    expect((await invitable(null, scene.organization.contact)).errors?.[0]?.extensions?.code).toBe(
      'FORBIDDEN',
    );
  });
});
