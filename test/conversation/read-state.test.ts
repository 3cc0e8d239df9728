import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// Senders by seq: 1 contact, 2 note, 3 agent, 4 contact, 5 contact, 6 note, 7 agent.
// By public number, for the contact: 1, 2 (agent), 3, 4, 5 (agent).

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
  const { agent, colleague, contact } = organization;
  conversationId = await openConversation(gateway, organization);
  requireResult(await changes.assign(agent, { conversationId, userId: agent.id }));
  for (const [person, isPrivate] of [
    [contact],
    [colleague, true],
    [colleague],
    [contact],
    [contact],
    [colleague, true],
    [colleague],
  ] as [Person, boolean?][]) {
    const note = isPrivate ? { isPrivate } : {};
    requireResult(await changes.send(person, { conversationId, content: 'Hello', ...note }));
  }
});

const FIELDS = `unreadCount viewerLastReadSeq contactLastReadSeq contactLastSeenAt agentLastSeenAt updatedAt lastInteractedAt
  members { user { id } lastReadSeq }`;

async function readStateOf(person: Person) {
  const query = `query ($id: ID!) { conversation(id: $id) { ${FIELDS} } }`;
  const { data, errors } = await gateway.ask(person, query, { id: conversationId });
  expect(errors).toBeUndefined();
  return data.conversation;
}

const mark = (person: Person, upToSeq?: number | null) =>
  changes.markRead(person, { conversationId, ...(upToSeq === undefined ? {} : { upToSeq }) });
const log = () => eventsOf(gateway, { organizationId: organization.id, conversationId });
const reads = async () => (await log()).filter(({ type }) => type === 'READ');

async function memberRow() {
  const { incomingCount } = await gateway.db.reads.conversation.findUniqueOrThrow({
    where: { id: conversationId },
  });
  const row = await gateway.db.reads.conversationMember.findFirstOrThrow({
    where: { conversationId, userId: organization.agent.id },
  });
  expect(row.isUnread).toBe(incomingCount > row.readCount);
  return row;
}

describe('markConversationRead by a member', () => {
  test.each([
    [0, 3],
    [1, 2],
    [3, 2],
    [4, 1],
    [5, 0],
    [7, 0],
  ])('up to %i leaves %i unread', async (upToSeq, unreadCount) => {
    requireResult(await mark(organization.agent));
    const conversation = requireResult(await mark(organization.agent, upToSeq));
    expect(conversation.unreadCount).toBe(unreadCount);
    expect(await readStateOf(organization.agent)).toMatchObject({ unreadCount, viewerLastReadSeq: upToSeq });
    expect(await memberRow()).toMatchObject({ lastReadSeq: upToSeq, isUnread: unreadCount > 0 });
  });

  test('marks everything read when upToSeq is omitted', async () => {
    requireResult(await mark(organization.agent, null));
    expect(await readStateOf(organization.agent)).toMatchObject({ unreadCount: 0, viewerLastReadSeq: 7 });
    requireResult(await changes.send(organization.contact, { conversationId, content: 'And?' }));
    expect(await readStateOf(organization.agent)).toMatchObject({ unreadCount: 1, viewerLastReadSeq: 7 });
    expect(await memberRow()).toMatchObject({ isUnread: true });
  });

  test('keeps version, updatedAt and lastInteractedAt', async () => {
    const before = await changes.read(organization.agent, conversationId);
    const after = requireResult(await mark(organization.agent));
    expect(after).toEqual({ ...before, unreadCount: 0 });
  });

  test('logs one event with the read position; the contact sees agentLastSeenAt only', async () => {
    const { cursor } = await mark(organization.agent, 4);
    const [read, ...others] = await reads();
    const { agentLastSeenAt } = await readStateOf(organization.contact);
    expect(others).toEqual([]);
    expect(read).toMatchObject({
      type: 'READ',
      actorId: organization.agent.id,
      contactId: organization.contact.id,
      isPublic: true,
      changes: [
        { field: 'lastReadSeq', before: 0, after: 4 },
        { field: 'agentLastSeenAt', before: null, after: agentLastSeenAt },
      ],
    });
    expect(cursor).toBeDefined();
  });

  test('an event that moves the position back is hidden from the contact', async () => {
    requireResult(await mark(organization.agent));
    const before = await readStateOf(organization.contact);
    requireResult(await mark(organization.agent, 3));
    expect(await readStateOf(organization.contact)).toEqual(before);
    expect((await reads()).at(-1)).toMatchObject({
      isPublic: false,
      changes: [{ field: 'lastReadSeq', before: 7, after: 3 }],
    });
  });

  test('reading only notes is hidden from the contact, who could count notes by it', async () => {
    requireResult(await mark(organization.agent, 5));
    const before = await readStateOf(organization.contact);
    requireResult(await mark(organization.agent, 6));
    expect(await readStateOf(organization.contact)).toEqual(before);
    expect((await reads()).at(-1)).toMatchObject({ isPublic: false });
    requireResult(await mark(organization.agent, 7));
    expect(await readStateOf(organization.contact)).not.toEqual(before);
    expect((await reads()).at(-1)).toMatchObject({ isPublic: true });
  });

  test('who gives the same mark again changes nothing', async () => {
    requireResult(await mark(organization.agent, 4));
    const before = [await log(), await readStateOf(organization.agent)];
    requireResult(await mark(organization.agent, 4));
    expect([await log(), await readStateOf(organization.agent)]).toEqual(before);
  });

  test('each member has their own read position', async () => {
    const { agent, colleague, contact } = organization;
    requireResult(await changes.assign(agent, { conversationId, userId: colleague.id }));
    requireResult(await mark(agent));
    requireResult(await mark(contact));
    expect((await readStateOf(colleague)).unreadCount).toBe(3);
    expect((await readStateOf(agent)).unreadCount).toBe(0);
  });
});

