import type { Tx } from '../../db/client.ts';
import { deferred } from '../../db/deferred.ts';
import { ConversationClosedError, NewerMessagesError, NotFoundError } from '../../errors.ts';
import type { Author, NewEvent } from '../../feed/event.ts';
import { newId } from '../../ids.ts';
import { LIMITS } from '../../limits.ts';
import { requireAbility } from '../core/ability.ts';
import { messagesVisibleTo } from '../core/access.ts';
import {
  buildConversationEvent,
  buildWaitingChange,
  type ConversationChange,
  changeConversation,
  insertConversation,
} from '../core/conversation-change.ts';
import { type LockedConversation, lockVisible } from '../core/locking.ts';
import type { RecordChange } from '../core/mutation.ts';
import { DONE_STATUSES, NO_REPLY_STATUSES, STATUS_AFTER_CONTACT_MESSAGE } from '../core/status.ts';
import { createValidation } from '../core/validation.ts';
import { isTeam, type Viewer } from '../core/viewer.ts';
import { toAttachmentColumns, toContentColumns, validateContent } from './content.ts';
import { createMessageEdits } from './edit.ts';
import { createMessageForms } from './form.ts';
import type { MessageInput, SendMessageInput } from './input.ts';

export type Messages = ReturnType<typeof createMessages>;

/** Mutations of messages. Each returns a receipt with the message's id. */
export function createMessages({ recordChange }: { recordChange: RecordChange }) {
  /** Adds a message to a conversation. A contact's message to a CLOSED conversation goes into a new one. */
  function sendMessage(viewer: Viewer, input: SendMessageInput) {
    requireAbility(viewer, input.isPrivate ? 'WRITE_NOTE' : 'REPLY');
    const validation = createValidation();
    validateContent(validation, viewer, { input });
    validation.list('mentionedUserIds', input.mentionedUserIds, LIMITS.mentions);
    if (viewer.kind === 'contact' && input.mentionedUserIds?.length) {
      validation.addIssue('mentionedUserIds', 'NOT_ALLOWED', 'is for the team.');
    }
    validation.finish();

    return recordChange(viewer, { mutation: 'sendMessage', input }, async (tx) => {
      const conversation = await lockVisible(tx, viewer, input.conversationId);
      requireLastSeq(viewer, conversation, input.expectedLastSeq);
      const opened = await prepareForMessage(tx, viewer, conversation, input.isPrivate === true);
      await requireMessageReferences(tx, viewer, opened.conversation.id, input);
      const { messageId, events } = await insertMessage(tx, viewer, opened.conversation, input);
      return { result: messageId, events: [...opened.events, ...events] };
    });
  }

  return { sendMessage, ...createMessageEdits({ recordChange }), ...createMessageForms({ recordChange }) };
}

function requireLastSeq(
  viewer: Viewer,
  conversation: LockedConversation,
  expected: number | null | undefined,
) {
  const lastSeq = isTeam(viewer) ? conversation.lastSeq : conversation.lastPublicSeq;
  if (expected != null && lastSeq > expected)
    throw new NewerMessagesError(conversation.id, expected, lastSeq);
}

/** Prepares a conversation for a message: reopens or hands it over, or opens its successor. */
export async function prepareForMessage(
  tx: Tx,
  viewer: Viewer,
  conversation: LockedConversation,
  isPrivate: boolean,
): Promise<{ conversation: LockedConversation; events: NewEvent[] }> {
  if (!isPrivate && needsSuccessor(viewer, conversation)) return insertSuccessor(tx, viewer, conversation);
  const change = buildChangeBeforeMessage(viewer, conversation, isPrivate);
  const events = change ? await changeConversation(tx, conversation, change) : [];
  return { conversation, events };
}

/** True when a message of this viewer opens a new conversation. */
function needsSuccessor(viewer: Viewer, { status }: LockedConversation): boolean {
  return viewer.kind === 'contact' && STATUS_AFTER_CONTACT_MESSAGE[status] === null;
}

/**
 * Change of the conversation that a message causes before it is added; null for none. Throws ConversationClosedError when the
 * status allows no reply.
 */
export function buildChangeBeforeMessage(
  author: Pick<Author, 'kind' | 'id'>,
  conversation: LockedConversation,
  isPrivate: boolean,
): ConversationChange | null {
  if (isPrivate) return null;
  const { id, status, handledBy, reopenedCount } = conversation;
  if (author.kind === 'contact') {
    return {
      type: 'STATUS_CHANGED',
      data: { status: STATUS_AFTER_CONTACT_MESSAGE[status] ?? status, snoozedUntil: null },
      derived: DONE_STATUSES.has(status) ? { resolvedAt: null, reopenedCount: reopenedCount + 1 } : {},
    };
  }
  if (NO_REPLY_STATUSES.has(status)) throw new ConversationClosedError(id, status);
  if (author.kind !== 'user' || handledBy === 'TEAM') return null;
  return { type: 'HANDED_OVER', data: { handledBy: 'TEAM' }, subjectUserId: author.id };
}

/** Creates a conversation with the contact, channel and references of a CLOSED one. */
async function insertSuccessor(tx: Tx, viewer: Viewer, closed: LockedConversation) {
  const { id, event } = await insertConversation(tx, {
    organizationId: closed.organizationId,
    channelId: closed.channelId,
    contactId: closed.contactId,
    name: closed.name,
    initiatedBy: 'CONTACT',
    websiteId: closed.websiteId,
    audienceId: closed.audienceId,
    businessUnitId: closed.businessUnitId,
    referenceType: closed.referenceType,
    referenceTarget: closed.referenceTarget,
    sourceType: closed.sourceType,
    sourceTarget: closed.sourceTarget,
    sourceTargetName: closed.sourceTargetName,
    sourceName: closed.sourceName,
    sourceDetail: closed.sourceDetail,
  });
  return { conversation: await lockVisible(tx, viewer, id), events: [event] };
}

