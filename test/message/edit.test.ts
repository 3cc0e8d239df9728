import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import {
  createMutations,
  type MessageState,
  type Mutations,
  type Person,
  requireResult,
} from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;
let sent: MessageState;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
  sent = await write(organization.agent);
});

const write = async (person: Person, input: object = {}) =>
  requireResult(await changes.send(person, { conversationId, content: 'Helo', ...input }));
const update = (person: Person, input: object) => changes.update(person, { messageId: sent.id, ...input });
const log = () => eventsOf(gateway, { organizationId: organization.id, conversationId });
const changed = async () => (await log()).filter(({ type }) => type === 'MESSAGE_CHANGED');

async function read(person: Person, id = sent.id) {
  const query = `query ($id: ID!) { node(id: $id) { ... on Message { content contentAttributes deliveryStatus deletedAt editedAt } } }`;
  return (await gateway.ask(person, query, { id })).data.node;
}

describe('updateMessage', () => {
  test('sets content, editedAt and updatedAt, and keeps the conversation unchanged', async () => {
    const edited = requireResult(await update(organization.agent, { content: 'Hello' }));
    expect(edited).toMatchObject({
      content: 'Hello',
      seq: sent.seq,
      editedAt: edited.updatedAt,
      conversation: sent.conversation,
    });
    expect(Date.parse(edited.updatedAt)).toBeGreaterThan(Date.parse(sent.updatedAt));
    expect(await read(organization.contact)).toMatchObject({ content: 'Hello', editedAt: edited.editedAt });
  });

  test('logs one public event without the text', async () => {
    const { cursor } = await update(organization.agent, { content: 'Hello' });
    expect(await changed()).toMatchObject([
      {
        messageId: sent.id,
        actorId: organization.agent.id,
        isPublic: true,
        changes: [{ field: 'content', before: null, after: null }],
      },
    ]);
    expect(JSON.stringify(await log())).not.toMatch(/Hel/);
    expect(cursor).toBeDefined();
  });

  test('logs a private event for a note', async () => {
    sent = await write(organization.agent, { isPrivate: true });
    requireResult(await update(organization.agent, { content: 'Mine' }));
    expect(await changed()).toMatchObject([{ isPublic: false }]);
  });

  test('keeps editedAt when only contentAttributes change', async () => {
    const edited = requireResult(await update(organization.agent, { contentAttributes: { items: [] } }));
    expect(edited).toMatchObject({ contentAttributes: { items: [] }, editedAt: null, content: 'Helo' });
    expect(await changed()).toMatchObject([
      { changes: [{ field: 'contentAttributes', before: null, after: null }] },
    ]);
    expect(
      requireResult(await update(organization.agent, { contentAttributes: null })).contentAttributes,
    ).toEqual({});
  });

  test('the same values, or no values, change nothing', async () => {
    const before = await log();
    for (const input of [{ content: 'Helo' }, { contentAttributes: {} }, { deliveryStatus: 'SENT' }, {}]) {
      expect(requireResult(await update(organization.agent, input))).toEqual(sent);
    }
    expect(await log()).toEqual(before);
  });

  test('is allowed only for the sender, a user or a bot', async () => {
    const before = await log();
    for (const [field, value] of Object.entries({ content: 'Mine', contentAttributes: { a: 1 } })) {
      for (const person of [organization.colleague, organization.admin, organization.bot]) {
        const { refusal } = await update(person, { [field]: value });
        expect(refusal).toMatchObject({ issues: [{ code: 'NOT_THE_SENDER', path: ['input', field] }] });
      }
    }
    expect(await log()).toEqual(before);
    sent = await write(organization.bot);
    expect(requireResult(await update(organization.bot, { content: 'Hello' })).content).toBe('Hello');
    sent = await write(organization.contact);
    expect((await update(organization.agent, { content: 'Theirs' })).refusal?.issues).toMatchObject([
      { code: 'NOT_THE_SENDER' },
    ]);
  });

  test('is forbidden for contacts, also for their own messages', async () => {
    sent = await write(organization.contact);
    const { errors } = await update(organization.contact, { content: 'Hello' });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await read(organization.agent)).toMatchObject({ content: 'Helo' });
  });

  test.each([
    [{ content: ' ' }, 'REQUIRED', 'content'],
    [{ content: null }, 'REQUIRED', 'content'],
    [{ content: 'x'.repeat(50_001) }, 'TOO_LONG', 'content'],
    [{ contentAttributes: [1] }, 'NOT_AN_OBJECT', 'contentAttributes'],
    [{ contentAttributes: { a: 'x'.repeat(66_000) } }, 'TOO_LONG', 'contentAttributes'],
  ])('rejects %.40o', async (input, code, field) => {
    const { refusal } = await update(organization.agent, input);
    expect(refusal).toMatchObject({ issues: [{ code, path: ['input', field] }] });
    expect(await changed()).toEqual([]);
  });

  test('allows empty content when there are attachments', async () => {
    sent = await write(organization.agent, { attachments: [{ fileType: 'FILE', fileName: 'a.pdf' }] });
    expect(requireResult(await update(organization.agent, { content: null })).content).toBeNull();
  });

  test('is applied once with the same idempotencyKey', async () => {
    const input = { content: 'Hello', idempotencyKey: 'edit' };
    requireResult(await update(organization.agent, input));
    requireResult(await update(organization.agent, { content: 'Other' }));
    expect(requireResult(await update(organization.agent, input)).content).toBe('Other');
    const other = await update(organization.agent, { ...input, content: 'Else' });
    expect(other.refusal?.__typename).toBe('IdempotencyKeyReusedError');
    expect(await changed()).toHaveLength(2);
  });
});

