import { describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { expectChanged, expectForbidden, expectRefused } from '../support/conversation-mutations.ts';
import { useConversation } from '../support/conversation-scene.ts';
import { cursorAt } from '../support/log.ts';
import { createOrganization } from '../support/organization.ts';

const scene = useConversation();

describe('claimConversation', () => {
  test('makes the viewer owner and member, in one event', async () => {
    const { agent } = scene.organization;
    const asked = await scene.mutate('claimConversation', agent);
    expect(asked.result).toMatchObject({
      owner: { id: agent.id },
      members: [{ user: { id: agent.id }, addedBy: null, lastReadSeq: 0 }],
      handledBy: 'TEAM',
      version: 2,
    });
    const [, claimed, ...others] = await scene.events();
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
    expect(asked.cursor).toBe(await cursorAt(scene.gateway, scene.organization.id, claimed?.position ?? 0));
  });

  test('sets handledBy from BOT to TEAM', async () => {
    await scene.open({ botId: scene.organization.bot.id });
    expect(await expectChanged(scene.mutate('claimConversation', scene.organization.agent))).toMatchObject({
      handledBy: 'TEAM',
      bot: { id: scene.organization.bot.id },
    });
  });

  test('does nothing for the owner', async () => {
    const { agent } = scene.organization;
    const before = await expectChanged(scene.mutate('claimConversation', agent));
    expect(await expectChanged(scene.mutate('claimConversation', agent))).toEqual(before);
    expect(await scene.events()).toHaveLength(2);
  });

  test('returns AlreadyAssignedError with the conversation and its owner', async () => {
    const { agent, colleague } = scene.organization;
    await expectChanged(scene.mutate('claimConversation', agent));
    const refusal = await expectRefused(scene.gateway, colleague, () =>
      scene.mutate('claimConversation', colleague),
    );
    expect(refusal).toMatchObject({
      __typename: 'AlreadyAssignedError',
      message: expect.stringContaining('Somebody else'),
      conversation: { id: scene.conversationId, owner: { id: agent.id }, version: 2 },
    });
  });

  test('concurrent claims: one succeeds, the others get AlreadyAssignedError with the owner', async () => {
    const people = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        scene.gateway.db.writes.user.create({
          data: {
            id: newId('User'),
            organizationId: scene.organization.id,
            name: `P${index}`,
            displayName: `P${index}`,
            email: `p${index}@example.com`,
          },
        }),
      ),
    );
    const answers = await Promise.all(people.map((person) => scene.mutate('claimConversation', person)));
    const [winner, ...otherWinners] = answers.filter(({ result }) => result.__typename === 'Conversation');
    expect(otherWinners).toEqual([]);
    const losers = answers.filter((answer) => answer !== winner);
    for (const { result } of losers) {
      expect(result).toMatchObject({
        __typename: 'AlreadyAssignedError',
        conversation: { owner: winner?.result.owner },
      });
    }
    expect(await scene.events()).toHaveLength(2);
  });

  test('is forbidden for bots and contacts', async () => {
    for (const person of [scene.organization.bot, scene.organization.contact]) {
      const ask = () => scene.mutate('claimConversation', person);
      expect(await expectForbidden(scene.gateway, person, ask)).toBe('FORBIDDEN');
    }
  });
});

