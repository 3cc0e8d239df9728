import type { ConversationStatus } from '../../db/generated/prisma/enums.ts';
import { isTeam, type ReadScope } from './viewer.ts';

const ALL: readonly ConversationStatus[] = [
  'OPEN',
  'PENDING',
  'SNOOZED',
  'RESOLVED',
  'CLOSED',
  'ABANDONED',
  'SPAM',
];

function allBut(status: ConversationStatus): readonly ConversationStatus[] {
  return ALL.filter((other) => other !== status);
}

/** Manual transitions: the statuses that a user can set from each status. */
const NEXT: Record<ConversationStatus, readonly ConversationStatus[]> = {
  OPEN: allBut('OPEN'),
  PENDING: allBut('PENDING'),
  // Includes SNOOZED itself: snooze until another time.
  SNOOZED: ALL,
  RESOLVED: allBut('RESOLVED'),
  CLOSED: ['OPEN'],
  ABANDONED: allBut('ABANDONED'),
  SPAM: allBut('SPAM'),
};

/** Status after a message from the contact. Null: the message opens a new conversation. */
export const STATUS_AFTER_CONTACT_MESSAGE: Record<ConversationStatus, ConversationStatus | null> = {
  OPEN: 'OPEN',
  PENDING: 'PENDING',
  SNOOZED: 'OPEN',
  RESOLVED: 'OPEN',
  ABANDONED: 'OPEN',
  SPAM: 'SPAM',
  CLOSED: null,
};

/** Statuses of finished conversations: the contact is not waiting, and leaving them counts as reopening. */
export const DONE_STATUSES: ReadonlySet<ConversationStatus> = new Set(['RESOLVED', 'CLOSED', 'ABANDONED']);

/** Statuses in which the team can't reply. */
export const NO_REPLY_STATUSES: ReadonlySet<ConversationStatus> = new Set(['CLOSED', 'SPAM']);

/** Statuses that the viewer may set. A contact may only set RESOLVED. */
export function allowedStatuses(
  scope: Pick<ReadScope, 'contactId'>,
  status: ConversationStatus,
): readonly ConversationStatus[] {
  const next = NEXT[status];
  return isTeam(scope) ? next : next.filter((to) => to === 'RESOLVED');
}
