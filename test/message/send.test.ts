import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
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

beforeEach(async () => {
  conversationId = await openConversation(gateway, organization);
});

const log = () => eventsOf(gateway, { organizationId: organization.id, conversationId });
const say = async (content: string) =>
  requireResult(await changes.send(organization.agent, { conversationId, content }));
const note = async (content: string) =>
  requireResult(await changes.send(organization.agent, { conversationId, content, isPrivate: true }));
const ask = async (content: string) =>
  requireResult(await changes.send(organization.contact, { conversationId, content }));

describe('message numbers', () => {
  test('seq counts all messages for the team and public messages for the contact', async () => {
    await ask('one');
    await note('two');
    await say('three');
    await note('four');
    await ask('five');
    const seqs = async (person: Person) => {
      const query = `query ($id: ID!) { conversation(id: $id) { lastSeq messages(first: 100) { nodes { content seq } } } }`;
      const { lastSeq, messages } = (await gateway.ask(person, query, { id: conversationId })).data
        .conversation;
      return {
        lastSeq,
        messages: messages.nodes.map(
          (node: { content: string; seq: number }) => `${node.seq} ${node.content}`,
        ),
      };
    };
    expect(await seqs(organization.agent)).toEqual({
      lastSeq: 5,
      messages: ['1 one', '2 two', '3 three', '4 four', '5 five'],
    });
    expect(await seqs(organization.contact)).toEqual({
      lastSeq: 3,
      messages: ['1 one', '2 three', '3 five'],
    });
  });

  test('the payload uses the numbering of the sender', async () => {
    await note('for us');
    expect((await ask('Hello')).seq).toBe(1);
    expect((await say('Hi')).seq).toBe(3);
  });
});

describe('sendMessage', () => {
  test('stores sender, direction and time, and logs one event at the position of the returned cursor', async () => {
    const { agent, contact, bot } = organization;
    for (const [sender, type, direction, changed] of [
      [agent, 'User', 'OUTGOING', []],
      [contact, 'Contact', 'INCOMING', ['waitingSince']],
      [bot, 'Bot', 'OUTGOING', ['waitingSince']],
    ] as const) {
      const { result: message, cursor } = await changes.send(sender, { conversationId, content: 'Hello' });
      expect(message).toMatchObject({
        content: 'Hello',
        direction,
        isPrivate: false,
        sender: { __typename: type, id: sender.id },
      });
      const added = (await log()).at(-1);
      expect(added).toMatchObject({
        type: 'MESSAGE_ADDED',
        actorId: sender.id,
        messageId: message?.id,
        isPublic: true,
      });
      expect(added?.changes.map(({ field }) => field)).toEqual(changed);
      expect(cursor).toBe(await cursorAt(gateway, organization.id, added?.position ?? 0));
    }
    expect(await log()).toHaveLength(4);
  });

  test('sets lastInteractedAt and updatedAt to the time of the message and keeps version', async () => {
    const { createdAt, conversation } = await say('Hello');
    expect(conversation).toMatchObject({ lastInteractedAt: createdAt, updatedAt: createdAt, version: 1 });
  });

  test('a note keeps version, updatedAt, lastInteractedAt and waitingSince', async () => {
    await ask('Hello?');
    const before = await changes.read(organization.agent, conversationId);
    const { conversation } = await note('Who takes this?');
    expect(conversation).toEqual({ ...before, lastSeq: before.lastSeq + 1 });
    expect(await changes.read(organization.contact, conversationId)).toMatchObject({
      lastSeq: 1,
      updatedAt: before.updatedAt,
    });
    expect((await log()).at(-1)).toMatchObject({ type: 'MESSAGE_ADDED', isPublic: false });
  });

  test('a note is allowed where a reply is rejected', async () => {
    await changes.setStatus(organization.agent, { conversationId, status: 'CLOSED' });
    expect((await note('Why closed?')).conversation.status).toBe('CLOSED');
  });

  test('a contact can not write notes', async () => {
    const { result: sent, errors } = await changes.send(organization.contact, {
      conversationId,
      content: 'Hi',
      isPrivate: true,
    });
    expect(sent).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await log()).toHaveLength(1);
  });
});