describe('handOverConversation', () => {
  test('to a user makes the user owner and member', async () => {
    const { bot, agent } = scene.organization;
    await scene.open({ botId: bot.id });
    const after = await expectChanged(scene.mutate('handOverConversation', bot, { to: agent.id }));
    expect(after).toMatchObject({
      owner: { id: agent.id },
      members: [{ user: { id: agent.id }, addedBy: null }],
      handledBy: 'TEAM',
      bot: { id: bot.id },
      version: 2,
    });
    expect(await scene.lastEvent()).toMatchObject({
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
    const { bot, agent } = scene.organization;
    await expectChanged(scene.mutate('claimConversation', agent));
    const after = await expectChanged(scene.mutate('handOverConversation', agent, { to: bot.id }));
    expect(after).toMatchObject({
      owner: null,
      members: [{ user: { id: agent.id } }],
      handledBy: 'BOT',
      bot: { id: bot.id },
      version: 3,
    });
    expect(await scene.lastEvent()).toMatchObject({
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
      const { bot, agent } = scene.organization;
      await expectChanged(scene.mutate('handOverConversation', agent, { to: bot.id }));
      const after = await expectChanged(scene.mutate('handOverConversation', bot, { ...to }));
      expect(after).toMatchObject({ owner: null, handledBy: 'TEAM', bot: { id: bot.id }, version: 3 });
      expect(await scene.lastEvent()).toMatchObject({
        type: 'HANDED_OVER',
        subjectId: null,
        changes: [{ field: 'handledBy', before: 'BOT', after: 'TEAM' }],
      });
    },
  );

  test('creates no version and no event when nothing changes', async () => {
    const { agent } = scene.organization;
    const before = await expectChanged(scene.mutate('handOverConversation', agent, { to: agent.id }));
    expect(await expectChanged(scene.mutate('handOverConversation', agent, { to: agent.id }))).toEqual(
      before,
    );
    expect(await scene.events()).toHaveLength(2);
  });

  test('a note is a private message; the contact receives neither the note nor the member change', async () => {
    const { agent, colleague, contact } = scene.organization;
    const input = {
      conversationId: scene.conversationId,
      to: colleague.id,
      note: 'Wants a refund',
      idempotencyKey: 'once',
    };
    const asked = await scene.mutate('handOverConversation', agent, input);
    expect(asked.result).toMatchObject({ owner: { id: colleague.id }, lastSeq: 1, version: 2 });
    const [, handedOver, noted, ...others] = await scene.events();
    expect(others).toEqual([]);
    expect(handedOver).toMatchObject({ type: 'HANDED_OVER', isPublic: true });
    expect(noted).toMatchObject({ type: 'MESSAGE_ADDED', isPublic: false, actorId: agent.id });
    expect(asked.cursor).toBe(await cursorAt(scene.gateway, scene.organization.id, noted?.position ?? 0));

    const again = await scene.mutate('handOverConversation', agent, input);
    expect(again).toEqual({ ...asked, replayed: true });
    expect(await scene.events()).toHaveLength(3);

    const document = `query ($id: ID!) { conversation(id: $id) { lastSeq messages { nodes { content isPrivate sender { id } } } } }`;
    const notes = (await scene.gateway.ask(colleague, document, { id: scene.conversationId })).data
      .conversation;
    expect(notes.messages.nodes).toEqual([
      { content: 'Wants a refund', isPrivate: true, sender: { id: agent.id } },
    ]);
    const seen = (await scene.gateway.ask(contact, document, { id: scene.conversationId })).data.conversation;
    expect(seen).toEqual({ lastSeq: 0, messages: { nodes: [] } });
  });

  test('to the current owner with a note adds the note only', async () => {
    const { agent } = scene.organization;
    await expectChanged(scene.mutate('claimConversation', agent));
    const input = { to: agent.id, note: 'Still mine' };
    expect(await expectChanged(scene.mutate('handOverConversation', agent, input))).toMatchObject({
      version: 2,
      lastSeq: 1,
    });
    expect((await scene.events()).map(({ type }) => type)).toEqual(['CREATED', 'ASSIGNED', 'MESSAGE_ADDED']);
  });

  test('rejects an id of another type', async () => {
    const { agent, contact } = scene.organization;
    for (const to of [contact.id, scene.organization.id, 'nonsense', '']) {
      const ask = () => scene.mutate('handOverConversation', agent, { to });
      expect(await expectRefused(scene.gateway, agent, ask)).toMatchObject({
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
    const { agent } = scene.organization;
    const ask = () => scene.mutate('handOverConversation', agent, { to: agent.id, note });
    expect(await expectRefused(scene.gateway, agent, ask)).toMatchObject({
      issues: [{ code, path: ['input', 'note'] }],
    });
  });

  test('returns the same NotFoundError for unknown, removed and foreign targets', async () => {
    const { agent, colleague, bot } = scene.organization;
    const stranger = await createOrganization(scene.gateway);
    const { writes } = scene.gateway.db;
    await writes.user.update({ where: { id: colleague.id }, data: { removedAt: new Date() } });
    await writes.bot.update({ where: { id: bot.id }, data: { removedAt: new Date() } });
    for (const [what, ids] of [
      ['user', [stranger.agent.id, colleague.id, newId('User')]],
      ['bot', [stranger.bot.id, bot.id, newId('Bot')]],
    ] as const) {
      for (const to of ids) {
        const ask = () => scene.mutate('handOverConversation', agent, { to, note: 'Not kept' });
        expect(await expectRefused(scene.gateway, agent, ask)).toEqual({
          __typename: 'NotFoundError',
          message: `There is no ${what} for input.to "${to}". Check the id; it may also have been removed, or you may not see it.`,
        });
      }
    }
  });

  test('is forbidden for contacts', async () => {
    const { contact } = scene.organization;
    const ask = () => scene.mutate('handOverConversation', contact);
    expect(await expectForbidden(scene.gateway, contact, ask)).toBe('FORBIDDEN');
  });
});

test('claim and handover return NotFoundError for foreign and deleted conversations', async () => {
  const stranger = (await createOrganization(scene.gateway)).agent;
  const { agent } = scene.organization;
  for (const mutation of ['claimConversation', 'handOverConversation', 'assignConversation']) {
    const ask = () => scene.mutate(mutation, stranger);
    expect(await expectRefused(scene.gateway, stranger, ask)).toMatchObject({ __typename: 'NotFoundError' });
  }
  await expectChanged(scene.mutate('deleteConversation', agent));
  for (const mutation of ['claimConversation', 'handOverConversation', 'assignConversation']) {
    expect(await expectRefused(scene.gateway, agent, () => scene.mutate(mutation, agent))).toMatchObject({
      __typename: 'NotFoundError',
      message: expect.stringContaining('restore it first'),
    });
  }
  expect(await scene.read(agent)).toMatchObject({ owner: null, version: 2 });
});
