import type { Tx } from '../../db/client.ts';
import { deferred } from '../../db/deferred.ts';
import type { Conversation, Prisma } from '../../db/generated/prisma/client.ts';
import type { EventType } from '../../db/generated/prisma/enums.ts';
import { VersionConflictError } from '../../errors.ts';
import type { FieldChange, NewEvent } from '../../feed/event.ts';
import { newIdWithUuid } from '../../ids.ts';
import { diffFields, toJson } from './field-change.ts';
import type { LockedConversation } from './locking.ts';

// Columns that a change may set, with their field names in the API.
const FIELDS = {
  name: 'name',
  detail: 'detail',
  status: 'status',
  priority: 'priority',
  snoozedUntil: 'snoozedUntil',
  ownerId: 'owner',
  botId: 'bot',
  handledBy: 'handledBy',
  channelId: 'channel',
  websiteId: 'website',
  audienceId: 'audience',
  businessUnitId: 'businessUnit',
  bookings: 'bookings',
  labels: 'labels',
  deletedAt: 'deletedAt',
} as const satisfies Partial<Record<keyof Conversation, string>>;

type ChangeableColumns = Partial<Pick<Conversation, keyof typeof FIELDS>>;

// Fields whose changes a contact may see.
const PUBLIC_FIELDS = new Set([
  'name',
  'detail',
  'status',
  'owner',
  'bot',
  'handledBy',
  'channel',
  'website',
  'audience',
  'businessUnit',
  'bookings',
  'answers',
  'deletedAt',
  'content',
  'contentAttributes',
  'deliveryStatus',
  'agentLastSeenAt',
  'contactLastSeenAt',
  'waitingSince',
  'contactLastReadPublicSeq',
]);

/** Fields that an event holds in the contact's message numbers, with their names in the API. */
export const PUBLIC_FIELD_NAMES: Record<string, string> = { contactLastReadPublicSeq: 'contactLastReadSeq' };

/** Types of conversation events that leave the conversation's version as it is. */
export const UNVERSIONED_EVENTS: EventType[] = [
  'MESSAGE_ADDED',
  'MESSAGE_CHANGED',
  'READ',
  'VIDEO_CALL_STARTED',
];

export interface ConversationChange {
  type: EventType;
  data: ChangeableColumns;
  /** Columns that follow from the change. They are written with it and appear in no event. */
  derived?: Partial<Conversation>;
  /** Changes that are not in a column of FIELDS: in other tables, or inside JSON. */
  alsoChanged?: FieldChange[];
  subjectUserId?: string;
  subjectBotId?: string;
  /** Whether the contact may see the event. Default: true when a public field changes. */
  isPublic?: boolean;
}

/**
 * Writes a change to a locked conversation and returns its event. Fields that have the value already are left out. Without any
 * remaining change nothing is written, the version stays, and there is no event.
 */
export async function changeConversation(
  tx: Tx,
  before: LockedConversation,
  change: ConversationChange,
): Promise<NewEvent[]> {
  const planned = planConversationChange(before, change);
  if (!planned) return [];
  const { set, event } = planned;
  await deferred(tx).update({ table: 'Conversation', id: before.id }, { set, increment: 'version' });
  return [event];
}

/** Columns to set and the event of a change, without writing them. Null when nothing changes. */
export function planConversationChange(
  before: LockedConversation,
  { type, data, derived = {}, alsoChanged = [], ...about }: ConversationChange,
): { set: Partial<Conversation>; event: NewEvent } | null {
  const changes = diffConversation(before, { data, alsoChanged });
  if (changes.length === 0) return null;
  const event = buildConversationEvent(before, { type, changes, ...about });
  // updatedAt is visible to the contact, so a change of team fields must not move it.
  const updated = event.isPublic ? { updatedAt: before.now } : {};
  return { set: { ...data, ...derived, ...updated }, event };
}

/** The changes that `data` and `alsoChanged` make to the conversation, under the field names of the API. */
export function diffConversation(
  before: Conversation,
  { data, alsoChanged = [] }: Pick<ConversationChange, 'data' | 'alsoChanged'>,
): FieldChange[] {
  const columns = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
  const changed = Object.fromEntries(columns.map((column) => [FIELDS[column], data[column]]));
  const current = Object.fromEntries(columns.map((column) => [FIELDS[column], before[column]]));
  return [...diffFields(current, changed), ...alsoChanged];
}

type NewConversationColumns = Omit<
  Prisma.ConversationUncheckedCreateInput,
  'id' | 'uuid' | 'publicId' | 'number'
>;

/** Inserts a conversation and returns its CREATED event. The conversation gets its number at the commit. */
export async function insertConversation(
  tx: Tx,
  columns: NewConversationColumns,
): Promise<{ id: string; event: NewEvent }> {
  const { id, uuid } = newIdWithUuid('Conversation');
  await tx.conversation.create({ data: { ...columns, id, uuid, publicId: id }, select: { id: true } });
  const event = buildConversationEvent(
    { id, contactId: columns.contactId },
    { type: 'CREATED', isPublic: true },
  );
  return { id, event };
}

/** An event about a conversation. `isPublic` defaults to true when a public field changes. */
export function buildConversationEvent(
  conversation: Pick<Conversation, 'id' | 'contactId'>,
  event: Omit<NewEvent, 'conversationId' | 'contactId' | 'isPublic'> & { isPublic?: boolean },
): NewEvent {
  const { isPublic = toPublicChanges(event.changes ?? []).length > 0, ...rest } = event;
  return { ...rest, isPublic, conversationId: conversation.id, contactId: conversation.contactId };
}

/** The changes that a contact may see, under the field names of the API. */
export function toPublicChanges(changes: readonly FieldChange[]): FieldChange[] {
  return changes
    .filter((change) => PUBLIC_FIELDS.has(change.field))
    .map((change) => ({ ...change, field: PUBLIC_FIELD_NAMES[change.field] ?? change.field }));
}

/** Throws VersionConflictError unless the conversation is at the expected version. Null or undefined: no check. */
export function requireVersion(conversation: LockedConversation, expectedVersion: number | null | undefined) {
  if (expectedVersion != null && expectedVersion !== conversation.version) {
    throw new VersionConflictError(conversation.id, expectedVersion, conversation.version);
  }
}

/** The change of `waitingSince`. Events carry it because live lists filter by it (isWaiting). */
export function buildWaitingChange(
  { waitingSince }: Pick<Conversation, 'waitingSince'>,
  since: Date | null,
): FieldChange {
  return { field: 'waitingSince', before: toJson(waitingSince), after: toJson(since) };
}
