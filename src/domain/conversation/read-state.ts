import type { Tx } from '../../db/client.ts';
import { deferred } from '../../db/deferred.ts';
import type { Message } from '../../db/generated/prisma/client.ts';
import type { FieldChange, NewEvent } from '../../feed/event.ts';
import { buildConversationEvent } from '../core/conversation-change.ts';
import { type LockedConversation, lockVisible } from '../core/locking.ts';
import type { RecordChange } from '../core/mutation.ts';
import { countUnreadByMember } from '../core/unread.ts';
import { createInputError } from '../core/validation.ts';
import { isTeam, type Viewer } from '../core/viewer.ts';
import type { MarkConversationReadInput } from './input.ts';

/** Read positions of members and of the contact. */
export function createReadState({ recordChange }: { recordChange: RecordChange }) {
  /**
   * Sets the read position of the viewer, in their own numbering; a lower one makes later messages unread again. Only members and the
   * contact have a read position: for other viewers nothing is stored, and the mutation succeeds.
   */
  function markConversationRead(viewer: Viewer, input: MarkConversationReadInput) {
    if (input.upToSeq != null && input.upToSeq < 0) {
      throw createInputError(
        'upToSeq',
        'OUT_OF_RANGE',
        `is ${input.upToSeq}; message numbers count from 1, and 0 means none.`,
      );
    }
    return recordChange(viewer, { mutation: 'markConversationRead', input }, async (tx) => {
      const conversation = await lockVisible(tx, viewer, input.conversationId);
      const upTo = requireSeq(viewer, conversation, input.upToSeq);
      const events = isTeam(viewer)
        ? await markForMember(tx, viewer, { conversation, upTo })
        : await markForContact(tx, conversation, upTo);
      return { result: conversation.id, events };
    });
  }

  return { markConversationRead };
}

function requireSeq(viewer: Viewer, conversation: LockedConversation, seq: number | null | undefined) {
  const lastSeq = isTeam(viewer) ? conversation.lastSeq : conversation.lastPublicSeq;
  if (seq != null && seq > lastSeq) {
    throw createInputError(
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
  const [before, after] = await readRunningCounts(tx, conversation, [member.lastReadSeq, upTo]);
  const mark = buildMemberMark(conversation, {
    before: { seq: member.lastReadSeq, counts: before },
    after: { seq: upTo, counts: after },
  });
  await deferred(tx).execute`UPDATE "ConversationMember"
       SET "lastReadSeq" = ${upTo}, "readCount" = ${mark.member.readCount}, "isUnread" = ${mark.member.isUnread}
     WHERE "organizationId" = ${organizationId} AND "conversationId" = ${conversationId} AND "userId" = ${viewer.id}`;
  if (mark.set) await deferred(tx).update({ table: 'Conversation', id: conversationId }, { set: mark.set });
  return [mark.event];
}

interface ReadMark {
  seq: number;
  counts: RunningCounts;
}

/** Columns of a member who has read up to `after`, columns of the conversation to set (null: none), and the event. */
export function buildMemberMark(
  conversation: LockedConversation,
  { before, after }: { before: ReadMark; after: ReadMark },
) {
  const changes: FieldChange[] = [{ field: 'lastReadSeq', before: before.seq, after: after.seq }];
  // Reading only notes keeps agentLastSeenAt: the contact could count notes by it.
  const isSeen = after.counts.public > before.counts.public;
  if (isSeen) changes.push(buildSeenChange('agentLastSeenAt', conversation));
  const readCount = after.counts.incoming;
  return {
    member: {
      lastReadSeq: after.seq,
      readCount,
      isUnread: countUnreadByMember(conversation, { readCount }) > 0,
    },
    set: isSeen ? { agentLastSeenAt: conversation.now } : null,
    event: buildConversationEvent(conversation, { type: 'READ', changes }),
  };
}

export interface RunningCounts {
  /** Messages from the contact. */
  incoming: number;
  /** Messages that the contact can see: their own and public ones of the team. */
  public: number;
}

export const ZERO_COUNTS: RunningCounts = { incoming: 0, public: 0 };

/** Running counts up to and including the message. */
export function toRunningCounts(
  message: Pick<Message, 'incomingCount' | 'publicOutgoingCount'>,
): RunningCounts {
  return { incoming: message.incomingCount, public: message.incomingCount + message.publicOutgoingCount };
}

/** Running counts at two messages. Each message row stores the counts up to itself. */
async function readRunningCounts(
  tx: Tx,
  conversation: LockedConversation,
  [one, other]: [number, number],
): Promise<[RunningCounts, RunningCounts]> {
  const { organizationId, id: conversationId } = conversation;
  const rows = await tx.message.findMany({
    where: { organizationId, conversationId, OR: [{ seq: one }, { seq: other }] },
    select: { seq: true, incomingCount: true, publicOutgoingCount: true },
  });
  function at(seq: number): RunningCounts {
    if (seq === 0) return ZERO_COUNTS;
    const row = rows.find((message) => message.seq === seq);
    if (!row) throw new Error(`message ${seq} of ${conversationId} does not exist`);
    return toRunningCounts(row);
  }
  return [at(one), at(other)];
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
  const { set, event } = buildContactMark(conversation, { ...read, publicSeq: upTo });
  await deferred(tx).update({ table: 'Conversation', id: conversationId }, { set });
  return [event];
}

/** Columns to set on the conversation when its contact has read up to this message, and the event. */
export function buildContactMark(
  conversation: LockedConversation,
  read: Pick<Message, 'seq' | 'publicOutgoingCount'> & { publicSeq: number },
) {
  const before = conversation.contactLastReadPublicSeq;
  const isForward = read.publicSeq > before;
  const set = {
    contactLastReadSeq: read.seq,
    contactLastReadPublicSeq: read.publicSeq,
    contactReadCount: read.publicOutgoingCount,
    ...(isForward ? { contactLastSeenAt: conversation.now } : {}),
  };
  const changes: FieldChange[] = [
    { field: 'contactLastReadSeq', before: conversation.contactLastReadSeq, after: read.seq },
    { field: 'contactLastReadPublicSeq', before, after: read.publicSeq },
  ];
  if (isForward) changes.push(buildSeenChange('contactLastSeenAt', conversation));
  return { set, event: buildConversationEvent(conversation, { type: 'READ', changes }) };
}

function buildSeenChange(field: 'agentLastSeenAt' | 'contactLastSeenAt', conversation: LockedConversation) {
  return {
    field,
    before: conversation[field]?.toISOString() ?? null,
    after: conversation.now.toISOString(),
  };
}
