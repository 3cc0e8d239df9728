import { expect } from 'vitest';
import { type NodeType, newId } from '../../src/ids.ts';
import type { Gateway } from './gateway.ts';
import { createMutations, requireResult } from './mutations.ts';
import { createOrganization, type TestOrganization } from './organization.ts';

/** Ids of one object of every type, related to one conversation. No field is empty. */
export type Objects = Record<NodeType, string> & {
  note: string;
  noteAttachment: string;
  reply: string;
  noteEvent: string;
};

/** Marker in every text and name that the contact must not see. */
export const TEAM_ONLY_TEXT = 'SECRET';

/**
 * Creates an organization with two contacts and a conversation each: `own` are the objects of the contact, `foreign` those of the
 * other one. Both conversations have a note.
 */
export async function createFullOrganization(gateway: Gateway) {
  const organization = await createOrganization(gateway);
  await gateway.db.writes.user.updateMany({
    where: { organizationId: organization.id },
    data: origin('user'),
  });
  const own = await surround(gateway, organization, {
    name: 'Open',
    contact: organization.contact,
    user: organization.agent,
  });
  const foreign = await surround(gateway, organization, {
    name: TEAM_ONLY_TEXT,
    contact: organization.otherContact,
    user: organization.colleague,
  });
  return { ...organization, own, foreign };
}

type Person = { id: string; organizationId: string };

async function surround(
  gateway: Gateway,
  organization: TestOrganization,
  { name, contact, user }: { name: string; contact: Person; user: Person },
): Promise<Objects> {
  const { writes } = gateway.db;
  const changes = createMutations(gateway);
  const settings = { organizationId: organization.id, name, ...origin(name) };
  const businessUnit = await writes.businessUnit.create({ data: { id: newId('BusinessUnit'), ...settings } });
  const channel = await writes.channel.create({
    data: { id: newId('Channel'), channelType: 'WEB', ...settings },
  });
  const website = await writes.website.create({
    data: { id: newId('Website'), url: `https://${name}.example`, defaultChannelId: channel.id, ...settings },
  });
  const audience = await writes.audience.create({ data: { id: newId('Audience'), ...settings } });
  const bot = await writes.bot.create({ data: { id: newId('Bot'), ...settings } });
  await writes.contact.update({
    where: { id: contact.id },
    data: { description: TEAM_ONLY_TEXT, additionalAttributes: { browser: TEAM_ONLY_TEXT }, ...origin(name) },
  });

  const attachments = [{ fileType: 'FILE', fileName: `${name}.pdf`, dataUrl: 'https://files.example/1' }];
  const conversation = requireResult(
    await changes.create(user, {
      name,
      channelId: channel.id,
      contactId: contact.id,
      businessUnitId: businessUnit.id,
      websiteId: website.id,
      audienceId: audience.id,
      botId: bot.id,
      labels: [TEAM_ONLY_TEXT],
      customAttributes: { plan: TEAM_ONLY_TEXT },
      participants: [{ type: 'EMAIL', target: TEAM_ONLY_TEXT }],
      answers: [{ question: name, value: name, internalLabel: TEAM_ONLY_TEXT }],
      firstMessage: { content: name, attachments },
    }),
  );
  const conversationId = conversation.id;
  requireResult(await changes.assign(user, { conversationId, userId: user.id }));
  const note = requireResult(
    await changes.send(user, {
      conversationId,
      content: TEAM_ONLY_TEXT,
      isPrivate: true,
      mentionedUserIds: [organization.colleague.id],
      attachments: [
        { fileType: 'FILE', fileName: TEAM_ONLY_TEXT, dataUrl: `https://${TEAM_ONLY_TEXT}.example` },
      ],
    }),
  );
  const reply = requireResult(
    await changes.send(user, { conversationId, content: name, replyToId: note.id }),
  );
  requireResult(await changes.send(contact, { conversationId, content: name }));
  requireResult(await changes.send(user, { conversationId, content: TEAM_ONLY_TEXT, isPrivate: true }));

  await writes.conversation.update({
    where: { id: conversationId },
    data: { priority: 'URGENT', status: 'SNOOZED', snoozedUntil: new Date('2999-01-01'), ...origin(name) },
  });
  const message = await writes.message.findFirstOrThrow({
    where: { conversationId, seq: 1 },
    include: { attachments: true },
  });
  await writes.message.update({ where: { id: message.id }, data: origin(name) });
  await writes.mention.create({
    data: { organizationId: organization.id, messageId: message.id, userId: organization.colleague.id },
  });
  const noteAttachment = await writes.attachment.findFirstOrThrow({ where: { messageId: note.id } });
  const event = await writes.event.findFirstOrThrow({
    where: { conversationId, type: 'MESSAGE_ADDED', isPublic: true },
  });
  const noteEvent = await writes.event.findFirstOrThrow({ where: { messageId: note.id } });
  expect(message.attachments).toHaveLength(1);
  return {
    Organization: organization.id,
    BusinessUnit: businessUnit.id,
    Conversation: conversationId,
    Contact: contact.id,
    User: user.id,
    Bot: bot.id,
    Website: website.id,
    Audience: audience.id,
    Channel: channel.id,
    Message: message.id,
    Attachment: message.attachments[0]?.id ?? '',
    TimelineEvent: event.id,
    note: note.id,
    noteAttachment: noteAttachment.id,
    reply: reply.id,
    noteEvent: noteEvent.id,
  };
}

function origin(name: string) {
  return {
    originSystem: 'CHATWOOT' as const,
    originAccount: TEAM_ONLY_TEXT,
    originReceivedAt: new Date(),
    ...(name === 'user' ? {} : { originExternalId: name }),
  };
}
