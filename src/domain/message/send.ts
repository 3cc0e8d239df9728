import type { Tx } from '../../db/client.ts';
import { deferred } from '../../db/deferred.ts';
import {
  ContactBlockedError,
  ConversationClosedError,
  NewerMessagesError,
  NotFoundError,
} from '../../errors.ts';
import type { NewEvent } from '../../feed/event.ts';
import { newId } from '../../ids.ts';
import { requireAbility } from '../core/ability.ts';
import { messagesVisibleTo } from '../core/access.ts';
import {
  buildConversationEvent,
  buildWaitingChange,
  changeConversation,
} from '../core/conversation-change.ts';
import type { MessageInput, SendMessageInput } from '../core/input.ts';
import { insertConversation } from '../core/insert-conversation.ts';
import { LIMITS } from '../core/limits.ts';
import { type LockedConversation, lockContact, lockVisible } from '../core/locking.ts';
import type { RecordChange } from '../core/mutation.ts';
import { DONE_STATUSES, NO_REPLY_STATUSES, STATUS_AFTER_CONTACT_MESSAGE } from '../core/status.ts';
import { createValidation } from '../core/validation.ts';
import { isTeam, type Viewer } from '../core/viewer.ts';
import { toAttachmentColumns, toContentColumns, validateContent } from './content.ts';

export type Messages = ReturnType<typeof createMessages>;

