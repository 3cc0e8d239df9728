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
import { cursorAt, eventsOf } from '../support/log.ts';
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

describe('claimConversation', () => {
  test('makes the viewer owner and member, in one event', async () => {
    const { agent } = organization;
    const asked = await mutate('claimConversation', agent, { conversationId });
    expect(asked.result).toMatchObject({
      owner: { id: agent.id },
      members: [{ user: { id: agent.id }, addedBy: null, lastReadSeq: 0 }],
      handledBy: 'TEAM',
      version: 2,
    });
    const [, claimed, ...others] = await log();
    expect(others).toEqual([]);
    expect(claimed).toMatchObject({
      type: 'ASSIGNED',
      actorId: agent.id,
      subjectId: agent.id,
      isPublic: true,
      changes: [
        { field: 'owner', before: null, after: agent.id },
        { field: 'members', before: null, after: agent.id },
      ],
    });
    expect(asked.cursor).toBe(await cursorAt(gateway, organization.id, claimed?.position ?? 0));
  });

  test('sets handledBy from BOT to TEAM', async () => {
    conversationId = await openConversation(gateway, organization, { botId: organization.bot.id });
    expect(
      await expectChanged(mutate('claimConversation', organization.agent, { conversationId })),
    ).toMatchObject({
      handledBy: 'TEAM',
      bot: { id: organization.bot.id },
    });
  });

  test('does nothing for the owner', async () => {
    const { agent } = organization;
    const before = await expectChanged(mutate('claimConversation', agent, { conversationId }));
    expect(await expectChanged(mutate('claimConversation', agent, { conversationId }))).toEqual(before);
    expect(await log()).toHaveLength(2);
  });

  test('returns AlreadyAssignedError with the conversation and its owner', async () => {
    const { agent, colleague } = organization;
    await expectChanged(mutate('claimConversation', agent, { conversationId }));
    const refusal = await expectRefused(gateway, colleague, () =>
      mutate('claimConversation', colleague, { conversationId }),
    );
    expect(refusal).toMatchObject({
      __typename: 'AlreadyAssignedError',
      message: expect.stringContaining('Somebody else'),
      conversation: { id: conversationId, owner: { id: agent.id }, version: 2 },
    });
  });

  test('concurrent claims: one succeeds, the others get AlreadyAssignedError with the owner', async () => {
    const people = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        gateway.db.writes.user.create({
          data: {
            id: newId('User'),
            organizationId: organization.id,
            name: `P${index}`,
            displayName: `P${index}`,
            email: `p${index}@example.com`,
          },
        }),
      ),
    );
    const answers = await Promise.all(
      people.map((person) => mutate('claimConversation', person, { conversationId })),
    );
    const [winner, ...otherWinners] = answers.filter(({ result }) => result.__typename === 'Conversation');
    expect(otherWinners).toEqual([]);
    const losers = answers.filter((answer) => answer !== winner);
    for (const { result } of losers) {
      expect(result).toMatchObject({
        __typename: 'AlreadyAssignedError',
        conversation: { owner: winner?.result.owner },
      });
    }
    expect(await log()).toHaveLength(2);
  });

  test('is forbidden for bots and contacts', async () => {
    for (const person of [organization.bot, organization.contact]) {
      const ask = () => mutate('claimConversation', person, { conversationId });
      expect(await expectForbidden(gateway, person, ask)).toBe('FORBIDDEN');
    }
  });
});

