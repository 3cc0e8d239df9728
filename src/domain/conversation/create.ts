import type { Tx } from '../../db/client.ts';
import type { Prisma } from '../../db/generated/prisma/client.ts';
import { NotFoundError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { buildContactEvents } from '../contact/change.ts';
import { findOrCreateContact, validateContactInput } from '../contact/find-or-create.ts';
import { insertConversation } from '../core/conversation-change.ts';
import { lockVisible } from '../core/locking.ts';
import { requireReferences } from '../core/references.ts';
import { createInputError, createValidation } from '../core/validation.ts';
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
  validation.list('participants', input.participants, LIMITS.participants);
  validation.list('bookings', input.bookings, LIMITS.bookings);
  validation.list('labels', input.labels, LIMITS.labels);
  validation.object('customAttributes', input.customAttributes, LIMITS.customAttributes);
  for (const [index, label] of (input.labels ?? []).entries()) {
    validation.requiredText(`labels.${index}`, label, LIMITS.label);
  }
  for (const [index, booking] of (input.bookings ?? []).entries()) {
    validation.requiredText(`bookings.${index}`, booking, LIMITS.name);
  }
  validateAnswers(validation, input.answers ?? []);
  const addresses = new Map(
    (input.participants ?? []).map((address, index) => [`participants.${index}`, address]),
  );
  if (input.source) addresses.set('source', input.source);
  for (const [path, address] of addresses) {
    validation.text(`${path}.target`, address.target, LIMITS.address);
    validation.text(`${path}.targetName`, address.targetName, LIMITS.name);
    validation.text(`${path}.name`, address.name, LIMITS.name);
    validation.text(`${path}.detail`, address.detail, LIMITS.detail);
  }
  if (input.reference) validation.requiredText('reference.target', input.reference.target, LIMITS.address);
  if (input.firstMessage) validateContent(validation, input.firstMessage, 'firstMessage.');
  if (!input.channelId && !input.websiteId) {
    validation.addIssue(
      'channelId',
      'REQUIRED',
      'is missing; give the id of a channel, or a websiteId whose website has one.',
    );
  }
  validateContactChoice(validation, viewer, input);
  validation.finish();
}

function validateContactChoice(
  validation: ReturnType<typeof createValidation>,
  viewer: Viewer,
  input: CreateConversationInput,
) {
  if (!isTeam(viewer)) {
    for (const field of [
      'contactId',
      'contact',
      'labels',
      'customAttributes',
      'initiatedBy',
      'participants',
      'source',
    ] as const) {
      const isOwnId = field === 'contactId' && input.contactId === viewer.id;
      if (input[field] != null && !isOwnId) {
        validation.addIssue(
          field,
          'NOT_ALLOWED',
          'is for the team; a contact opens a conversation of their own without it.',
        );
      }
    }
    return;
  }
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
  await requireReferences(tx, viewer, input);
  const channelId = input.channelId ?? (websiteId && (await findDefaultChannel(tx, viewer, websiteId)));
  if (!channelId)
    throw createInputError('channelId', 'REQUIRED', 'is missing, and the website has no channel of its own.');
  return { channelId, websiteId, audienceId, botId, businessUnitId };
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