async function requireMessageReferences(
  tx: Tx,
  viewer: Viewer,
  conversationId: string,
  input: SendMessageInput,
) {
  if (input.replyToId != null) {
    const where = { id: input.replyToId, conversationId, ...messagesVisibleTo(viewer) };
    if (!(await tx.message.findFirst({ where, select: { id: true } }))) {
      throw new NotFoundError('message in this conversation for input.replyToId', input.replyToId);
    }
  }
  const mentioned = [...new Set(input.mentionedUserIds ?? [])];
  if (mentioned.length === 0) return;
  const users = await tx.user.findMany({
    where: { organizationId: viewer.organizationId, id: { in: mentioned }, removedAt: null },
    select: { id: true },
  });
  const unknown = mentioned.find((id) => !users.some((user) => user.id === id));
  if (unknown !== undefined) throw new NotFoundError('user for input.mentionedUserIds', unknown);
}

type NewMessageInput = MessageInput &
  Omit<SendMessageInput, 'conversationId' | 'expectedLastSeq'> & {
    /** Default: a new id. Given when the content refers to it, such as the room of a video call. */
    id?: string;
  };

/**
 * Appends a message to a locked conversation, and updates what derives from it: counts, last message, waitingSince, unread flags and the
 * contact's lastActivityAt.
 */
export async function insertMessage(
  tx: Tx,
  author: Viewer,
  conversation: LockedConversation,
  input: NewMessageInput,
): Promise<{ messageId: string; events: NewEvent[] }> {
  const { message, attachments, mentions, set, event } = buildMessage(author, conversation, input);
  const { organizationId, id: conversationId, now } = conversation;
  await deferred(tx).insert('Message', message);
  if (attachments.length > 0) await tx.attachment.createMany({ data: attachments });
  if (mentions.length > 0) await tx.mention.createMany({ data: mentions });
  await deferred(tx).update({ table: 'Conversation', id: conversationId }, { set });
  if (message.direction === 'INCOMING') {
    await deferred(tx).execute`UPDATE "ConversationMember" SET "isUnread" = true
      WHERE "organizationId" = ${organizationId} AND "conversationId" = ${conversationId} AND NOT "isUnread"`;
    await deferred(tx).execute`UPDATE "Contact" SET "lastActivityAt" = ${now}
      WHERE "organizationId" = ${organizationId} AND "id" = ${author.id}`;
  }
  return { messageId: message.id, events: [event] };
}

/** Rows of a new message, columns to set on its conversation, and its event. */
export function buildMessage(
  author: Pick<Author, 'kind' | 'id'>,
  conversation: LockedConversation,
  input: NewMessageInput,
) {
  const isIncoming = author.kind === 'contact';
  const isPublic = input.isPrivate !== true;
  const seq = conversation.lastSeq + 1;
  const publicSeq = isPublic ? conversation.lastPublicSeq + 1 : null;
  const incomingCount = conversation.incomingCount + (isIncoming ? 1 : 0);
  const publicOutgoingCount = conversation.publicOutgoingCount + (isPublic && !isIncoming ? 1 : 0);
  const id = input.id ?? newId('Message');
  const { organizationId, id: conversationId, now } = conversation;
  const key = { organizationId, messageId: id };

  const replyTimes = isPublic ? buildReplyTimes(author, conversation) : {};
  const counters = { lastSeq: seq, lastMessageId: id, incomingCount };
  // A note keeps updatedAt and lastInteractedAt: a contact must not learn of it.
  const publicColumns = {
    lastPublicSeq: publicSeq ?? conversation.lastPublicSeq,
    lastPublicMessageId: id,
    publicOutgoingCount,
    lastInteractedAt: now,
    updatedAt: now,
    ...replyTimes,
  };
  const { waitingSince } = replyTimes;
  const changes = waitingSince === undefined ? [] : [buildWaitingChange(conversation, waitingSince)];
  return {
    message: {
      ...toContentColumns(input),
      id,
      organizationId,
      conversationId,
      seq,
      publicSeq,
      direction: isIncoming ? ('INCOMING' as const) : ('OUTGOING' as const),
      isPrivate: !isPublic,
      senderUserId: author.kind === 'user' ? author.id : null,
      senderContactId: author.kind === 'contact' ? author.id : null,
      senderBotId: author.kind === 'bot' ? author.id : null,
      replyToId: input.replyToId ?? null,
      deliveryStatus: 'SENT' as const,
      clientKey: input.idempotencyKey ?? null,
      incomingCount,
      publicOutgoingCount,
      createdAt: now,
      updatedAt: now,
    },
    attachments: (input.attachments ?? []).map((attachment, ordinal) => ({
      ...toAttachmentColumns(attachment, ordinal),
      ...key,
    })),
    mentions: [...new Set(input.mentionedUserIds ?? [])].map((userId) => ({ ...key, userId })),
    set: isPublic ? { ...counters, ...publicColumns } : counters,
    event: buildConversationEvent(conversation, { type: 'MESSAGE_ADDED', messageId: id, isPublic, changes }),
  };
}

/** Columns of waitingSince and firstRepliedAt that a public message changes. */
function buildReplyTimes(
  author: Pick<Author, 'kind' | 'id'>,
  { waitingSince, firstRepliedAt, now: at }: LockedConversation,
): { waitingSince?: Date | null; firstRepliedAt?: Date } {
  if (author.kind === 'contact') return waitingSince ? {} : { waitingSince: at };
  return {
    ...(waitingSince ? { waitingSince: null } : {}),
    ...(author.kind === 'user' && firstRepliedAt === null ? { firstRepliedAt: at } : {}),
  };
}