describe('handOverConversation', () => {
  test('to a user makes the user owner and member', async () => {
    const { bot, agent } = organization;
    conversationId = await openConversation(gateway, organization, { botId: bot.id });
    const after = await expectChanged(mutate('handOverConversation', bot, { conversationId, to: agent.id }));
    expect(after).toMatchObject({
      owner: { id: agent.id },
      members: [{ user: { id: agent.id }, addedBy: null }],
      handledBy: 'TEAM',
      bot: { id: bot.id },
      version: 2,
    });
    expect(await last()).toMatchObject({
      type: 'HANDED_OVER',
      actorId: bot.id,
      subjectId: agent.id,
      isPublic: true,
      changes: [
        { field: 'owner', before: null, after: agent.id },
        { field: 'handledBy', before: 'BOT', after: 'TEAM' },
        { field: 'members', before: null, after: agent.id },
      ],
    });
  });

  test('to a bot sets handledBy to BOT and clears the owner', async () => {
    const { bot, agent } = organization;
    await expectChanged(mutate('claimConversation', agent, { conversationId }));
    const after = await expectChanged(mutate('handOverConversation', agent, { conversationId, to: bot.id }));
    expect(after).toMatchObject({
      owner: null,
      members: [{ user: { id: agent.id } }],
      handledBy: 'BOT',
      bot: { id: bot.id },
      version: 3,
    });
    expect(await last()).toMatchObject({
      type: 'HANDED_OVER',
      actorId: agent.id,
      subjectId: bot.id,
      isPublic: true,
      changes: [
        { field: 'owner', before: agent.id, after: null },
        { field: 'bot', before: null, after: bot.id },
        { field: 'handledBy', before: 'TEAM', after: 'BOT' },
      ],
    });
  });

  test.each([{}, { to: null }])(
    'to the queue (%j) sets handledBy to TEAM and clears the owner',
    async (to) => {
      const { bot, agent } = organization;
      await expectChanged(mutate('handOverConversation', agent, { conversationId, to: bot.id }));
      const after = await expectChanged(mutate('handOverConversation', bot, { conversationId, ...to }));
      expect(after).toMatchObject({ owner: null, handledBy: 'TEAM', bot: { id: bot.id }, version: 3 });
      expect(await last()).toMatchObject({
        type: 'HANDED_OVER',
        subjectId: null,
        changes: [{ field: 'handledBy', before: 'BOT', after: 'TEAM' }],
      });
    },
  );

  test('creates no version and no event when nothing changes', async () => {
    const { agent } = organization;
    const before = await expectChanged(
      mutate('handOverConversation', agent, { conversationId, to: agent.id }),
    );
    expect(
      await expectChanged(mutate('handOverConversation', agent, { conversationId, to: agent.id })),
    ).toEqual(before);
    expect(await log()).toHaveLength(2);
  });

  test('a note is a private message; the contact receives neither the note nor the member change', async () => {
    const { agent, colleague, contact } = organization;
    const input = { conversationId, to: colleague.id, note: 'Wants a refund', idempotencyKey: 'once' };
    const asked = await mutate('handOverConversation', agent, input);
    expect(asked.result).toMatchObject({ owner: { id: colleague.id }, lastSeq: 1, version: 2 });
    const [, handedOver, noted, ...others] = await log();
    expect(others).toEqual([]);
    expect(handedOver).toMatchObject({ type: 'HANDED_OVER', isPublic: true });
    expect(noted).toMatchObject({ type: 'MESSAGE_ADDED', isPublic: false, actorId: agent.id });
    expect(asked.cursor).toBe(await cursorAt(gateway, organization.id, noted?.position ?? 0));

    const again = await mutate('handOverConversation', agent, input);
    expect(again).toEqual({ ...asked, replayed: true });
    expect(await log()).toHaveLength(3);

    const document = `query ($id: ID!) { conversation(id: $id) { lastSeq messages { nodes { content isPrivate sender { id } } } } }`;
    const notes = (await gateway.ask(colleague, document, { id: conversationId })).data.conversation;
    expect(notes.messages.nodes).toEqual([
      { content: 'Wants a refund', isPrivate: true, sender: { id: agent.id } },
    ]);
    const seen = (await gateway.ask(contact, document, { id: conversationId })).data.conversation;
    expect(seen).toEqual({ lastSeq: 0, messages: { nodes: [] } });
  });

  test('to the current owner with a note adds the note only', async () => {
    const { agent } = organization;
    await expectChanged(mutate('claimConversation', agent, { conversationId }));
    const input = { conversationId, to: agent.id, note: 'Still mine' };
    expect(await expectChanged(mutate('handOverConversation', agent, input))).toMatchObject({
      version: 2,
      lastSeq: 1,
    });
    expect((await log()).map(({ type }) => type)).toEqual(['CREATED', 'ASSIGNED', 'MESSAGE_ADDED']);
  });

  test('rejects an id of another type', async () => {
    const { agent, contact } = organization;
    for (const to of [contact.id, organization.id, 'nonsense', '']) {
      const ask = () => mutate('handOverConversation', agent, { conversationId, to });
      expect(await expectRefused(gateway, agent, ask)).toMatchObject({
        __typename: 'InvalidInputError',
        issues: [{ code: 'WRONG_TYPE', path: ['input', 'to'], message: expect.stringContaining('USR-') }],
      });
    }
  });

  test.each([
    ['', 'REQUIRED'],
    ['  ', 'REQUIRED'],
    ['x'.repeat(50_001), 'TOO_LONG'],
  ])('rejects an empty note and one that is too long', async (note, code) => {
    const { agent } = organization;
    const ask = () => mutate('handOverConversation', agent, { conversationId, to: agent.id, note });
    expect(await expectRefused(gateway, agent, ask)).toMatchObject({
      issues: [{ code, path: ['input', 'note'] }],
    });
  });

  test('returns the same NotFoundError for unknown, removed and foreign targets', async () => {
    const { agent, colleague, bot } = organization;
    const stranger = await createOrganization(gateway);
    const { writes } = gateway.db;
    await writes.user.update({ where: { id: colleague.id }, data: { removedAt: new Date() } });
    await writes.bot.update({ where: { id: bot.id }, data: { removedAt: new Date() } });
    for (const [what, ids] of [
      ['user', [stranger.agent.id, colleague.id, newId('User')]],
      ['bot', [stranger.bot.id, bot.id, newId('Bot')]],
    ] as const) {
      for (const to of ids) {
        const ask = () => mutate('handOverConversation', agent, { conversationId, to, note: 'Not kept' });
        expect(await expectRefused(gateway, agent, ask)).toEqual({
          __typename: 'NotFoundError',
          message: `There is no ${what} for input.to "${to}". Check the id; it may also have been removed, or not be yours to see.`,
        });
      }
    }
  });

  test('is forbidden for contacts', async () => {
    const { contact } = organization;
    const ask = () => mutate('handOverConversation', contact, { conversationId });
    expect(await expectForbidden(gateway, contact, ask)).toBe('FORBIDDEN');
  });
});

test('claim and handover return NotFoundError for foreign and deleted conversations', async () => {
  const stranger = (await createOrganization(gateway)).agent;
  const { agent } = organization;
  for (const mutation of ['claimConversation', 'handOverConversation', 'assignConversation']) {
    const ask = () => mutate(mutation, stranger, { conversationId });
    expect(await expectRefused(gateway, stranger, ask)).toMatchObject({ __typename: 'NotFoundError' });
  }
  await expectChanged(mutate('deleteConversation', agent, { conversationId }));
  for (const mutation of ['claimConversation', 'handOverConversation', 'assignConversation']) {
    expect(
      await expectRefused(gateway, agent, () => mutate(mutation, agent, { conversationId })),
    ).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining('restore it first'),
    });
  }
  expect(await readConversation(gateway, agent, conversationId)).toMatchObject({ owner: null, version: 2 });
});