describe('replyTo', () => {
  test('returns the referenced message', async () => {
    const question = await ask('When?');
    const { result: answer } = await changes.send(organization.agent, {
      conversationId,
      content: 'Now',
      replyToId: question.id,
    });
    expect(answer?.replyTo).toEqual({ id: question.id });
  });

  test('rejects a message of another conversation and an unknown id', async () => {
    const elsewhere = await openConversation(gateway, organization);
    const other = requireResult(
      await changes.send(organization.agent, { conversationId: elsewhere, content: 'Here' }),
    );
    for (const replyToId of [other.id, 'MSG-01J00000000000000000000000']) {
      const { refusal } = await changes.send(organization.agent, {
        conversationId,
        content: 'Now',
        replyToId,
      });
      expect(refusal).toMatchObject({
        __typename: 'NotFoundError',
        message: expect.stringContaining('input.replyToId'),
      });
    }
    expect(await log()).toHaveLength(1);
  });

  test('a contact can not reference a note, and sees null when the team did', async () => {
    const { id: replyToId } = await note('Careful');
    const { refusal } = await changes.send(organization.contact, {
      conversationId,
      content: 'What?',
      replyToId,
    });
    expect(refusal).toMatchObject({ __typename: 'NotFoundError' });

    const answer = requireResult(
      await changes.send(organization.agent, { conversationId, content: 'Sure', replyToId }),
    );
    expect(answer.replyTo).toEqual({ id: replyToId });
    const query = `query ($id: ID!) { node(id: $id) { ... on Message { content replyTo { id } } } }`;
    const { data } = await gateway.ask(organization.contact, query, { id: answer.id });
    expect(data.node).toEqual({ content: 'Sure', replyTo: null });
  });
});

describe('mentions', () => {
  test('are deduplicated', async () => {
    const { agent, colleague } = organization;
    const mentionedUserIds = [colleague.id, agent.id, colleague.id];
    const { result: message } = await changes.send(agent, {
      conversationId,
      content: '@Ben',
      isPrivate: true,
      mentionedUserIds,
    });
    expect(message?.mentions.map(({ id }) => id).sort()).toEqual([agent.id, colleague.id].sort());
  });

  test('rejects users of another organization, and mentions by a contact', async () => {
    const stranger = (await createOrganization(gateway)).agent;
    const input = { conversationId, content: 'Hi', mentionedUserIds: [organization.agent.id, stranger.id] };
    expect((await changes.send(organization.agent, input)).refusal).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining(stranger.id),
    });
    expect((await changes.send(organization.contact, input)).refusal).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ code: 'NOT_ALLOWED', path: ['input', 'mentionedUserIds'] }],
    });
    expect(await log()).toHaveLength(1);
  });
});

describe('attachments', () => {
  test('keep their order and need no content', async () => {
    const attachments = [
      { fileType: 'IMAGE', fileName: 'b.png', dataUrl: 'https://files.example/b.png', meta: { alt: 'B' } },
      { fileType: 'FILE', fileName: 'a.pdf', dataUrl: 'https://files.example/a.pdf' },
    ];
    const { result: message } = await changes.send(organization.contact, { conversationId, attachments });
    expect(message).toMatchObject({ content: null });
    expect(message?.attachments).toEqual([attachments[0], { ...attachments[1], meta: {} }]);
  });
});

describe('expectedLastSeq', () => {
  test('accepts the newest seq', async () => {
    await ask('one');
    const { result: message } = await changes.send(organization.agent, {
      conversationId,
      content: 'two',
      expectedLastSeq: 1,
    });
    expect(message?.seq).toBe(2);
  });

  test('returns NewerMessagesError with the newer messages, oldest first', async () => {
    await ask('one');
    await note('two');
    await ask('three');
    const { refusal } = await changes.send(organization.agent, {
      conversationId,
      content: 'four',
      expectedLastSeq: 1,
    });
    expect(refusal).toMatchObject({
      __typename: 'NewerMessagesError',
      conversation: { id: conversationId, lastSeq: 3 },
      newer: [
        { seq: 2, content: 'two' },
        { seq: 3, content: 'three' },
      ],
    });
    expect((await changes.read(organization.agent, conversationId)).lastSeq).toBe(3);
  });

  test('uses public numbers for a contact and ignores notes', async () => {
    await ask('one');
    await note('for us');
    const input = { conversationId, content: 'more', expectedLastSeq: 1 };
    expect((await changes.send(organization.contact, input)).result?.seq).toBe(2);

    await note('for us again');
    await say('three');
    const { refusal } = await changes.send(organization.contact, { ...input, expectedLastSeq: 2 });
    expect(refusal).toMatchObject({
      __typename: 'NewerMessagesError',
      conversation: { lastSeq: 3 },
      newer: [{ seq: 3, content: 'three' }],
    });
    expect(refusal?.message).toContain('There are messages after 2: the newest is 3.');
  });

  test('accepts one of two concurrent messages', async () => {
    const answers = await Promise.all(
      [organization.agent, organization.colleague].map((user) =>
        changes.send(user, { conversationId, content: 'Mine', expectedLastSeq: 0 }),
      ),
    );
    expect(answers.map(({ refusal }) => refusal?.__typename ?? 'sent').sort()).toEqual([
      'NewerMessagesError',
      'sent',
    ]);
    expect((await changes.read(organization.agent, conversationId)).lastSeq).toBe(1);
  });
});
