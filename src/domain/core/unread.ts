import { isTeam, type Viewer } from './viewer.ts';

// A running count of messages minus the same count at the read position: exact, without counting rows.

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

/** Number of messages from the other side that the viewer has not read; 0 for a team viewer who is not a member. */
export function countUnread(viewer: Viewer, conversation: UnreadCounts): number {
  if (!isTeam(viewer)) return countUnreadByContact(conversation);
  const position = findReadPosition(viewer, conversation);
  return position ? conversation.incomingCount - position.readCount : 0;
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
