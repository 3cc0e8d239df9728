import { SYSTEM, toAuthor } from './author.ts';
import { type ConversationPlayer, createConversationPlayer } from './conversation-player.ts';
import { DEMO } from './demo-people.ts';
import type { Example } from './example.ts';
import { createOrigins } from './origin.ts';
import type { Rows } from './rows.ts';
import { addSetupEvent } from './setup-event.ts';

const { organizationId } = DEMO;

/** Adds an imported conversation with its channel, people and history. */
export function playExample(rows: Rows, example: Example) {
  const { seed, channel, contact, conversation, businessUnit, website, bot, receivedAt } = example;
  const createOrigin = createOrigins(example.system, example.account);
  addExampleDirectory(rows, example);
  const { externalId, externalStatus, at, publicId, uuid, input } = conversation;
  const origin = createOrigin(externalId, receivedAt, externalStatus);
  const player = createConversationPlayer(rows, {
    key: `${seed}:${externalId}`,
    ...{ at, by: toAuthor(contact.id) },
    input: {
      ...input,
      initiatedBy: 'CONTACT',
      contactId: contact.id,
      channelId: channel.id,
      businessUnitId: businessUnit?.id,
      websiteId: website?.id,
      botId: bot?.id,
    },
    imported: { ...origin, publicId, ...(uuid ? { uuid } : {}) },
  });
  const messageIds: string[] = [];
  for (const { send, externalId, direction, replyToSeq = 0, ...step } of example.steps) {
    if (!send) {
      playStep(player, step);
      continue;
    }
    const author = step.by === 'system' ? SYSTEM : toAuthor(step.by);
    const imported = {
      ...(externalId ? createOrigin(externalId, receivedAt) : {}),
      ...(direction ? { direction } : {}),
    };
    const message = { ...send, replyToId: messageIds[replyToSeq - 1] };
    messageIds.push(player.sendMessage(step.at, author, message, imported).id);
  }
  player.finish();
}

type Step = Pick<
  Example['steps'][number],
  'at' | 'by' | 'assign' | 'addMember' | 'setPriority' | 'setStatus' | 'markRead'
>;

function playStep(player: ConversationPlayer, { at, by, ...step }: Step) {
  const author = by === 'system' ? SYSTEM : toAuthor(by);
  if (step.assign) player.assign(at, author, step.assign);
  if (step.addMember) player.addMember(at, author, step.addMember);
  if (step.setPriority) player.setPriority(at, author, step.setPriority);
  if (step.setStatus) player.setStatus(at, author, step.setStatus);
  if (step.markRead === undefined) return;
  if (author.kind === 'contact') player.markReadByContact(at);
  else player.markReadByMember(at, by, step.markRead);
}

function addExampleDirectory(rows: Rows, { system, account, receivedAt, setUpAt, ...example }: Example) {
  const createOrigin = createOrigins(system, account);
  const { businessUnit, channel, website, bot, users } = example;

  function toRow<T extends { externalId?: string | undefined; externalStatus?: string | undefined }>(
    entry: T,
  ) {
    const { externalId, externalStatus, ...columns } = entry;
    const origin = externalId ? createOrigin(externalId, receivedAt, externalStatus) : {};
    return { ...columns, organizationId, createdAt: setUpAt, ...origin };
  }

  if (businessUnit) {
    rows.BusinessUnit.push(toRow(businessUnit));
    addSetupEvent(rows, { type: 'SETTINGS_CHANGED', at: setUpAt });
  }
  rows.Channel.push(toRow(channel));
  addSetupEvent(rows, { type: 'CHANNEL_CHANGED', at: setUpAt });
  if (website) {
    rows.Website.push({ ...toRow(website), defaultChannelId: channel.id });
    addSetupEvent(rows, { type: 'SETTINGS_CHANGED', at: setUpAt });
  }
  if (bot) {
    rows.Bot.push(toRow(bot));
    addSetupEvent(rows, { type: 'SETTINGS_CHANGED', at: setUpAt, subjectBotId: bot.id });
  }
  for (const user of users) {
    rows.User.push(toRow(user));
    addSetupEvent(rows, { type: 'USER_CHANGED', at: setUpAt, subjectUserId: user.id });
  }
  const { addresses, createdAt, ...contact } = example.contact;
  rows.Contact.push({ ...toRow(contact), createdAt });
  for (const [ordinal, address] of addresses.entries()) {
    rows.ContactAddress.push({ organizationId, contactId: contact.id, ordinal, ...address });
  }
}
