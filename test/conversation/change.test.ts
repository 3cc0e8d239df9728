import { beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
  organization = await createOrganization(gateway);
});

async function open(input: object = {}) {
  conversationId = await openConversation(gateway, organization, input);
  return changes.read(organization.agent, conversationId);
}

const log = () => eventsOf(gateway, { organizationId: organization.id, conversationId });

describe('renameConversation', () => {
  test('sets name and detail, increments version, updates updatedAt', async () => {
    const before = await open({ name: 'Old' });
    const { result: after } = await changes.rename(organization.agent, {
      conversationId,
      name: 'New',
      detail: 'More',
    });
    expect(after).toMatchObject({ name: 'New', detail: 'More', version: (before.version ?? 0) + 1 });
    expect(Date.parse(after?.updatedAt ?? '')).toBeGreaterThan(Date.parse(before.updatedAt));
    expect(after?.lastInteractedAt).toBe(before.lastInteractedAt);
  });

  test('keeps an omitted detail and clears a null detail', async () => {
    await open({ detail: 'More' });
    expect(
      requireResult(await changes.rename(organization.agent, { conversationId, name: 'A' })).detail,
    ).toBe('More');
    expect(
      requireResult(await changes.rename(organization.agent, { conversationId, name: 'A', detail: null }))
        .detail,
    ).toBeNull();
  });

  test('logs one event with actor, before and after, at the next position', async () => {
    await open({ name: 'Old' });
    const [created] = await log();
    const { cursor } = await changes.rename(organization.agent, { conversationId, name: 'New' });
    const [, renamed, ...others] = await log();
    expect(others).toEqual([]);
    expect(renamed).toMatchObject({
      type: 'RENAMED',
      actorId: organization.agent.id,
      conversationId,
      contactId: organization.contact.id,
      position: (created?.position ?? 0) + 1,
      isPublic: true,
      changes: [{ field: 'name', before: 'Old', after: 'New' }],
    });
    expect(cursor).toBe(await cursorAt(gateway, organization.id, renamed?.position ?? 0));
  });

  test('the same name creates no version and no event, and returns the current cursor', async () => {
    const before = await open({ name: 'Same' });
    const [{ position } = { position: 0 }] = await log();
    const { result: after, cursor } = await changes.rename(organization.agent, {
      conversationId,
      name: 'Same',
    });
    expect(after).toEqual(before);
    expect(await log()).toHaveLength(1);
    expect(cursor).toBe(await cursorAt(gateway, organization.id, position));
  });
});

describe('expectedVersion', () => {
  test('accepts the current version', async () => {
    const { version } = await open();
    const { result: after } = await changes.rename(organization.agent, {
      conversationId,
      name: 'New',
      expectedVersion: version,
    });
    expect(after).toMatchObject({ name: 'New' });
  });

  for (const [name, change] of Object.entries({
    renameConversation: (expectedVersion: number) =>
      changes.rename(organization.colleague, { conversationId, name: 'Mine', expectedVersion }),
    assignConversation: (expectedVersion: number) =>
      changes.assign(organization.colleague, {
        conversationId,
        userId: organization.colleague.id,
        expectedVersion,
      }),
    setConversationStatus: (expectedVersion: number) =>
      changes.setStatus(organization.colleague, { conversationId, status: 'RESOLVED', expectedVersion }),
  })) {
    test(`${name} with an outdated version returns VersionConflictError with the current conversation`, async () => {
      const { version } = await open({ name: 'Old' });
      const now = requireResult(await changes.rename(organization.agent, { conversationId, name: 'Theirs' }));
      const { refusal } = await change(version ?? 0);
      expect(refusal).toMatchObject({ __typename: 'VersionConflictError', conversation: now });
      expect(await changes.read(organization.agent, conversationId)).toEqual(now);
      expect(await log()).toHaveLength(2);
    });
  }

  test('accepts one of two concurrent changes', async () => {
    const { version } = await open();
    const answers = await Promise.all(
      ['A', 'B'].map((name) =>
        changes.rename(organization.agent, { conversationId, name, expectedVersion: version }),
      ),
    );
    expect(answers.map(({ refusal }) => refusal?.__typename ?? 'renamed').sort()).toEqual([
      'VersionConflictError',
      'renamed',
    ]);
  });
});

