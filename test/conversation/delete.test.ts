import { describe, expect, test } from 'vitest';
import { expectChanged, expectForbidden, expectRefused } from '../support/conversation-mutations.ts';
import { useConversation } from '../support/conversation-scene.ts';
import { createOrganization, openConversation } from '../support/organization.ts';

const scene = useConversation();

async function listed(filter: object) {
  const document = 'query ($filter: ConversationFilter) { conversations(filter: $filter) { nodes { id } } }';
  const { data } = await scene.gateway.ask(scene.organization.agent, document, { filter });
  return data.conversations.nodes.map(({ id }: { id: string }) => id);
}

describe('deleteConversation', () => {
  test('sets deletedAt, hides the conversation from its contact and from lists, and logs a public event', async () => {
    const { agent, contact } = scene.organization;
    const other = await openConversation(scene.gateway, scene.organization);
    const after = await expectChanged(scene.mutate('deleteConversation', agent, { expectedVersion: 1 }));
    expect(after).toMatchObject({ deletedAt: expect.any(String), version: 2, viewerCan: [] });
    expect(after.deletedAt).toBe(after.updatedAt);
    expect(await scene.lastEvent()).toMatchObject({
      type: 'DELETED',
      actorId: agent.id,
      isPublic: true,
      changes: [{ field: 'deletedAt', before: null, after: after.deletedAt }],
    });
    expect(await scene.read(contact)).toBeNull();
    expect(await scene.read(agent)).toMatchObject({
      deletedAt: after.deletedAt,
    });
    expect(await listed({})).toEqual([other]);
    expect(await listed({ isDeleted: false })).toEqual([other]);
    expect(await listed({ isDeleted: true })).toEqual([scene.conversationId]);
  });

  test('a replayed mutation of the contact returns NotFoundError with replayed: true', async () => {
    const { agent, contact } = scene.organization;
    const documents = {
      SendMessage: `mutation ($input: SendMessageInput!) { done: sendMessage(input: $input) { __typename ... on MessageSent { sent { id } } } }`,
      MarkConversationRead: `mutation ($input: MarkConversationReadInput!) { done: markConversationRead(input: $input) { __typename } }`,
    };
    const ask = async (document: string, content?: string) => {
      const input = {
        conversationId: scene.conversationId,
        idempotencyKey: 'again',
        ...(content ? { content } : {}),
      };
      const { data, errors = [], extensions = {} } = await scene.gateway.ask(contact, document, { input });
      return {
        type: data?.done?.__typename,
        codes: errors.map(({ extensions: of }) => of?.code),
        ...extensions,
      };
    };
    const sent = await ask(documents.SendMessage, 'Hello');
    const read = await ask(documents.MarkConversationRead);
    expect([sent, read]).toMatchObject([{ type: 'MessageSent' }, { type: 'Conversation' }]);
    await expectChanged(scene.mutate('deleteConversation', agent));

    expect(await ask(documents.SendMessage, 'Hello')).toMatchObject({
      ...sent,
      type: undefined,
      codes: ['NOT_FOUND'],
    });
    expect(await ask(documents.MarkConversationRead)).toEqual({
      ...read,
      type: 'NotFoundError',
      replayed: true,
    });
  });

  test('deleting a deleted conversation and restoring a live one change nothing', async () => {
    const { agent } = scene.organization;
    const open = await scene.read(agent);
    expect(await expectChanged(scene.mutate('restoreConversation', agent))).toEqual(open);
    expect(await scene.events()).toHaveLength(1);
    const before = await expectChanged(scene.mutate('deleteConversation', agent));
    expect(await expectChanged(scene.mutate('deleteConversation', agent))).toEqual(before);
    expect(await scene.events()).toHaveLength(2);
  });

  test('a replay with an idempotencyKey returns the deleted conversation', async () => {
    const { agent } = scene.organization;
    const input = { idempotencyKey: 'delete' };
    const first = await scene.mutate('deleteConversation', agent, input);
    expect(await scene.mutate('deleteConversation', agent, input)).toEqual({ ...first, replayed: true });
  });

  test('a deleted conversation rejects every mutation except restoreConversation', async () => {
    const { agent, colleague } = scene.organization;
    await expectChanged(scene.mutate('deleteConversation', agent));
    for (const [mutation, input] of [
      ['renameConversation', { name: 'New' }],
      ['updateConversation', { name: 'New' }],
      ['setConversationStatus', { status: 'RESOLVED' }],
      ['setConversationPriority', { priority: 'HIGH' }],
      ['setConversationLabels', { add: ['x'] }],
      ['assignConversation', {}],
      ['claimConversation', {}],
      ['handOverConversation', { note: 'Not kept' }],
      ['joinConversation', {}],
      ['leaveConversation', {}],
      ['addConversationMember', { userId: colleague.id }],
      ['removeConversationMember', { userId: colleague.id }],
      ['recordAnswers', { answers: [{ question: 'a' }] }],
    ] as const) {
      const ask = () => scene.mutate(mutation, agent, input);
      expect(await expectRefused(scene.gateway, agent, ask)).toEqual({
        __typename: 'NotFoundError',
        message: `There is no conversation for input.conversationId "${scene.conversationId}". It was deleted; restore it first.`,
      });
    }
  });
});

