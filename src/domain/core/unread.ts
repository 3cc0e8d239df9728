import { Prisma, type PrismaClient } from '../../db/generated/prisma/client.ts';
import { isTeam, type Viewer } from './viewer.ts';

// Unread messages are a difference of running counts, exact without counting rows: the conversation counts the messages of each side, and
// a reader stores the count at their read position. A member reads messages of the contact (incomingCount - readCount), the contact reads
// public messages of the team (publicOutgoingCount - contactReadCount). A member's `isUnread` stores whether the difference is positive, so
// that it is indexed.

interface ReadPosition {
  userId: string;
  lastReadSeq: number;
  readCount: number;
}

interface ContactCounts {
  publicOutgoingCount: number;
  contactReadCount: number;
}

interface UnreadCounts extends ContactCounts {
  members: readonly ReadPosition[];
  incomingCount: number;
}

export function countUnreadByContact({ publicOutgoingCount, contactReadCount }: ContactCounts): number {
  return publicOutgoingCount - contactReadCount;
}

/** Number of unread messages of a member; 0 for a team viewer who is not a member. */
export function countUnreadByMember(
  { incomingCount }: { incomingCount: number },
  member: { readCount: number } | undefined,
): number {
  return member ? incomingCount - member.readCount : 0;
}

/** Number of messages from the other side that the viewer has not read; 0 for a team viewer who is not a member. */
export function countUnread(viewer: Viewer, conversation: UnreadCounts): number {
  if (!isTeam(viewer)) return countUnreadByContact(conversation);
  return countUnreadByMember(conversation, findReadPosition(viewer, conversation));
}

/** Condition for conversations that the viewer has or has not read. A team viewer who is not a member has read everything. */
export function whereUnread(
  db: PrismaClient,
  viewer: Viewer,
  isUnread: boolean,
): Prisma.ConversationWhereInput {
  if (viewer.kind === 'contact') {
    const { contactReadCount } = db.conversation.fields;
    return { publicOutgoingCount: isUnread ? { gt: contactReadCount } : { lte: contactReadCount } };
  }
  const unreadMember = { userId: viewer.id, isUnread: true };
  return { members: isUnread ? { some: unreadMember } : { none: unreadMember } };
}

/** The condition for the contact in SQL; `c` is the alias of the conversation. */
export const UNREAD_BY_CONTACT = Prisma.sql`(c."publicOutgoingCount" > c."contactReadCount")`;

/** The rule for a member in terms of positions, for past states whose counts are not stored. */
export function isUnreadAt(readSeq: number | undefined, lastIncomingSeq: number): boolean {
  return readSeq !== undefined && lastIncomingSeq > readSeq;
}

/** Number of the last message that the viewer has read, in their own numbering; 0 for a team viewer who is not a member. */
export function findLastReadSeq(
  viewer: Viewer,
  conversation: { members: readonly ReadPosition[]; contactLastReadPublicSeq: number },
): number {
  return isTeam(viewer)
    ? (findReadPosition(viewer, conversation)?.lastReadSeq ?? 0)
    : conversation.contactLastReadPublicSeq;
}

function findReadPosition(viewer: Viewer, { members }: { members: readonly ReadPosition[] }) {
  return members.find(({ userId }) => userId === viewer.id);
}
