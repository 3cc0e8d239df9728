import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { eventsOf } from '../support/log.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// Status after a message from the contact.
const BECOMES = {
  OPEN: 'OPEN',
  PENDING: 'PENDING',
  SNOOZED: 'OPEN',
  RESOLVED: 'OPEN',
  ABANDONED: 'OPEN',
  SPAM: 'SPAM',
};

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
  conversationId = await openConversation(gateway, organization);
});

const log = () => eventsOf(gateway, { organizationId: organization.id });
const read = () => changes.read(organization.agent, conversationId);
const ask = async (content = 'Hello?') =>
  requireResult(await changes.send(organization.contact, { conversationId, content }));
const answer = async (from: Person = organization.agent) =>
  requireResult(await changes.send(from, { conversationId, content: 'Yes' }));

async function setStatus(status: string) {
  const time = status === 'SNOOZED' ? { snoozedUntil: '2099-01-01T00:00:00Z' } : {};
  return requireResult(await changes.setStatus(organization.agent, { conversationId, status, ...time }));
}

describe('a message from the contact', () => {
  for (const [from, to] of Object.entries(BECOMES)) {
    test(`${from === to ? `keeps the status ${from}` : `sets the status from ${from} to ${to}`}`, async () => {
      const before = await setStatus(from);
      const { seq, conversation } = await ask();
      expect({ seq, status: conversation.status, snoozedUntil: conversation.snoozedUntil }).toEqual({
        seq: 1,
        status: to,
        snoozedUntil: null,
      });
      const known = from === 'OPEN' ? 1 : 2;
      const types = (await log()).slice(known).map((event) => event.type);
      expect(types).toEqual(from === to ? ['MESSAGE_ADDED'] : ['STATUS_CHANGED', 'MESSAGE_ADDED']);
      expect((await read()).version).toBe((before.version ?? 0) + (from === to ? 0 : 1));
    });
  }

  for (const from of ['RESOLVED', 'ABANDONED']) {
    test(`increments reopenedCount after ${from}`, async () => {
      await setStatus(from);
      expect((await ask()).conversation).toMatchObject({ resolvedAt: null, reopenedCount: 1 });
    });
  }

  test('opens a new conversation after CLOSED and leaves the closed one unchanged', async () => {
    await setStatus('CLOSED');
    const before = await read();
    const { seq, conversation } = await ask('One more thing');
    expect(conversation).toMatchObject({
      status: 'OPEN',
      number: 2,
      name: before.name,
      contact: before.contact,
      initiatedBy: 'CONTACT',
      handledBy: 'TEAM',
      owner: null,
      lastSeq: 1,
    });
    expect(seq).toBe(1);
    expect(conversation.id).not.toBe(conversationId);
    expect(await read()).toEqual(before);
    expect((await log()).slice(2).map((event) => [event.type, event.conversationId])).toEqual([
      ['CREATED', conversation.id],
      ['MESSAGE_ADDED', conversation.id],
    ]);
  });

  test('a blocked contact can not send messages or open conversations', async () => {
    const { contact, channel } = organization;
    await gateway.db.writes.contact.update({ where: { id: contact.id }, data: { blocked: true } });
    expect((await changes.send(contact, { conversationId, content: 'Hello?' })).refusal?.__typename).toBe(
      'ContactBlockedError',
    );
    expect((await changes.create(contact, { channelId: channel.id })).refusal?.__typename).toBe(
      'ContactBlockedError',
    );
    expect(await log()).toHaveLength(1);
    expect((await answer()).seq).toBe(1);
  });

  test('a conversation of another contact returns NotFoundError', async () => {
    const { refusal } = await changes.send(organization.otherContact, {
      conversationId,
      content: 'Hello?',
    });
    expect(refusal?.__typename).toBe('NotFoundError');
    expect(await log()).toHaveLength(1);
  });
});