describe('restoreConversation', () => {
  test('restores the conversation unchanged for the team and its contact', async () => {
    const { agent, admin, contact } = scene.organization;
    await expectChanged(scene.mutate('setConversationLabels', agent, { add: ['vip'] }));
    const before = await scene.read(agent);
    const { deletedAt } = await expectChanged(scene.mutate('deleteConversation', agent));
    const after = await expectChanged(scene.mutate('restoreConversation', admin, { expectedVersion: 3 }));
    expect(after).toEqual({ ...before, version: 4, updatedAt: after.updatedAt });
    expect(await scene.lastEvent()).toMatchObject({
      type: 'RESTORED',
      actorId: admin.id,
      isPublic: true,
      changes: [{ field: 'deletedAt', before: deletedAt, after: null }],
    });
    expect(await scene.read(contact)).toMatchObject({ id: scene.conversationId });
    expect(await listed({ isDeleted: true })).toEqual([]);
  });
});

test('deleteConversation and restoreConversation require a user of the same organization', async () => {
  const { bot, contact, agent } = scene.organization;
  const stranger = (await createOrganization(scene.gateway)).admin;
  for (const mutation of ['deleteConversation', 'restoreConversation']) {
    for (const person of [bot, contact]) {
      const ask = () => scene.mutate(mutation, person);
      expect(await expectForbidden(scene.gateway, person, ask)).toBe('FORBIDDEN');
    }
    const ask = () => scene.mutate(mutation, stranger);
    expect(await expectRefused(scene.gateway, stranger, ask)).toMatchObject({ __typename: 'NotFoundError' });
    const late = () => scene.mutate(mutation, agent, { expectedVersion: 7 });
    expect(await expectRefused(scene.gateway, agent, late)).toMatchObject({
      __typename: 'VersionConflictError',
    });
  }
});

describe('viewerCan', () => {
  const abilities = async (person: { id: string; organizationId: string }) =>
    (await scene.read(person)).viewerCan;
  const ALL = ['REPLY', 'WRITE_NOTE', 'CLAIM', 'ASSIGN', 'RENAME', 'LABEL', 'CHANGE_STATUS', 'DELETE'];
  const without = (...names: string[]) => ALL.filter((name) => !names.includes(name));

  test('lists all abilities for a user, no claim or delete for a bot, and few for a contact', async () => {
    expect(await abilities(scene.organization.agent)).toEqual(ALL);
    expect(await abilities(scene.organization.bot)).toEqual(without('CLAIM', 'DELETE'));
    expect(await abilities(scene.organization.contact)).toEqual(['REPLY', 'CHANGE_STATUS']);
  });

  test('contains CLAIM only while there is no owner', async () => {
    const { agent, colleague } = scene.organization;
    await expectChanged(scene.mutate('claimConversation', colleague));
    expect(await abilities(agent)).toEqual(without('CLAIM'));
    expect(await abilities(colleague)).toEqual(without('CLAIM'));
    await expectChanged(scene.mutate('leaveConversation', colleague));
    expect(await abilities(agent)).toEqual(ALL);
  });

  test('is available in lists', async () => {
    const { data, errors } = await scene.gateway.ask(
      scene.organization.agent,
      '{ conversations { nodes { viewerCan } edges { node { viewerCan } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.conversations.nodes).toEqual([{ viewerCan: ALL }]);
  });
});

describe('VersionConflictError', () => {
  const rename = (expectedVersion: number) =>
    scene.mutate('renameConversation', scene.organization.agent, { name: 'Mine', expectedVersion });

  test('returns the user or bot of the last change, and its time', async () => {
    const { agent, colleague, bot } = scene.organization;
    await expectChanged(scene.mutate('joinConversation', colleague));
    for (const [person, type, version] of [
      [colleague, 'User', 1],
      [bot, 'Bot', 2],
    ] as const) {
      if (person === bot) await expectChanged(scene.mutate('setConversationLabels', bot, { add: ['x'] }));
      // A message or a note does not change the version.
      await scene.gateway.ask(
        agent,
        `mutation { sendMessage(input: { conversationId: "${scene.conversationId}", content: "Hello" }) { __typename } }`,
      );
      const events = (await scene.events()).filter((event) => event.type !== 'MESSAGE_ADDED');
      expect(await expectRefused(scene.gateway, agent, () => rename(version))).toMatchObject({
        __typename: 'VersionConflictError',
        message: `Somebody changed this conversation since version ${version}; it is at ${version + 1}. Nothing was changed. Load the conversation, and try again.`,
        changedBy: { __typename: type, id: person.id },
        changedAt: events.at(-1)?.occurredAt,
      });
    }
  });

  test('returns the contact of the last change, or null', async () => {
    const { agent, contact } = scene.organization;
    await expectChanged(scene.mutate('setConversationStatus', contact, { status: 'RESOLVED' }));
    expect(await expectRefused(scene.gateway, agent, () => rename(1))).toMatchObject({
      changedBy: { __typename: 'Contact', id: contact.id },
    });
    await scene.gateway.feed.record(
      { organizationId: scene.organization.id, kind: 'system', id: '' },
      async () => ({
        result: undefined,
        events: [
          {
            type: 'STATUS_CHANGED',
            conversationId: scene.conversationId,
            contactId: contact.id,
            isPublic: true,
          },
        ],
      }),
    );
    expect(await expectRefused(scene.gateway, agent, () => rename(1))).toMatchObject({
      changedBy: null,
      changedAt: (await scene.lastEvent())?.occurredAt,
    });
  });
});
