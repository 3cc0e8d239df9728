import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
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

async function listed(filter: object) {
  const document = 'query ($filter: ConversationFilter) { conversations(filter: $filter) { nodes { id } } }';
  const { data } = await gateway.ask(organization.agent, document, { filter });
  return data.conversations.nodes.map(({ id }: { id: string }) => id);
}

describe('deleteConversation', () => {
  test('sets deletedAt, hides the conversation from its contact and from lists, and logs a public event', async () => {
    const { agent, contact } = organization;
    const other = await openConversation(gateway, organization);
    const after = await expectChanged(
      mutate('deleteConversation', agent, { conversationId, expectedVersion: 1 }),
    );
    expect(after).toMatchObject({ deletedAt: expect.any(String), version: 2, viewerCan: [] });
    expect(after.deletedAt).toBe(after.updatedAt);
    expect(await last()).toMatchObject({
      type: 'DELETED',
      actorId: agent.id,
      isPublic: true,
      changes: [{ field: 'deletedAt', before: null, after: after.deletedAt }],
    });
    expect(await readConversation(gateway, contact, conversationId)).toBeNull();
    expect(await readConversation(gateway, agent, conversationId)).toMatchObject({
      deletedAt: after.deletedAt,
    });
    expect(await listed({})).toEqual([other]);
    expect(await listed({ isDeleted: false })).toEqual([other]);
    expect(await listed({ isDeleted: true })).toEqual([conversationId]);
  });

  test('a replayed mutation of the contact returns NotFoundError with replayed: true', async () => {
    const { agent, contact } = organization;
    const documents = {
      SendMessage: `mutation ($input: SendMessageInput!) { done: sendMessage(input: $input) { __typename ... on MessageSent { sent { id } } } }`,
      MarkConversationRead: `mutation ($input: MarkConversationReadInput!) { done: markConversationRead(input: $input) { __typename } }`,
    };
    const ask = async (document: string, content?: string) => {
      const input = { conversationId, idempotencyKey: 'again', ...(content ? { content } : {}) };
      const { data, errors = [], extensions = {} } = await gateway.ask(contact, document, { input });
      return {
        type: data?.done?.__typename,
        codes: errors.map(({ extensions: of }) => of?.code),
        ...extensions,
      };
    };
    const sent = await ask(documents.SendMessage, 'Hello');
    const read = await ask(documents.MarkConversationRead);
    expect([sent, read]).toMatchObject([{ type: 'MessageSent' }, { type: 'Conversation' }]);
    await expectChanged(mutate('deleteConversation', agent, { conversationId }));

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
    const { agent } = organization;
    const open = await readConversation(gateway, agent, conversationId);
    expect(await expectChanged(mutate('restoreConversation', agent, { conversationId }))).toEqual(open);
    expect(await log()).toHaveLength(1);
    const before = await expectChanged(mutate('deleteConversation', agent, { conversationId }));
    expect(await expectChanged(mutate('deleteConversation', agent, { conversationId }))).toEqual(before);
    expect(await log()).toHaveLength(2);
  });

  test('a replay with an idempotencyKey returns the deleted conversation', async () => {
    const { agent } = organization;
    const input = { conversationId, idempotencyKey: 'delete' };
    const first = await mutate('deleteConversation', agent, input);
    expect(await mutate('deleteConversation', agent, input)).toEqual({ ...first, replayed: true });
  });

  test('a deleted conversation rejects every mutation except restoreConversation', async () => {
    const { agent, colleague } = organization;
    await expectChanged(mutate('deleteConversation', agent, { conversationId }));
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
      const ask = () => mutate(mutation, agent, { conversationId, ...input });
      expect(await expectRefused(gateway, agent, ask)).toEqual({
        __typename: 'NotFoundError',
        message: `There is no conversation for input.conversationId "${conversationId}". It was deleted; restore it first.`,
      });
    }
  });
});

describe('restoreConversation', () => {
  test('restores the conversation unchanged for the team and its contact', async () => {
    const { agent, admin, contact } = organization;
    await expectChanged(mutate('setConversationLabels', agent, { conversationId, add: ['vip'] }));
    const before = await readConversation(gateway, agent, conversationId);
    const { deletedAt } = await expectChanged(mutate('deleteConversation', agent, { conversationId }));
    const after = await expectChanged(
      mutate('restoreConversation', admin, { conversationId, expectedVersion: 3 }),
    );
    expect(after).toEqual({ ...before, version: 4, updatedAt: after.updatedAt });
    expect(await last()).toMatchObject({
      type: 'RESTORED',
      actorId: admin.id,
      isPublic: true,
      changes: [{ field: 'deletedAt', before: deletedAt, after: null }],
    });
    expect(await readConversation(gateway, contact, conversationId)).toMatchObject({ id: conversationId });
    expect(await listed({ isDeleted: true })).toEqual([]);
  });
});

