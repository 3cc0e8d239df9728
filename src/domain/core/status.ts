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

/** What each status can be made by hand. */
const NEXT: Record<ConversationStatus, readonly ConversationStatus[]> = {
  OPEN: allBut('OPEN'),
  PENDING: allBut('PENDING'),
  // Also again: until another time.
  SNOOZED: ALL,
  RESOLVED: allBut('RESOLVED'),
  CLOSED: ['OPEN'],
  ABANDONED: allBut('ABANDONED'),
  SPAM: allBut('SPAM'),
};

/** What a message from the contact makes of each; null: it opens a new conversation. */
export const STATUS_AFTER_CONTACT_MESSAGE: Record<ConversationStatus, ConversationStatus | null> = {
  OPEN: 'OPEN',
  PENDING: 'PENDING',
  SNOOZED: 'OPEN',
  RESOLVED: 'OPEN',
  ABANDONED: 'OPEN',
  SPAM: 'SPAM',
  CLOSED: null,
};

/** In these the work is done: nobody waits for an answer, and going back to work counts as reopening. */
export const DONE_STATUSES: ReadonlySet<ConversationStatus> = new Set(['RESOLVED', 'CLOSED', 'ABANDONED']);

/** The team can't reply in these. */
export const NO_REPLY_STATUSES: ReadonlySet<ConversationStatus> = new Set(['CLOSED', 'SPAM']);

/** What the scope may make of it. A contact may only say that it is resolved. */
export function allowedStatuses(
  scope: Pick<ReadScope, 'contactId'>,
  status: ConversationStatus,
): readonly ConversationStatus[] {
  const next = NEXT[status];
  return isTeam(scope) ? next : next.filter((to) => to === 'RESOLVED');
}
