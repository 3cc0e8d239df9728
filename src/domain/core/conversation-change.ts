import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '../../db/client.ts';
import { deferred } from '../../db/deferred.ts';
import type { Conversation } from '../../db/generated/prisma/client.ts';
import type { EventType } from '../../db/generated/prisma/enums.ts';
import { VersionConflictError } from '../../errors.ts';
import type { FieldChange, NewEvent } from '../../feed/event.ts';
import type { LockedConversation } from './locking.ts';

// Columns that a change may set, and what the API calls them.
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

// What a contact may learn of a change.
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

// Of what the log keeps in two numberings, the contact's own.
export const PUBLIC_FIELD_NAMES: Record<string, string> = { contactLastReadPublicSeq: 'contactLastReadSeq' };

/** Events of a conversation that are no change of it: they leave its version as it is. */
export const UNVERSIONED_EVENTS: EventType[] = [
  'MESSAGE_ADDED',
  'MESSAGE_CHANGED',
  'READ',
  'VIDEO_CALL_STARTED',
];

export interface ConversationChange {
  type: EventType;
  data: ChangeableColumns;
  /** What is written with it, and counts as no change by itself. */
  derived?: Partial<Conversation>;
  /** Changes that are no column of their own: in other tables, or inside of JSON. */
  alsoChanged?: FieldChange[];
  subjectUserId?: string;
  subjectBotId?: string;
  /** Whether the contact hears of it. Left out: when something changes that they see. */
  isPublic?: boolean;
}

/**
 * Sets fields of a locked conversation and says what event that is. What has the value already is left out; when nothing
 * remains, nothing is written: no version, no event.
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
  // A contact must not learn from updatedAt that the team changed something of its own.
  const updated = event.isPublic ? { updatedAt: before.now } : {};
  return { set: { ...data, ...derived, ...updated }, event };
}

/** What of it is not so already. */
export function diffConversation(
  before: Conversation,
  { data, alsoChanged = [] }: Pick<ConversationChange, 'data' | 'alsoChanged'>,
): FieldChange[] {
  return [...differences(before, data), ...alsoChanged];
}

/** An event about a conversation. A contact hears of it when it changes something that they see. */
export function buildConversationEvent(
  conversation: Pick<Conversation, 'id' | 'contactId'>,
  event: Omit<NewEvent, 'conversationId' | 'contactId' | 'isPublic'> & { isPublic?: boolean },
): NewEvent {
  const { isPublic = toPublicChanges(event.changes ?? []).length > 0, ...rest } = event;
  return { ...rest, isPublic, conversationId: conversation.id, contactId: conversation.contactId };
}

/** What a contact may learn of these changes, under the names of the API. */
export function toPublicChanges(changes: readonly FieldChange[]): FieldChange[] {
  return changes
    .filter((change) => PUBLIC_FIELDS.has(change.field))
    .map((change) => ({ ...change, field: PUBLIC_FIELD_NAMES[change.field] ?? change.field }));
}

/** Throws when the conversation is at another version than the client has seen. */
export function requireVersion(conversation: LockedConversation, expectedVersion: number | null | undefined) {
  if (expectedVersion != null && expectedVersion !== conversation.version) {
    throw new VersionConflictError(conversation.id, expectedVersion, conversation.version);
  }
}

function differences(before: Conversation, data: ChangeableColumns): FieldChange[] {
  return Object.entries(FIELDS).flatMap(([column, field]) => {
    const key = column as keyof ChangeableColumns;
    if (data[key] === undefined) return [];
    const [old, fresh] = [toJson(before[key]), toJson(data[key])];
    return isDeepStrictEqual(old, fresh) ? [] : [{ field, before: old, after: fresh }];
  });
}

function toJson(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : (value ?? null);
}

/** Since when the contact waits: it follows from what is said and done, and lists are filtered by it. */
export function buildWaitingChange(
  { waitingSince }: Pick<Conversation, 'waitingSince'>,
  since: Date | null,
): FieldChange {
  return { field: 'waitingSince', before: toJson(waitingSince), after: toJson(since) };
}
