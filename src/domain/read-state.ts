import type { Tx } from '../db/client.ts';
import type { FieldChange, NewEvent } from '../feed/event.ts';
import { conversationEvent } from './change.ts';
import type { MarkConversationReadInput } from './input.ts';
import { type LockedConversation, lockVisible } from './locking.ts';
import type { RecordChange } from './record.ts';
import { invalid } from './validation.ts';
import { isTeam, type Viewer } from './viewer.ts';

export type MarkConversationRead = ReturnType<typeof createMarkConversationRead>;

export function createMarkConversationRead({ recordChange }: { recordChange: RecordChange }) {
  /**
   * Says up to which message the viewer has read, by their own numbering; lower than before makes unread from there. Marks are
   * kept for members and for the contact; for others nothing is, and that is no fault. Gives the conversation's id.
   */
  return function markConversationRead(viewer: Viewer, input: MarkConversationReadInput) {
    if (input.upToSeq != null && input.upToSeq < 0) {
      throw invalid('upToSeq', 'OUT_OF_RANGE', `is ${input.upToSeq}; messages count from 1, and 0 is none.`);
    }
    return recordChange(viewer, { mutation: 'markConversationRead', input }, async (tx) => {
      const conversation = await lockVisible(tx, viewer, input.conversationId);
      const upTo = requireSeq(viewer, conversation, input.upToSeq);
      const events = isTeam(viewer)
        ? await markForMember(tx, viewer, { conversation, upTo })
        : await markForContact(tx, conversation, upTo);
      return { result: conversation.id, events };
    });
  };
}

function requireSeq(viewer: Viewer, conversation: LockedConversation, seq: number | null | undefined) {
  const lastSeq = isTeam(viewer) ? conversation.lastSeq : conversation.lastPublicSeq;
  if (seq != null && seq > lastSeq) {
    throw invalid(
      'upToSeq',
      'OUT_OF_RANGE',
      `is ${seq}, and the newest message is ${lastSeq}; give a number from 0 to ${lastSeq}.`,
    );
  }
  return seq ?? lastSeq;
}

async function markForMember(
  tx: Tx,
  viewer: Viewer,
  { conversation, upTo }: { conversation: LockedConversation; upTo: number },
): Promise<NewEvent[]> {
  if (viewer.kind !== 'user') return [];
  const { organizationId, id: conversationId } = conversation;
  const key = { organizationId, conversationId, userId: viewer.id };
  const member = await tx.conversationMember.findUnique({
    where: { organizationId_conversationId_userId: key },
    select: { lastReadSeq: true },
  });
  if (!member || member.lastReadSeq === upTo) return [];
  const readCount = await incomingUpTo(tx, conversation, upTo);
  await tx.conversationMember.update({
    where: { organizationId_conversationId_userId: key },
    data: { lastReadSeq: upTo, readCount, isUnread: conversation.incomingCount > readCount },
    select: { userId: true },
  });
  const changes: FieldChange[] = [{ field: 'lastReadSeq', before: member.lastReadSeq, after: upTo }];
  if (await passesPublic(tx, conversation, { after: member.lastReadSeq, upTo })) {
    await tx.conversation.update({
      where: { id: conversationId },
      data: { agentLastSeenAt: conversation.now },
      select: { id: true },
    });
    changes.push(seenNow('agentLastSeenAt', conversation));
  }
  return [conversationEvent(conversation, { type: 'READ', changes })];
}

/** The message's running count of what came from the contact, as its own row has it. */
async function incomingUpTo(tx: Tx, conversation: LockedConversation, seq: number): Promise<number> {
  if (seq === 0) return 0;
  const { organizationId, id: conversationId } = conversation;
  const message = await tx.message.findUniqueOrThrow({
    where: { organizationId_conversationId_seq: { organizationId, conversationId, seq } },
    select: { incomingCount: true },
  });
  return message.incomingCount;
}

/**
 * Whether the mark moves over a message that the contact sees, too. Reading notes alone does not move agentLastSeenAt: the
 * contact would count the team's notes by it.
 */
async function passesPublic(
  tx: Tx,
  { organizationId, id: conversationId }: LockedConversation,
  { after, upTo }: { after: number; upTo: number },
): Promise<boolean> {
  const seen = await tx.message.findFirst({
    where: { organizationId, conversationId, seq: { gt: after, lte: upTo }, publicSeq: { not: null } },
    select: { id: true },
  });
  return seen !== null;
}

async function markForContact(tx: Tx, conversation: LockedConversation, upTo: number): Promise<NewEvent[]> {
  const before = conversation.contactLastReadPublicSeq;
  if (before === upTo) return [];
  const { organizationId, id: conversationId } = conversation;
  const read =
    upTo === 0
      ? { seq: 0, publicOutgoingCount: 0 }
      : await tx.message.findUniqueOrThrow({
          where: {
            organizationId_conversationId_publicSeq: { organizationId, conversationId, publicSeq: upTo },
          },
          select: { seq: true, publicOutgoingCount: true },
        });
  const isForward = upTo > before;
  await tx.conversation.update({
    where: { id: conversationId },
    data: {
      contactLastReadSeq: read.seq,
      contactLastReadPublicSeq: upTo,
      contactReadCount: read.publicOutgoingCount,
      ...(isForward ? { contactLastSeenAt: conversation.now } : {}),
    },
    select: { id: true },
  });
  const changes: FieldChange[] = [
    { field: 'contactLastReadSeq', before: conversation.contactLastReadSeq, after: read.seq },
    { field: 'contactLastReadPublicSeq', before, after: upTo },
  ];
  if (isForward) changes.push(seenNow('contactLastSeenAt', conversation));
  return [conversationEvent(conversation, { type: 'READ', changes })];
}

function seenNow(field: 'agentLastSeenAt' | 'contactLastSeenAt', conversation: LockedConversation) {
  return {
    field,
    before: conversation[field]?.toISOString() ?? null,
    after: conversation.now.toISOString(),
  };
}