describe('assignConversation', () => {
  test('makes the user owner and member, in one event with the user as subject', async () => {
    await open();
    const { colleague, agent } = organization;
    const { result: after, cursor } = await changes.assign(agent, { conversationId, userId: colleague.id });
    expect(after).toMatchObject({
      owner: { id: colleague.id },
      members: [{ user: { id: colleague.id }, addedBy: { id: agent.id } }],
      handledBy: 'TEAM',
      version: 2,
    });
    const assigned = (await log()).at(-1);
    expect(assigned).toMatchObject({
      type: 'ASSIGNED',
      actorId: agent.id,
      subjectId: colleague.id,
      changes: [
        { field: 'owner', before: null, after: colleague.id },
        { field: 'members', before: null, after: colleague.id },
      ],
    });
    expect(cursor).toBe(await cursorAt(gateway, organization.id, assigned?.position ?? 0));
  });

  test('addedBy is null when the viewer assigns themselves', async () => {
    await open();
    const { agent } = organization;
    const { result: after } = await changes.assign(agent, { conversationId, userId: agent.id });
    expect(after?.members).toEqual([{ user: { id: agent.id }, addedBy: null }]);
  });

  test('null clears the owner and keeps the members', async () => {
    await open();
    const { agent } = organization;
    await changes.assign(agent, { conversationId, userId: agent.id });
    const { result: after } = await changes.assign(agent, { conversationId });
    expect(after).toMatchObject({ owner: null, members: [{ user: { id: agent.id } }], version: 3 });
    expect((await log()).at(-1)).toMatchObject({
      type: 'ASSIGNED',
      subjectId: null,
      changes: [{ field: 'owner', before: agent.id, after: null }],
    });
  });

  test('the same owner creates no version and no event', async () => {
    await open();
    const { agent } = organization;
    const before = requireResult(await changes.assign(agent, { conversationId, userId: agent.id }));
    expect(requireResult(await changes.assign(agent, { conversationId, userId: agent.id }))).toEqual(before);
    expect(await log()).toHaveLength(2);
  });

  test('sets handledBy from BOT to TEAM', async () => {
    await open({ botId: organization.bot.id });
    expect(await changes.read(organization.agent, conversationId)).toMatchObject({ handledBy: 'BOT' });
    const { result: after } = await changes.assign(organization.bot, {
      conversationId,
      userId: organization.agent.id,
    });
    expect(after).toMatchObject({
      handledBy: 'TEAM',
      bot: { id: organization.bot.id },
      owner: { id: organization.agent.id },
    });
    expect((await log()).at(-1)).toMatchObject({ type: 'ASSIGNED', actorId: organization.bot.id });
  });

  test('returns the same NotFoundError for removed, unknown and foreign users', async () => {
    const before = await open();
    const stranger = (await createOrganization(gateway)).agent;
    const removed = (await createOrganization(gateway)).agent;
    await gateway.db.writes.user.update({
      where: { id: removed.id },
      data: { organizationId: organization.id, email: 'removed@example.com', removedAt: new Date() },
    });
    for (const userId of [stranger.id, removed.id, 'USR-01J00000000000000000000000', 'nonsense']) {
      const { refusal } = await changes.assign(organization.agent, { conversationId, userId });
      expect(refusal).toEqual({
        __typename: 'NotFoundError',
        message: `There is no user for input.userId "${userId}". Check the id; it may also have been removed, or you may not see it.`,
      });
    }
    expect(await changes.read(organization.agent, conversationId)).toEqual(before);
    expect(await log()).toHaveLength(1);
  });
});

describe('permissions', () => {
  test('a contact may not rename or assign', async () => {
    const before = await open();
    const { contact, agent } = organization;
    const answers = [
      await changes.rename(contact, { conversationId, name: 'Mine' }),
      await changes.assign(contact, { conversationId, userId: agent.id }),
    ];
    for (const { result, errors } of answers) {
      expect(result).toBeNull();
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    expect(await changes.read(agent, conversationId)).toEqual(before);
  });

  test('viewers of another organization get NotFoundError', async () => {
    const before = await open();
    const stranger = (await createOrganization(gateway)).admin;
    const answers = [
      await changes.rename(stranger, { conversationId, name: 'Mine' }),
      await changes.assign(stranger, { conversationId, userId: stranger.id }),
      await changes.setStatus(stranger, { conversationId, status: 'SPAM' }),
      await changes.send(stranger, { conversationId, content: 'Hello' }),
    ];
    for (const { refusal } of answers) expect(refusal).toMatchObject({ __typename: 'NotFoundError' });
    expect(await changes.read(organization.agent, conversationId)).toEqual(before);
    expect(await log()).toHaveLength(1);
  });

  test('a deleted conversation rejects changes', async () => {
    await open();
    await gateway.db.writes.conversation.update({
      where: { id: conversationId },
      data: { deletedAt: new Date() },
    });
    const answers = [
      await changes.rename(organization.agent, { conversationId, name: 'New' }),
      await changes.assign(organization.agent, { conversationId, userId: organization.agent.id }),
      await changes.setStatus(organization.agent, { conversationId, status: 'RESOLVED' }),
      await changes.send(organization.agent, { conversationId, content: 'Hello' }),
    ];
    for (const { refusal } of answers) {
      expect(refusal).toMatchObject({
        __typename: 'NotFoundError',
        message: expect.stringContaining('It was deleted'),
      });
    }
    expect(await log()).toHaveLength(1);
  });
});