test('deleteConversation and restoreConversation require a user of the same organization', async () => {
  const { bot, contact, agent } = organization;
  const stranger = (await createOrganization(gateway)).admin;
  for (const mutation of ['deleteConversation', 'restoreConversation']) {
    for (const person of [bot, contact]) {
      const ask = () => mutate(mutation, person, { conversationId });
      expect(await expectForbidden(gateway, person, ask)).toBe('FORBIDDEN');
    }
    const ask = () => mutate(mutation, stranger, { conversationId });
    expect(await expectRefused(gateway, stranger, ask)).toMatchObject({ __typename: 'NotFoundError' });
    const late = () => mutate(mutation, agent, { conversationId, expectedVersion: 7 });
    expect(await expectRefused(gateway, agent, late)).toMatchObject({ __typename: 'VersionConflictError' });
  }
});

describe('viewerCan', () => {
  const abilities = async (person: { id: string; organizationId: string }) =>
    (await readConversation(gateway, person, conversationId)).viewerCan;
  const ALL = ['REPLY', 'WRITE_NOTE', 'CLAIM', 'ASSIGN', 'RENAME', 'LABEL', 'CHANGE_STATUS', 'DELETE'];
  const without = (...names: string[]) => ALL.filter((name) => !names.includes(name));

  test('lists all abilities for a user, no claim or delete for a bot, and few for a contact', async () => {
    expect(await abilities(organization.agent)).toEqual(ALL);
    expect(await abilities(organization.bot)).toEqual(without('CLAIM', 'DELETE'));
    expect(await abilities(organization.contact)).toEqual(['REPLY', 'CHANGE_STATUS']);
  });

  test('contains CLAIM only while there is no owner', async () => {
    const { agent, colleague } = organization;
    await expectChanged(mutate('claimConversation', colleague, { conversationId }));
    expect(await abilities(agent)).toEqual(without('CLAIM'));
    expect(await abilities(colleague)).toEqual(without('CLAIM'));
    await expectChanged(mutate('leaveConversation', colleague, { conversationId }));
    expect(await abilities(agent)).toEqual(ALL);
  });

  test('is available in lists', async () => {
    const { data, errors } = await gateway.ask(
      organization.agent,
      '{ conversations { nodes { viewerCan } edges { node { viewerCan } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.conversations.nodes).toEqual([{ viewerCan: ALL }]);
  });
});

describe('VersionConflictError', () => {
  const rename = (expectedVersion: number) =>
    mutate('renameConversation', organization.agent, { conversationId, name: 'Mine', expectedVersion });

  test('returns the user or bot of the last change, and its time', async () => {
    const { agent, colleague, bot } = organization;
    await expectChanged(mutate('joinConversation', colleague, { conversationId }));
    for (const [person, type, version] of [
      [colleague, 'User', 1],
      [bot, 'Bot', 2],
    ] as const) {
      if (person === bot)
        await expectChanged(mutate('setConversationLabels', bot, { conversationId, add: ['x'] }));
      // A message or a note does not change the version.
      await gateway.ask(
        agent,
        `mutation { sendMessage(input: { conversationId: "${conversationId}", content: "Hello" }) { __typename } }`,
      );
      const events = (await log()).filter((event) => event.type !== 'MESSAGE_ADDED');
      expect(await expectRefused(gateway, agent, () => rename(version))).toMatchObject({
        __typename: 'VersionConflictError',
        message: `Somebody changed this conversation since version ${version}; it is at ${version + 1}. Nothing was changed. Load the conversation, and try again.`,
        changedBy: { __typename: type, id: person.id },
        changedAt: events.at(-1)?.occurredAt,
      });
    }
  });

  test('returns the contact of the last change, or null', async () => {
    const { agent, contact } = organization;
    await expectChanged(mutate('setConversationStatus', contact, { conversationId, status: 'RESOLVED' }));
    expect(await expectRefused(gateway, agent, () => rename(1))).toMatchObject({
      changedBy: { __typename: 'Contact', id: contact.id },
    });
    await gateway.feed.record({ organizationId: organization.id, kind: 'system', id: '' }, async () => ({
      result: undefined,
      events: [{ type: 'STATUS_CHANGED', conversationId, contactId: contact.id, isPublic: true }],
    }));
    expect(await expectRefused(gateway, agent, () => rename(1))).toMatchObject({
      changedBy: null,
      changedAt: (await last())?.occurredAt,
    });
  });
});
