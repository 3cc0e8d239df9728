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

describe('renaming', () => {
  test('sets name and detail, counts the version up and moves updatedAt', async () => {
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

  test('leaves the detail when it is left out, and clears it when it is null', async () => {
    await open({ detail: 'More' });
    expect(
      requireResult(await changes.rename(organization.agent, { conversationId, name: 'A' })).detail,
    ).toBe('More');
    expect(
      requireResult(await changes.rename(organization.agent, { conversationId, name: 'A', detail: null }))
        .detail,
    ).toBeNull();
  });

  test('is one event with who did it, what it was and what it became, at the next position', async () => {
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

  test('to what it is called already makes neither version nor event, and answers with the present cursor', async () => {
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
  test('lets the change through when nobody was faster', async () => {
    const { version } = await open();
    const { result: after } = await changes.rename(organization.agent, {
      conversationId,
      name: 'New',
      expectedVersion: version,
    });
    expect(after).toMatchObject({ name: 'New' });
  });

  for (const [name, change] of Object.entries({
    renaming: (expectedVersion: number) =>
      changes.rename(organization.colleague, { conversationId, name: 'Mine', expectedVersion }),
    assigning: (expectedVersion: number) =>
      changes.assign(organization.colleague, {
        conversationId,
        userId: organization.colleague.id,
        expectedVersion,
      }),
    'setting the status': (expectedVersion: number) =>
      changes.setStatus(organization.colleague, { conversationId, status: 'RESOLVED', expectedVersion }),
  })) {
    test(`refuses ${name} when somebody was faster, and shows what stands now`, async () => {
      const { version } = await open({ name: 'Old' });
      const now = requireResult(await changes.rename(organization.agent, { conversationId, name: 'Theirs' }));
      const { refusal: refused } = await change(version ?? 0);
      expect(refused).toMatchObject({ __typename: 'VersionConflictError', conversation: now });
      expect(await changes.read(organization.agent, conversationId)).toEqual(now);
      expect(await log()).toHaveLength(2);
    });
  }

  test('lets one of two changes through that were made at the same moment', async () => {
    const { version } = await open();
    const answers = await Promise.all(
      ['A', 'B'].map((name) =>
        changes.rename(organization.agent, { conversationId, name, expectedVersion: version }),
      ),
    );
    expect(answers.map(({ refusal: refused }) => refused?.__typename ?? 'renamed').sort()).toEqual([
      'VersionConflictError',
      'renamed',
    ]);
  });
});

describe('assigning', () => {
  test('makes a team member the owner and a member, in one event about them', async () => {
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

  test('to oneself names nobody who added the member', async () => {
    await open();
    const { agent } = organization;
    const { result: after } = await changes.assign(agent, { conversationId, userId: agent.id });
    expect(after?.members).toEqual([{ user: { id: agent.id }, addedBy: null }]);
  });

  test('to nobody takes the owner away and leaves the members', async () => {
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

  test('to the owner makes neither version nor event', async () => {
    await open();
    const { agent } = organization;
    const before = requireResult(await changes.assign(agent, { conversationId, userId: agent.id }));
    expect(requireResult(await changes.assign(agent, { conversationId, userId: agent.id }))).toEqual(before);
    expect(await log()).toHaveLength(2);
  });

  test('takes a conversation from its bot to the team', async () => {
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

  test('to a removed, unknown or foreign user is refused alike, and changes nothing', async () => {
    const before = await open();
    const stranger = (await createOrganization(gateway)).agent;
    const removed = (await createOrganization(gateway)).agent;
    await gateway.db.writes.user.update({
      where: { id: removed.id },
      data: { organizationId: organization.id, email: 'removed@example.com', removedAt: new Date() },
    });
    for (const userId of [stranger.id, removed.id, 'USR-01J00000000000000000000000', 'nonsense']) {
      const { refusal: refused } = await changes.assign(organization.agent, { conversationId, userId });
      expect(refused).toEqual({
        __typename: 'NotFoundError',
        message: `There is no user for input.userId "${userId}". Check the id; it may also have been removed, or not be yours to see.`,
      });
    }
    expect(await changes.read(organization.agent, conversationId)).toEqual(before);
    expect(await log()).toHaveLength(1);
  });
});

describe('who may', () => {
  test('a contact may neither rename nor assign', async () => {
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

  test('nobody of another organization may, and they are told that there is no such conversation', async () => {
    const before = await open();
    const stranger = (await createOrganization(gateway)).admin;
    const answers = [
      await changes.rename(stranger, { conversationId, name: 'Mine' }),
      await changes.assign(stranger, { conversationId, userId: stranger.id }),
      await changes.setStatus(stranger, { conversationId, status: 'SPAM' }),
      await changes.send(stranger, { conversationId, content: 'Hello' }),
    ];
    for (const { refusal: refused } of answers)
      expect(refused).toMatchObject({ __typename: 'NotFoundError' });
    expect(await changes.read(organization.agent, conversationId)).toEqual(before);
    expect(await log()).toHaveLength(1);
  });

  test('a deleted conversation can not be changed', async () => {
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
    for (const { refusal: refused } of answers) {
      expect(refused).toMatchObject({
        __typename: 'NotFoundError',
        message: expect.stringContaining('It was deleted'),
      });
    }
    expect(await log()).toHaveLength(1);
  });
});
