import type { ConversationStatus } from '../../db/generated/prisma/enums.ts';
import { InvalidTransitionError } from '../../errors.ts';
import { buildWaitingChange, type ConversationChange } from '../core/conversation-change.ts';
import type { LockedConversation } from '../core/locking.ts';
import { allowedStatuses, DONE_STATUSES } from '../core/status.ts';
import { createInputError, type Validation } from '../core/validation.ts';
import type { ReadScope } from '../core/viewer.ts';

export interface StatusInput {
  status?: ConversationStatus | null | undefined;
  snoozedUntil?: Date | null | undefined;
}

/** Says what is wrong with the input alone. */
export function validateStatus(validation: Validation, { status, snoozedUntil }: StatusInput) {
  if (status === 'SNOOZED' && !snoozedUntil) {
    validation.addIssue(
      'snoozedUntil',
      'REQUIRED',
      'is needed for SNOOZED: the time at which it is to open again.',
    );
  }
  if (status !== 'SNOOZED' && snoozedUntil) {
    validation.addIssue('snoozedUntil', 'NOT_ALLOWED', 'goes with the status SNOOZED only.');
  }
}

/** The change to this status by hand, if the viewer may make it. */
export function buildManualStatusChange(
  viewer: Pick<ReadScope, 'contactId'>,
  conversation: LockedConversation,
  { status, snoozedUntil }: StatusInput & { status: ConversationStatus },
): ConversationChange {
  if (snoozedUntil && snoozedUntil <= conversation.now) {
    throw createInputError(
      'snoozedUntil',
      'NOT_IN_THE_FUTURE',
      `must be later than now, ${conversation.now.toISOString()}.`,
    );
  }
  // SNOOZED again is a change, too: to another time.
  if (status !== conversation.status || status === 'SNOOZED') {
    const allowed = allowedStatuses(viewer, conversation.status);
    if (!allowed.includes(status)) {
      throw new InvalidTransitionError(conversation.id, conversation.status, status, allowed);
    }
  }
  return buildStatusChange(conversation, status, snoozedUntil ?? null);
}

/** The change to this status, with what follows from it. */
export function buildStatusChange(
  conversation: LockedConversation,
  status: ConversationStatus,
  snoozedUntil: Date | null,
): ConversationChange {
  const wasDone = DONE_STATUSES.has(conversation.status);
  const isDone = DONE_STATUSES.has(status);
  const endsWaiting = isDone && !wasDone && conversation.waitingSince !== null;
  return {
    type: 'STATUS_CHANGED',
    data: { status, snoozedUntil },
    alsoChanged: endsWaiting ? [buildWaitingChange(conversation, null)] : [],
    derived: {
      ...(isDone && !wasDone ? { resolvedAt: conversation.now, waitingSince: null } : {}),
      ...(wasDone && !isDone ? { resolvedAt: null, reopenedCount: conversation.reopenedCount + 1 } : {}),
    },
  };
}
