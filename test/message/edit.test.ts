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

describe('editing', () => {
  test('sets the text, editedAt and updatedAt, and leaves the conversation as it is', async () => {
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

  test('is one event that the contact hears of, and the log holds no text', async () => {
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

  test('of a note stays among the team', async () => {
    sent = await write(organization.agent, { isPrivate: true });
    requireResult(await update(organization.agent, { content: 'Mine' }));
    expect(await changed()).toMatchObject([{ isPublic: false }]);
  });

  test('with the attributes alone is no edit of the text', async () => {
    const edited = requireResult(await update(organization.agent, { contentAttributes: { items: [] } }));
    expect(edited).toMatchObject({ contentAttributes: { items: [] }, editedAt: null, content: 'Helo' });
    expect(await changed()).toMatchObject([
      { changes: [{ field: 'contentAttributes', before: null, after: null }] },
    ]);
    expect(
      requireResult(await update(organization.agent, { contentAttributes: null })).contentAttributes,
    ).toEqual({});
  });

  test('to what it is already, or of nothing, changes nothing', async () => {
    const before = await log();
    for (const input of [{ content: 'Helo' }, { contentAttributes: {} }, { deliveryStatus: 'SENT' }, {}]) {
      expect(requireResult(await update(organization.agent, input))).toEqual(sent);
    }
    expect(await log()).toEqual(before);
  });

  test('is for the sender alone: a user or a bot', async () => {
    const before = await log();
    for (const [field, value] of Object.entries({ content: 'Mine', contentAttributes: { a: 1 } })) {
      for (const person of [organization.colleague, organization.admin, organization.bot]) {
        const { refusal: refused } = await update(person, { [field]: value });
        expect(refused).toMatchObject({ issues: [{ code: 'NOT_THE_SENDER', path: ['input', field] }] });
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

  test('is not for a contact, not even of their own message', async () => {
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
  ])('to %.40o is refused', async (input, code, field) => {
    const { refusal: refused } = await update(organization.agent, input);
    expect(refused).toMatchObject({ issues: [{ code, path: ['input', field] }] });
    expect(await changed()).toEqual([]);
  });

  test('can take the text away where something is attached', async () => {
    sent = await write(organization.agent, { attachments: [{ fileType: 'FILE', fileName: 'a.pdf' }] });
    expect(requireResult(await update(organization.agent, { content: null })).content).toBeNull();
  });

  test('sent twice with one key is made once', async () => {
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

describe('delivery', () => {
  test.each(STATUSES)('from %s goes forward only, or is tried again', async (from) => {
    const reached: string[] = [];
    for (const to of STATUSES) {
      await gateway.db.writes.message.update({ where: { id: sent.id }, data: { deliveryStatus: from } });
      const { result: moved, refusal: refused } = await update(organization.bot, { deliveryStatus: to });
      if (moved?.deliveryStatus === to) reached.push(to);
      else {
        expect(refused).toMatchObject({
          issues: [{ code: 'INVALID_TRANSITION', path: ['input', 'deliveryStatus'] }],
        });
      }
    }
    expect(reached.join(' ')).toBe(NEXT[from]);
  });

  test('is an event with what it was and what it became, and moves updatedAt but not editedAt', async () => {
    const moved = requireResult(await update(organization.colleague, { deliveryStatus: 'DELIVERED' }));
    expect(moved).toMatchObject({ editedAt: null, conversation: sent.conversation });
    expect(Date.parse(moved.updatedAt)).toBeGreaterThan(Date.parse(sent.updatedAt));
    expect(await changed()).toMatchObject([
      { isPublic: true, changes: [{ field: 'deliveryStatus', before: 'SENT', after: 'DELIVERED' }] },
    ]);
  });

  test('is only that of messages to the contact', async () => {
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

  test('can still be reported after the conversation was closed', async () => {
    requireResult(await changes.setStatus(organization.agent, { conversationId, status: 'CLOSED' }));
    expect(requireResult(await update(organization.bot, { deliveryStatus: 'READ' })).deliveryStatus).toBe(
      'READ',
    );
  });
});

describe('deleting', () => {
  const remove = (person: Person, messageId = sent.id) => changes.deleteMessage(person, { messageId });

  test('takes the text away for everybody, keeps its place, and is one event', async () => {
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

  test('once more changes nothing', async () => {
    const first = requireResult(await remove(organization.agent));
    const before = await log();
    expect(requireResult(await remove(organization.colleague))).toEqual(first);
    expect(await log()).toEqual(before);
  });

  test('leaves nothing to change', async () => {
    requireResult(await remove(organization.agent));
    for (const input of [{ content: 'Back' }, { deliveryStatus: 'READ' }]) {
      expect((await update(organization.agent, input)).refusal).toMatchObject({
        issues: [{ code: 'DELETED', path: ['input', 'messageId'] }],
      });
    }
  });

  test('a bot may its own message only, and a contact none', async () => {
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

  test('of what the contact wrote leaves the counts as they are', async () => {
    requireResult(
      await changes.assign(organization.agent, { conversationId, userId: organization.agent.id }),
    );
    const theirs = await write(organization.contact);
    const { unreadCount, lastSeq } = requireResult(await remove(organization.agent, theirs.id)).conversation;
    expect({ unreadCount, lastSeq }).toEqual({ unreadCount: 1, lastSeq: 2 });
  });
});

test('a message of another organization, of a deleted conversation, or none at all is not found', async () => {
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
  for (const { refusal: refused } of answers) {
    expect(refused).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining('no message for input.messageId'),
    });
  }
  expect(await changed()).toEqual([]);
});