export function createMessages({ recordChange }: { recordChange: RecordChange }) {
  /** Writes into a conversation; gives the message's id. A contact's message after CLOSED opens a new conversation. */
  function sendMessage(viewer: Viewer, input: SendMessageInput) {
    requireAbility(viewer, input.isPrivate ? 'WRITE_NOTE' : 'REPLY');
    const validation = createValidation();
    validateContent(validation, input);
    validation.list('mentionedUserIds', input.mentionedUserIds, LIMITS.mentions);
    if (viewer.kind === 'contact' && input.mentionedUserIds?.length) {
      validation.addIssue('mentionedUserIds', 'NOT_ALLOWED', 'is for the team.');
    }
    validation.finish();

    return recordChange(viewer, { mutation: 'sendMessage', input }, async (tx) => {
      if (viewer.kind === 'contact') {
        const { blocked } = await lockContact(tx, viewer.organizationId, viewer.id);
        if (blocked) throw new ContactBlockedError();
      }
      const conversation = await lockVisible(tx, viewer, input.conversationId);
      requireLastSeq(viewer, conversation, input.expectedLastSeq);
      const opened = await prepareForMessage(tx, viewer, conversation, input.isPrivate === true);
      await requireMessageReferences(tx, viewer, opened.conversation.id, input);
      const { messageId, events } = await insertMessage(tx, viewer, opened.conversation, input);
      return { result: messageId, events: [...opened.events, ...events] };
    });
  }

  return { sendMessage };
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

/** What the message does to the conversation before it is in it. */
export async function prepareForMessage(
  tx: Tx,
  viewer: Viewer,
  conversation: LockedConversation,
  isPrivate: boolean,
): Promise<{ conversation: LockedConversation; events: NewEvent[] }> {
  if (isPrivate) return { conversation, events: [] };
  if (viewer.kind !== 'contact') {
    if (NO_REPLY_STATUSES.has(conversation.status)) {
      throw new ConversationClosedError(conversation.id, conversation.status);
    }
    const handsOver = viewer.kind === 'user' && conversation.handledBy === 'BOT';
    const events = handsOver
      ? await changeConversation(tx, conversation, {
          type: 'HANDED_OVER',
          data: { handledBy: 'TEAM' },
          subjectUserId: viewer.id,
        })
      : [];
    return { conversation, events };
  }
  const status = STATUS_AFTER_CONTACT_MESSAGE[conversation.status];
  if (status === null) return insertSuccessor(tx, viewer, conversation);
  const events = await changeConversation(tx, conversation, {
    type: 'STATUS_CHANGED',
    data: { status, snoozedUntil: null },
    derived: DONE_STATUSES.has(conversation.status)
      ? { resolvedAt: null, reopenedCount: conversation.reopenedCount + 1 }
      : {},
  });
  return { conversation, events };
}

/** A new conversation of the same contact, where the old one is CLOSED. */
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

/** Puts a message at the end of a locked conversation, with all that follows from it. */
export async function insertMessage(
  tx: Tx,
  author: Viewer,
  conversation: LockedConversation,
  // An id is given where something in the message is named after it.
  input: MessageInput & Omit<SendMessageInput, 'conversationId' | 'expectedLastSeq'> & { id?: string },
): Promise<{ messageId: string; events: NewEvent[] }> {
  const isIncoming = author.kind === 'contact';
  const isPublic = input.isPrivate !== true;
  const seq = conversation.lastSeq + 1;
  const publicSeq = isPublic ? conversation.lastPublicSeq + 1 : null;
  const incomingCount = conversation.incomingCount + (isIncoming ? 1 : 0);
  const publicOutgoingCount = conversation.publicOutgoingCount + (isPublic && !isIncoming ? 1 : 0);
  const mentions = [...new Set(input.mentionedUserIds ?? [])];

  const id = input.id ?? newId('Message');
  const { organizationId, id: conversationId, now } = conversation;

  await deferred(tx).insert('Message', {
    ...toContentColumns(input),
    id,
    organizationId,
    conversationId,
    seq,
    publicSeq,
    direction: isIncoming ? 'INCOMING' : 'OUTGOING',
    isPrivate: !isPublic,
    senderUserId: author.kind === 'user' ? author.id : null,
    senderContactId: author.kind === 'contact' ? author.id : null,
    senderBotId: author.kind === 'bot' ? author.id : null,
    replyToId: input.replyToId ?? null,
    deliveryStatus: 'SENT',
    clientKey: input.idempotencyKey ?? null,
    incomingCount,
    publicOutgoingCount,
    createdAt: now,
    updatedAt: now,
  });
  const part = { organizationId, messageId: id };
  const attachments = (input.attachments ?? []).map((attachment, ordinal) => ({
    ...toAttachmentColumns(attachment, ordinal),
    ...part,
  }));
  if (attachments.length > 0) await tx.attachment.createMany({ data: attachments });
  if (mentions.length > 0) {
    await tx.mention.createMany({ data: mentions.map((userId) => ({ ...part, userId })) });
  }

  const answered = isPublic ? buildReplyTimes(author, conversation) : {};
  const counters = { lastSeq: seq, lastMessageId: id, incomingCount };
  // A note changes neither updatedAt nor lastInteractedAt: a contact must not learn of it.
  const publicly = {
    lastPublicSeq: publicSeq ?? conversation.lastPublicSeq,
    lastPublicMessageId: id,
    publicOutgoingCount,
    lastInteractedAt: now,
    updatedAt: now,
    ...answered,
  };
  const set = isPublic ? { ...counters, ...publicly } : counters;
  await deferred(tx).update({ table: 'Conversation', id: conversationId }, { set });
  if (isIncoming) {
    await deferred(tx).execute`UPDATE "ConversationMember" SET "isUnread" = true
      WHERE "organizationId" = ${organizationId} AND "conversationId" = ${conversationId} AND NOT "isUnread"`;
    await deferred(tx).execute`UPDATE "Contact" SET "lastActivityAt" = ${now}
      WHERE "organizationId" = ${organizationId} AND "id" = ${author.id}`;
  }
  const { waitingSince } = answered;
  const changes = waitingSince === undefined ? [] : [buildWaitingChange(conversation, waitingSince)];
  return {
    messageId: id,
    events: [
      buildConversationEvent(conversation, { type: 'MESSAGE_ADDED', messageId: id, isPublic, changes }),
    ],
  };
}

/** Who waits for whom after this message, where that is another than before. */
function buildReplyTimes(
  author: Viewer,
  { waitingSince, firstRepliedAt, now: at }: LockedConversation,
): { waitingSince?: Date | null; firstRepliedAt?: Date } {
  if (author.kind === 'contact') return waitingSince ? {} : { waitingSince: at };
  return {
    ...(waitingSince ? { waitingSince: null } : {}),
    ...(author.kind === 'user' && firstRepliedAt === null ? { firstRepliedAt: at } : {}),
  };
}