describe('markConversationRead by the contact', () => {
  test.each([
    [0, 0, 2],
    [1, 1, 2],
    [2, 3, 1],
    [4, 5, 1],
    [5, 7, 0],
  ])('up to public number %i, seq %i, leaves %i unread', async (upToSeq, teamSeq, unreadCount) => {
    requireResult(await mark(organization.contact));
    requireResult(await mark(organization.contact, upToSeq));
    expect(await readStateOf(organization.contact)).toMatchObject({
      unreadCount,
      viewerLastReadSeq: upToSeq,
      contactLastReadSeq: upToSeq,
    });
    expect((await readStateOf(organization.agent)).contactLastReadSeq).toBe(teamSeq);
  });

  test('logs one public event with the position in both numberings', async () => {
    requireResult(await mark(organization.contact, 2));
    requireResult(await mark(organization.contact));
    const { contactLastSeenAt, agentLastSeenAt } = await readStateOf(organization.agent);
    expect(agentLastSeenAt).toBeNull();
    expect((await reads()).at(-1)).toMatchObject({
      actorId: organization.contact.id,
      isPublic: true,
      changes: [
        { field: 'contactLastReadSeq', before: 3, after: 7 },
        { field: 'contactLastReadPublicSeq', before: 2, after: 5 },
        { field: 'contactLastSeenAt', after: contactLastSeenAt },
      ],
    });
  });

  test('moves contactLastSeenAt forward only, and changes nothing else of the conversation', async () => {
    const before = await changes.read(organization.agent, conversationId);
    requireResult(await mark(organization.contact));
    const { contactLastSeenAt } = await readStateOf(organization.agent);
    requireResult(await mark(organization.contact, 1));
    expect((await readStateOf(organization.agent)).contactLastSeenAt).toBe(contactLastSeenAt);
    expect(await changes.read(organization.agent, conversationId)).toEqual(before);
  });

  test('who gives the same mark again changes nothing', async () => {
    requireResult(await mark(organization.contact));
    const before = await log();
    requireResult(await mark(organization.contact, 5));
    expect(await log()).toEqual(before);
  });
});

test('markConversationRead of a non-member or a bot succeeds and stores nothing', async () => {
  const before = await log();
  for (const person of [organization.admin, organization.bot]) {
    expect(requireResult(await mark(person))).toMatchObject({ id: conversationId, unreadCount: 0 });
    expect(await readStateOf(person)).toMatchObject({ viewerLastReadSeq: 0, agentLastSeenAt: null });
  }
  expect(await log()).toEqual(before);
});

test('upToSeq out of range is rejected with the valid range in the numbering of the viewer', async () => {
  const before = await log();
  for (const [person, upToSeq, range] of [
    [organization.agent, 8, '0 to 7'],
    [organization.contact, 6, '0 to 5'],
    [organization.admin, 8, '0 to 7'],
    [organization.agent, -1, 'from 1'],
  ] as const) {
    const { refusal } = await mark(person, upToSeq);
    expect(refusal).toMatchObject({
      __typename: 'InvalidInputError',
      message: expect.stringContaining(range),
      issues: [{ code: 'OUT_OF_RANGE', path: ['input', 'upToSeq'] }],
    });
  }
  expect(await log()).toEqual(before);
});

test('markConversationRead returns NotFoundError for foreign, deleted and unknown conversations', async () => {
  const stranger = (await createOrganization(gateway)).agent;
  expect((await mark(organization.otherContact)).refusal?.__typename).toBe('NotFoundError');
  expect((await mark(stranger)).refusal?.__typename).toBe('NotFoundError');
  await gateway.db.writes.conversation.update({
    where: { id: conversationId },
    data: { deletedAt: new Date() },
  });
  expect((await mark(organization.agent)).refusal?.__typename).toBe('NotFoundError');
  expect((await mark(organization.contact)).refusal?.__typename).toBe('NotFoundError');
});

test('markConversationRead with the same idempotencyKey is applied once', async () => {
  const { agent } = organization;
  const input = { conversationId, upToSeq: 7, idempotencyKey: 'read' };
  requireResult(await changes.markRead(agent, input));
  requireResult(await mark(agent, 1));
  requireResult(await changes.markRead(agent, input));
  expect((await readStateOf(agent)).viewerLastReadSeq).toBe(1);
  const { refusal } = await changes.markRead(agent, { ...input, upToSeq: 3 });
  expect(refusal?.__typename).toBe('IdempotencyKeyReusedError');
});

test('concurrent marks and messages keep the counts exact', async () => {
  const { agent, contact } = organization;
  await Promise.all([
    ...[2, 7, 5, 0, 4].map((seq) => mark(agent, seq)),
    ...[1, 2, 3].map(() => changes.send(contact, { conversationId, content: 'More' })),
  ]);
  const { lastReadSeq, readCount } = await memberRow();
  const read = await gateway.db.reads.message.count({
    where: { conversationId, direction: 'INCOMING', seq: { lte: lastReadSeq } },
  });
  expect(readCount).toBe(read);
  expect((await readStateOf(agent)).unreadCount).toBe(6 - read);
});
