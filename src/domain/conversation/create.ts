import type { Tx } from '../../db/client.ts';
import type { Prisma } from '../../db/generated/prisma/client.ts';
import { NotFoundError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { buildContactEvents } from '../contact/change.ts';
import { findOrCreateContact, validateContactInput } from '../contact/find-or-create.ts';
import { visibleTo } from '../core/access.ts';
import { insertConversation } from '../core/conversation-change.ts';
import { lockVisible } from '../core/locking.ts';
import { type References, requireReferences } from '../core/references.ts';
import { createInputError, createValidation, type Validation } from '../core/validation.ts';
import { isTeam, type Viewer } from '../core/viewer.ts';
import { validateContent } from '../message/content.ts';
import { insertMessage } from '../message/send.ts';
import { validateAnswers } from './answer.ts';
import type { AddressInput, CreateConversationInput } from './input.ts';

const INITIATOR = { user: 'AGENT', contact: 'CONTACT', bot: 'BOT' } as const;

/** Body of createConversation. The name defaults to the name of the contact. */
export async function insertNewConversation(tx: Tx, viewer: Viewer, input: CreateConversationInput) {
  const contact = await resolveContact(tx, viewer, input);
  const references = await resolveReferences(tx, viewer, input);
  const { id, event } = await insertConversation(tx, {
    ...toConversationColumns(viewer, input),
    ...references,
    contactId: contact.contactId,
    name: input.name?.trim() || (await readContactName(tx, contact.contactId)),
  });
  const events = [...contact.events, event];
  if (input.firstMessage) {
    const conversation = await lockVisible(tx, viewer, id);
    const message = await insertMessage(tx, viewer, conversation, {
      ...input.firstMessage,
      idempotencyKey: input.idempotencyKey,
    });
    events.push(...message.events);
  }
  return { result: id, events };
}

/** Throws InvalidInputError for issues that depend on the viewer and the input alone. */
export function validateNewConversation(viewer: Viewer, input: CreateConversationInput) {
  const validation = createValidation();
  validation.text('name', input.name, LIMITS.name);
  validation.text('detail', input.detail, LIMITS.detail);
  validation.list('labels', input.labels, LIMITS.labels, (path, label) =>
    validation.requiredText(path, label, LIMITS.label),
  );
  validation.list('bookings', input.bookings, LIMITS.bookings, (path, booking) =>
    validation.requiredText(path, booking, LIMITS.name),
  );
  validation.object('customAttributes', input.customAttributes, LIMITS.customAttributes);
  validateAnswers(validation, input.answers ?? []);
  validation.list('participants', input.participants, LIMITS.participants, (path, address) =>
    validateAddress(validation, path, address),
  );
  if (input.source) validateAddress(validation, 'source', input.source);
  if (input.reference) validation.requiredText('reference.target', input.reference.target, LIMITS.address);
  if (input.firstMessage) {
    validateContent(validation, viewer, { input: input.firstMessage, prefix: 'firstMessage.' });
  }
  if (!input.channelId && !input.websiteId) {
    validation.addIssue(
      'channelId',
      'REQUIRED',
      'is missing; give the id of a channel, or a websiteId whose website has one.',
    );
  }
  if (isTeam(viewer)) validateContactChoice(validation, input);
  else refuseTeamFields(validation, viewer, input);
  validation.finish();
}

function validateAddress(validation: Validation, path: string, address: AddressInput) {
  validation.text(`${path}.target`, address.target, LIMITS.address);
  validation.text(`${path}.targetName`, address.targetName, LIMITS.name);
  validation.text(`${path}.name`, address.name, LIMITS.name);
  validation.text(`${path}.detail`, address.detail, LIMITS.detail);
}

// All that a contact gives about their own conversation. What is added to the input is for the team until it stands here.
const CONTACT_FIELDS = new Set<string>([
  'channelId',
  'websiteId',
  'name',
  'detail',
  'firstMessage',
  'idempotencyKey',
] satisfies (keyof CreateConversationInput)[]);

function refuseTeamFields(validation: Validation, viewer: Viewer, input: CreateConversationInput) {
  for (const [field, value] of Object.entries(input)) {
    const isOwnId = field === 'contactId' && value === viewer.id;
    if (value != null && !CONTACT_FIELDS.has(field) && !isOwnId) {
      validation.addIssue(
        field,
        'NOT_ALLOWED',
        'is for the team; a contact opens a conversation of their own without it.',
      );
    }
  }
}

function validateContactChoice(validation: Validation, input: CreateConversationInput) {
  if (input.contactId && input.contact) {
    validation.addIssue('contact', 'NOT_ALLOWED', 'can not be combined with contactId; give one of them.');
  } else if (input.contact) {
    validateContactInput(validation, input.contact, 'contact');
  } else if (!input.contactId) {
    validation.addIssue(
      'contactId',
      'REQUIRED',
      'is missing; give a contactId, or a contact to find or create.',
    );
  }
}

async function resolveContact(tx: Tx, viewer: Viewer, input: CreateConversationInput) {
  if (viewer.kind === 'contact') return { contactId: viewer.id, events: [] };
  if (input.contact) {
    const { contactId, created } = await findOrCreateContact(tx, viewer.organizationId, input.contact);
    return { contactId, events: buildContactEvents(contactId, created) };
  }
  const contactId = input.contactId ?? '';
  const where = { id: contactId, organizationId: viewer.organizationId };
  if (!(await tx.contact.findFirst({ where, select: { id: true } }))) {
    throw new NotFoundError('contact for input.contactId', contactId);
  }
  return { contactId, events: [] };
}

async function resolveReferences(tx: Tx, viewer: Viewer, input: CreateConversationInput) {
  const { websiteId, audienceId, botId, businessUnitId } = input;
  if (isTeam(viewer)) await requireReferences(tx, viewer, input);
  else await requireOwnReferences(tx, viewer, input);
  const channelId = input.channelId ?? (websiteId && (await findDefaultChannel(tx, viewer, websiteId)));
  if (!channelId)
    throw createInputError('channelId', 'REQUIRED', 'is missing, and the website has no channel of its own.');
  return { channelId, websiteId, audienceId, botId, businessUnitId };
}

/**
 * Throws NotFoundError for a channel that is not the contact's to name, whether or not it exists: it must be the default channel of the
 * website, or of any website where none is given, or the channel of a conversation of theirs.
 */
async function requireOwnReferences(tx: Tx, viewer: Viewer, { websiteId, channelId }: References) {
  await requireReferences(tx, viewer, { websiteId });
  if (channelId == null) return;
  const website = { removedAt: null, ...(websiteId == null ? {} : { id: websiteId }) };
  const named = { OR: [{ websites: { some: website } }, { conversations: { some: visibleTo(viewer) } }] };
  const where = { AND: [{ id: channelId, organizationId: viewer.organizationId, removedAt: null }, named] };
  if (!(await tx.channel.findFirst({ where, select: { id: true } }))) {
    throw new NotFoundError('channel for input.channelId', channelId);
  }
}

/** Default channel of the website; undefined when it has none, or the channel was removed. */
async function findDefaultChannel(tx: Tx, { organizationId }: Viewer, websiteId: string) {
  const website = await tx.website.findFirst({
    where: { id: websiteId, organizationId, defaultChannel: { removedAt: null } },
    select: { defaultChannelId: true },
  });
  return website?.defaultChannelId;
}

async function readContactName(tx: Tx, contactId: string): Promise<string> {
  return (await tx.contact.findUniqueOrThrow({ where: { id: contactId }, select: { name: true } })).name;
}

/** Columns of a new conversation that its input alone decides, with its participants and answers. */
export function toConversationColumns(
  viewer: Pick<Viewer, 'organizationId' | 'kind'>,
  input: CreateConversationInput,
) {
  const { source, reference } = input;
  return {
    organizationId: viewer.organizationId,
    detail: input.detail ?? null,
    initiatedBy: input.initiatedBy ?? INITIATOR[viewer.kind],
    handledBy: input.botId ? ('BOT' as const) : ('TEAM' as const),
    ...(reference ? { referenceType: reference.type, referenceTarget: reference.target } : {}),
    ...(source
      ? {
          sourceType: source.type,
          sourceTarget: source.target,
          sourceTargetName: source.targetName ?? null,
          sourceName: source.name ?? null,
          sourceDetail: source.detail ?? null,
        }
      : {}),
    bookings: trimAndDeduplicate(input.bookings),
    labels: trimAndDeduplicate(input.labels),
    customAttributes: (input.customAttributes ?? {}) as Prisma.JsonObject,
    participants: { create: (input.participants ?? []).map(toAddressColumns) },
    answers: { create: (input.answers ?? []).map((answer, ordinal) => ({ ...answer, ordinal })) },
  };
}

function trimAndDeduplicate(names: readonly string[] | null | undefined): string[] {
  return [...new Set((names ?? []).map((name) => name.trim()))];
}

function toAddressColumns(address: AddressInput, ordinal: number) {
  return { ...address, ordinal };
}
