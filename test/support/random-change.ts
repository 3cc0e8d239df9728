import { expect } from 'vitest';
import { newId } from '../../src/ids.ts';
import { createMutate } from './conversation-mutations.ts';
import type { Gateway } from './gateway.ts';
import type { Person } from './mutations.ts';
import { createOrganization, openConversation } from './organization.ts';
import type { createChance } from './random.ts';

// Random changes of conversations and contacts.

/** Creates an organization with several directory entries of each kind and some conversations. */
export async function createWorld(gateway: Gateway) {
  const organization = await createOrganization(gateway);
  const { id: organizationId, channel, contact, otherContact } = organization;
  const { writes } = gateway.db;
  const named = { organizationId, name: 'Other' };
  const email = await writes.channel.create({
    data: { id: newId('Channel'), channelType: 'EMAIL', ...named },
  });
  const unit = await writes.businessUnit.create({ data: { id: newId('BusinessUnit'), ...named } });
  const audience = await writes.audience.create({ data: { id: newId('Audience'), ...named } });
  const website = await writes.website.create({
    data: { id: newId('Website'), url: 'https://other.example', ...named },
  });
  // Two contacts with several conversations, and one with a single one.
  const loner = await writes.contact.create({
    data: { id: newId('Contact'), organizationId, name: 'Fritz', email: 'fritz@example.org' },
  });
  const ids: string[] = [];
  for (const contactId of [contact.id, otherContact.id, contact.id, loner.id])
    ids.push(await openConversation(gateway, organization, { contactId }));
  return {
    ...organization,
    ...{ channels: [channel, email] as const, contacts: [contact, otherContact, loner] as const },
    ...{ unit, audience, website, ids },
    begunAt: Date.now(),
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;

/** Makes a random change of a conversation. Many are refused and change nothing. */
export function createChanger(
  gateway: Gateway,
  world: World,
  { dice, pick }: ReturnType<typeof createChance>,
) {
  const mutate = createMutate(gateway);
  const { agent, colleague, admin, bot, contact, otherContact, contacts } = world;
  const { channels, unit, audience, website, ids } = world;
  const users = [agent, colleague];
  const text = () => pick(['hello', 'the invoice', 'thanks']);
  const maybe = <T>(value: T) => pick([value, null]);

  async function messageOf(conversationId: string) {
    const messages = await gateway.db.reads.message.findMany({ where: { conversationId } });
    return messages.length > 0 ? pick(messages) : null;
  }
  const onMessage = (mutation: string, input: () => object) => async (conversationId: string) => {
    const message = await messageOf(conversationId);
    const sender = users.find(({ id }) => id === message?.senderUserId) ?? agent;
    return message && mutate(mutation, sender, { messageId: message.id, ...input() });
  };
  const by =
    (mutation: string, person: () => Person, input: () => object = () => ({})) =>
    (conversationId: string) =>
      mutate(mutation, person(), { conversationId, ...input() });
  const user = () => pick(users);
  const theirs = () => pick([contact, otherContact]);
  const someone = () => pick(['Dora', 'Theodora', 'Theo', 'The invoice']);
  const soon = () => new Date(Date.now() + 1_500).toISOString();

  const kinds = [
    by('sendMessage', theirs, () => ({ content: text() })),
    by('sendMessage', theirs, () => ({ content: text() })),
    by('sendMessage', user, () => ({ content: text() })),
    by('sendMessage', user, () => ({ content: text(), isPrivate: true, mentionedUserIds: [user().id] })),
    by(
      'sendMessage',
      () => bot,
      () => ({ content: text() }),
    ),
    onMessage('updateMessage', () => ({ content: text() })),
    onMessage('deleteMessage', () => ({})),
    by(
      'setConversationStatus',
      () => pick([agent, contact]),
      () => ({ status: pick(['OPEN', 'PENDING', 'RESOLVED', 'RESOLVED', 'CLOSED']) }),
    ),
    by('setConversationStatus', user, () => ({ status: 'SNOOZED', snoozedUntil: soon() })),
    by('assignConversation', user, () => ({ userId: maybe(user().id) })),
    by('claimConversation', user),
    by('handOverConversation', user, () => ({
      to: pick([agent.id, colleague.id, bot.id, null]),
      note: pick(['for you', undefined]),
    })),
    by('joinConversation', user),
    by('leaveConversation', user),
    by('addConversationMember', user, () => ({ userId: user().id })),
    by('removeConversationMember', user, () => ({ userId: user().id })),
    by('setConversationLabels', user, () => ({ add: [pick(['vip', 'late'])] })),
    by('setConversationLabels', user, () => ({ remove: [pick(['vip', 'late'])] })),
    by('setConversationPriority', user, () => ({ priority: pick(['URGENT', 'LOW', null]) })),
    by('updateConversation', user, () => ({ channelId: pick(channels).id })),
    by('updateConversation', user, () => ({
      channelId: pick(channels).id,
      botId: maybe(bot.id),
      businessUnitId: maybe(unit.id),
    })),
    by('updateConversation', user, () => ({
      websiteId: maybe(website.id),
      audienceId: maybe(audience.id),
      name: text(),
    })),
    by('renameConversation', user, () => ({ name: text() })),
    by('markConversationRead', () => pick([agent, colleague, contact])),
    by(
      'markConversationRead',
      () => pick([agent, colleague, contact]),
      () => ({ upToSeq: dice(3) }),
    ),
    by('deleteConversation', () => agent),
    by('restoreConversation', () => agent),
    (one: string) =>
      mutate('updateConversations', agent, {
        conversationIds: [...new Set([one, pick(ids)])],
        ...pick([
          { status: 'OPEN' },
          { status: 'RESOLVED', ownerId: null },
          { ownerId: colleague.id, priority: 'HIGH' },
          { addLabels: ['late'], ownerId: agent.id },
        ]),
      }),
    () =>
      mutate('updateContact', agent, {
        contactId: pick(contacts).id,
        ...pick([
          { name: someone() },
          { name: someone(), email: `${someone().replace(' ', '.')}.${dice(9)}@example.org` },
          { email: null },
          { company: someone() },
        ]),
      }),
    () =>
      mutate('upsertContact', pick([contact, otherContact]), {
        key: { email: 'whoever@example.org' },
        name: someone(),
      }),
    () =>
      mutate('updateChannel', admin, { channelId: pick(channels).id, channelType: pick(['WEB', 'LINE']) }),
    async () => {
      ids.push(
        await openConversation(gateway, world, {
          contactId: theirs().id,
          ...pick([{}, { labels: ['vip'] }, { firstMessage: { content: text() } }]),
        }),
      );
      return null;
    },
  ];
  return async () => {
    const asked = await pick(kinds)(pick(ids));
    const codes = (asked?.errors ?? []).map(({ extensions }) => extensions?.code);
    expect(
      codes.filter((code) => !['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT'].includes(String(code))),
    ).toEqual([]);
  };
}