const STATUSES = ['SENDING', 'SENT', 'DELIVERED', 'READ', 'FAILED'] as const;
const NEXT: Record<(typeof STATUSES)[number], string> = {
  SENDING: 'SENDING SENT DELIVERED READ FAILED',
  SENT: 'SENT DELIVERED READ FAILED',
  DELIVERED: 'DELIVERED READ',
  READ: 'READ',
  FAILED: 'SENDING SENT FAILED',
};

describe('deliveryStatus', () => {
  test.each(STATUSES)('from %s moves forward only, or is retried after FAILED', async (from) => {
    const reached: string[] = [];
    for (const to of STATUSES) {
      await gateway.db.writes.message.update({ where: { id: sent.id }, data: { deliveryStatus: from } });
      const { result: moved, refusal } = await update(organization.bot, { deliveryStatus: to });
      if (moved?.deliveryStatus === to) reached.push(to);
      else {
        expect(refusal).toMatchObject({
          issues: [{ code: 'INVALID_TRANSITION', path: ['input', 'deliveryStatus'] }],
        });
      }
    }
    expect(reached.join(' ')).toBe(NEXT[from]);
  });

  test('logs before and after, and updates updatedAt but not editedAt', async () => {
    const moved = requireResult(await update(organization.colleague, { deliveryStatus: 'DELIVERED' }));
    expect(moved).toMatchObject({ editedAt: null, conversation: sent.conversation });
    expect(Date.parse(moved.updatedAt)).toBeGreaterThan(Date.parse(sent.updatedAt));
    expect(await changed()).toMatchObject([
      { isPublic: true, changes: [{ field: 'deliveryStatus', before: 'SENT', after: 'DELIVERED' }] },
    ]);
  });

  test('exists only for messages to the contact', async () => {
    for (const [person, isPrivate] of [
      [organization.contact, false],
      [organization.agent, true],
    ] as const) {
      sent = await write(person, isPrivate ? { isPrivate } : {});
      expect((await update(organization.agent, { deliveryStatus: 'READ' })).refusal).toMatchObject({
        issues: [{ code: 'NOT_OUTGOING', path: ['input', 'deliveryStatus'] }],
      });
    }
  });

  test('can change after the conversation was closed', async () => {
    requireResult(await changes.setStatus(organization.agent, { conversationId, status: 'CLOSED' }));
    expect(requireResult(await update(organization.bot, { deliveryStatus: 'READ' })).deliveryStatus).toBe(
      'READ',
    );
  });
});

describe('deleteMessage', () => {
  const remove = (person: Person, messageId = sent.id) => changes.deleteMessage(person, { messageId });

  test('hides the text from everybody, keeps seq, and logs one event', async () => {
    const deleted = requireResult(await remove(organization.colleague));
    expect(deleted).toMatchObject({ content: null, seq: sent.seq, conversation: sent.conversation });
    expect(await read(organization.contact)).toMatchObject({ content: null, deletedAt: deleted.deletedAt });
    expect(await changed()).toMatchObject([
      {
        messageId: sent.id,
        isPublic: true,
        changes: [{ field: 'deletedAt', before: null, after: deleted.deletedAt }],
      },
    ]);
  });

  test('a repeated call changes nothing', async () => {
    const first = requireResult(await remove(organization.agent));
    const before = await log();
    expect(requireResult(await remove(organization.colleague))).toEqual(first);
    expect(await log()).toEqual(before);
  });

  test('a deleted message rejects changes', async () => {
    requireResult(await remove(organization.agent));
    for (const input of [{ content: 'Back' }, { deliveryStatus: 'READ' }]) {
      expect((await update(organization.agent, input)).refusal).toMatchObject({
        issues: [{ code: 'DELETED', path: ['input', 'messageId'] }],
      });
    }
  });

  test('a bot can delete only its own messages, a contact none', async () => {
    expect((await remove(organization.bot)).refusal).toMatchObject({
      issues: [{ code: 'NOT_THE_SENDER', path: ['input', 'messageId'] }],
    });
    const own = await write(organization.bot);
    expect(requireResult(await remove(organization.bot, own.id)).deletedAt).not.toBeNull();
    const theirs = await write(organization.contact);
    const { errors } = await remove(organization.contact, theirs.id);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await read(organization.agent, theirs.id)).toMatchObject({ content: 'Helo', deletedAt: null });
  });

  test('deleting a message of the contact keeps the counts', async () => {
    requireResult(
      await changes.assign(organization.agent, { conversationId, userId: organization.agent.id }),
    );
    const theirs = await write(organization.contact);
    const { unreadCount, lastSeq } = requireResult(await remove(organization.agent, theirs.id)).conversation;
    expect({ unreadCount, lastSeq }).toEqual({ unreadCount: 1, lastSeq: 2 });
  });
});

test('a message of another organization or a deleted conversation, or an unknown id, is not found', async () => {
  const stranger = (await createOrganization(gateway)).agent;
  const answers = [
    await update(stranger, { content: 'Mine' }),
    await changes.deleteMessage(stranger, { messageId: sent.id }),
    await update(organization.agent, { messageId: 'MSG-nonsense', content: 'Mine' }),
  ];
  await gateway.db.writes.conversation.update({
    where: { id: conversationId },
    data: { deletedAt: new Date() },
  });
  answers.push(
    await update(organization.agent, { content: 'Mine' }),
    await changes.deleteMessage(organization.agent, { messageId: sent.id }),
  );
  for (const { refusal } of answers) {
    expect(refusal).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining('no message for input.messageId'),
    });
  }
  expect(await changed()).toEqual([]);
});
