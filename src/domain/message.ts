import type { Tx } from '../db/client.ts';
import {
  ContactBlockedError,
  ConversationClosedError,
  NewerMessagesError,
  NotFoundError,
} from '../errors.ts';
import type { NewEvent } from '../feed/event.ts';
import { newId } from '../ids.ts';
import { requireAbility } from './ability.ts';
import { messagesVisibleTo } from './access.ts';
import { changeConversation, conversationEvent, waitingChange } from './change.ts';
import type { MessageInput, SendMessageInput } from './input.ts';
import { insertConversation } from './insert-conversation.ts';
import { LIMITS } from './limits.ts';
import { type LockedConversation, lockContact, lockVisible } from './locking.ts';
import { contentColumns, validateContent } from './message-content.ts';
import type { RecordChange } from './record.ts';
import { AFTER_CONTACT_MESSAGE, DONE, TAKES_NO_REPLY } from './status.ts';
import { createValidation } from './validation.ts';
import { isTeam, type Viewer } from './viewer.ts';

export type Messages = ReturnType<typeof createMessages>;

export function createMessages({ recordChange }: { recordChange: RecordChange }) {
  /** Writes into a conversation; gives the message's id. A contact's message after CLOSED opens a new conversation. */
  function sendMessage(viewer: Viewer, input: SendMessageInput) {
    requireAbility(viewer, input.isPrivate ? 'WRITE_NOTE' : 'REPLY');
    const validation = createValidation();
    validateContent(validation, input);
    validation.list('mentionedUserIds', input.mentionedUserIds, LIMITS.mentions);
    if (viewer.kind === 'contact' && input.mentionedUserIds?.length) {
      validation.refuse('mentionedUserIds', 'NOT_ALLOWED', 'is for the team.');
    }
    validation.finish();

    return recordChange(viewer, { mutation: 'sendMessage', input }, async (tx) => {
      if (viewer.kind === 'contact') {
        const { blocked } = await lockContact(tx, viewer.organizationId, viewer.id);
        if (blocked) throw new ContactBlockedError();
      }
      const conversation = await lockVisible(tx, viewer, input.conversationId);
      requireLastSeq(viewer, conversation, input.expectedLastSeq);
      const opened = await openForMessage(tx, viewer, conversation, input.isPrivate === true);
      await requireReferences(tx, viewer, opened.conversation.id, input);
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
export async function openForMessage(
  tx: Tx,
  viewer: Viewer,
  conversation: LockedConversation,
  isPrivate: boolean,
): Promise<{ conversation: LockedConversation; events: NewEvent[] }> {
  if (isPrivate) return { conversation, events: [] };
  if (viewer.kind !== 'contact') {
    if (TAKES_NO_REPLY.has(conversation.status)) {
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
  const status = AFTER_CONTACT_MESSAGE[conversation.status];
  if (status === null) return insertSuccessor(tx, viewer, conversation);
  const events = await changeConversation(tx, conversation, {
    type: 'STATUS_CHANGED',
    data: { status, snoozedUntil: null },
    consequences: DONE.has(conversation.status) ? { resolvedAt: null, reopenedCount: { increment: 1 } } : {},
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

async function requireReferences(tx: Tx, viewer: Viewer, conversationId: string, input: SendMessageInput) {
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

  const message = await tx.message.create({
    data: {
      ...contentColumns(input),
      id: input.id ?? newId('Message'),
      organizationId: conversation.organizationId,
      conversationId: conversation.id,
      seq,
      publicSeq,
      direction: isIncoming ? 'INCOMING' : 'OUTGOING',
      isPrivate: !isPublic,
      senderUserId: author.kind === 'user' ? author.id : null,
      senderContactId: author.kind === 'contact' ? author.id : null,
      senderBotId: author.kind === 'bot' ? author.id : null,
      replyToId: input.replyToId ?? null,
      clientKey: input.idempotencyKey ?? null,
      incomingCount,
      publicOutgoingCount,
      ...(mentions.length > 0 ? { mentions: { create: mentions.map((userId) => ({ userId })) } } : {}),
    },
    select: { id: true, createdAt: true },
  });

  const answered = isPublic ? answering(author, conversation, message.createdAt) : {};
  const counters = { lastSeq: seq, lastMessageId: message.id, incomingCount };
  await tx.conversation.update({
    where: { id: conversation.id },
    data: isPublic
      ? {
          ...counters,
          lastPublicSeq: conversation.lastPublicSeq + 1,
          lastPublicMessageId: message.id,
          publicOutgoingCount,
          lastInteractedAt: message.createdAt,
          updatedAt: message.createdAt,
          ...answered,
        }
      : // A note changes neither updatedAt nor lastInteractedAt: a contact must not learn of it.
        counters,
    select: { id: true },
  });
  if (isIncoming) {
    await tx.conversationMember.updateMany({
      where: {
        organizationId: conversation.organizationId,
        conversationId: conversation.id,
        isUnread: false,
      },
      data: { isUnread: true },
    });
    await tx.contact.updateMany({
      where: { organizationId: conversation.organizationId, id: author.id },
      data: { lastActivityAt: message.createdAt },
    });
  }
  const { waitingSince } = answered;
  const changes = waitingSince === undefined ? [] : [waitingChange(conversation, waitingSince)];
  return {
    messageId: message.id,
    events: [
      conversationEvent(conversation, { type: 'MESSAGE_ADDED', messageId: message.id, isPublic, changes }),
    ],
  };
}

/** Who waits for whom after this message, where that is another than before. */
function answering(
  author: Viewer,
  { waitingSince, firstRepliedAt }: LockedConversation,
  at: Date,
): { waitingSince?: Date | null; firstRepliedAt?: Date } {
  if (author.kind === 'contact') return waitingSince ? {} : { waitingSince: at };
  return {
    ...(waitingSince ? { waitingSince: null } : {}),
    ...(author.kind === 'user' && firstRepliedAt === null ? { firstRepliedAt: at } : {}),
  };
}