describe('a reply of the team', () => {
  for (const status of ['CLOSED', 'SPAM']) {
    test(`is rejected in ${status} for users and bots`, async () => {
      const before = await setStatus(status);
      for (const sender of [organization.agent, organization.bot]) {
        const { refusal } = await changes.send(sender, { conversationId, content: 'Yes' });
        expect(refusal).toMatchObject({
          __typename: 'ConversationClosedError',
          conversation: { id: conversationId, status },
        });
      }
      expect(await read()).toEqual(before);
    });
  }

  for (const status of ['OPEN', 'PENDING', 'SNOOZED', 'RESOLVED', 'ABANDONED']) {
    test(`keeps the status ${status}`, async () => {
      const { version } = await setStatus(status);
      expect((await answer()).conversation).toMatchObject({ status, version });
    });
  }

  test('sets handledBy from BOT to TEAM, in its own event', async () => {
    conversationId = await openConversation(gateway, organization, { botId: organization.bot.id });
    expect((await answer(organization.bot)).conversation.handledBy).toBe('BOT');
    expect((await answer()).conversation).toMatchObject({ handledBy: 'TEAM', version: 2 });
    const [handedOver, added] = (await log()).slice(-2);
    expect(handedOver).toMatchObject({
      type: 'HANDED_OVER',
      subjectId: organization.agent.id,
      changes: [{ field: 'handledBy', before: 'BOT', after: 'TEAM' }],
    });
    expect(added).toMatchObject({ type: 'MESSAGE_ADDED', position: (handedOver?.position ?? 0) + 1 });
  });
});

describe('waitingSince', () => {
  test('is set by the first unanswered message of the contact and cleared by any reply', async () => {
    const first = await ask();
    await ask('Anybody?');
    expect((await read()).waitingSince).toBe(first.createdAt);
    await changes.send(organization.agent, { conversationId, content: 'Mine', isPrivate: true });
    expect((await read()).waitingSince).toBe(first.createdAt);
    await answer(organization.bot);
    expect((await read()).waitingSince).toBeNull();
    const again = await ask('And?');
    expect((await read()).waitingSince).toBe(again.createdAt);
  });

  test('is cleared by RESOLVED and set again by the message that reopens', async () => {
    await ask();
    await setStatus('RESOLVED');
    expect((await read()).waitingSince).toBeNull();
    const again = await ask('Still broken');
    expect(await read()).toMatchObject({ status: 'OPEN', waitingSince: again.createdAt });
  });

  test('firstRepliedAt is the time of the first public reply of a user, not of a bot or a note', async () => {
    await ask();
    await answer(organization.bot);
    await changes.send(organization.agent, { conversationId, content: 'Mine', isPrivate: true });
    expect((await read()).firstRepliedAt).toBeNull();
    const { createdAt } = await answer();
    await answer(organization.colleague);
    expect((await read()).firstRepliedAt).toBe(createdAt);
  });
});

describe('unreadCount', () => {
  test('counts messages of the contact for members, and is 0 for others', async () => {
    const { agent, colleague, admin, bot } = organization;
    await ask();
    await changes.assign(agent, { conversationId, userId: colleague.id });
    await changes.assign(agent, { conversationId, userId: agent.id });
    await ask('Anybody?');
    await answer();
    const unread = async (person: Person) => (await changes.read(person, conversationId)).unreadCount;
    expect({ owner: await unread(agent), member: await unread(colleague) }).toEqual({ owner: 2, member: 2 });
    expect({ nonMember: await unread(admin), bot: await unread(bot) }).toEqual({ nonMember: 0, bot: 0 });
  });

  test('counts public messages of the team for the contact', async () => {
    await answer();
    await changes.send(organization.agent, { conversationId, content: 'Mine', isPrivate: true });
    await answer(organization.bot);
    await ask();
    expect((await changes.read(organization.contact, conversationId)).unreadCount).toBe(2);
  });

  test('agrees with the filter isUnread', async () => {
    const { agent, contact } = organization;
    const unread = async (person: Person) =>
      (await gateway.ask(person, '{ conversations(filter: { isUnread: true }) { nodes { id } } }')).data
        .conversations.nodes;
    await changes.assign(agent, { conversationId, userId: agent.id });
    expect([await unread(agent), await unread(contact)]).toEqual([[], []]);
    await ask();
    expect([await unread(agent), await unread(contact)]).toEqual([[{ id: conversationId }], []]);
    await answer();
    expect(await unread(contact)).toEqual([{ id: conversationId }]);
  });
});
