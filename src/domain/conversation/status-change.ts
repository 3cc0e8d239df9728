import type { ConversationStatus } from '../../db/generated/prisma/enums.ts';
import { InvalidTransitionError } from '../../errors.ts';
import { buildWaitingChange, type ConversationChange } from '../core/conversation-change.ts';
import type { LockedConversation } from '../core/locking.ts';
import { allowedStatuses, DONE_STATUSES } from '../core/status.ts';
import { createInputError, type Validation } from '../core/validation.ts';
import type { ReadScope } from '../core/viewer.ts';
import type { StatusInput } from './input.ts';

/** Reports issues that depend on the input alone. */
export function validateStatus(validation: Validation, { status, snoozedUntil }: StatusInput) {
  if (status === 'SNOOZED' && !snoozedUntil) {
    validation.addIssue(
      'snoozedUntil',
      'REQUIRED',
      'is missing; SNOOZED needs the time at which the conversation reopens.',
    );
  }
  if (status !== 'SNOOZED' && snoozedUntil) {
    validation.addIssue('snoozedUntil', 'NOT_ALLOWED', 'is only for the status SNOOZED.');
  }
}

/** Change of the status by a viewer. Throws InvalidTransitionError when the transition is not allowed. */
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
  // SNOOZED to SNOOZED changes snoozedUntil, and needs the same right.
  if (status !== conversation.status || status === 'SNOOZED') {
    const allowed = allowedStatuses(viewer, conversation.status);
    if (!allowed.includes(status)) {
      throw new InvalidTransitionError(conversation.id, conversation.status, status, allowed);
    }
  }
  return buildStatusChange(conversation, status, snoozedUntil ?? null);
}

/** Change of the status with its derived columns: resolvedAt, reopenedCount and waitingSince. */
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
