import type { ConversationStatus } from '../../db/generated/prisma/enums.ts';
import { InvalidTransitionError } from '../../errors.ts';
import { type Change, waitingChange } from '../core/change.ts';
import type { LockedConversation } from '../core/locking.ts';
import { allowedStatuses, DONE } from '../core/status.ts';
import { invalid, type Validation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';

export interface Standing {
  status?: ConversationStatus | null | undefined;
  snoozedUntil?: Date | null | undefined;
}

/** Says what is wrong with the input alone. */
export function validateStanding(validation: Validation, { status, snoozedUntil }: Standing) {
  if (status === 'SNOOZED' && !snoozedUntil) {
    validation.refuse(
      'snoozedUntil',
      'REQUIRED',
      'is needed for SNOOZED: the time at which it is to open again.',
    );
  }
  if (status !== 'SNOOZED' && snoozedUntil) {
    validation.refuse('snoozedUntil', 'NOT_ALLOWED', 'goes with the status SNOOZED only.');
  }
}

/** The change to this status by hand, if the viewer may make it. */
export function settingStatus(
  viewer: Viewer,
  conversation: LockedConversation,
  { status, snoozedUntil }: Standing & { status: ConversationStatus },
): Change {
  if (snoozedUntil && snoozedUntil <= conversation.now) {
    throw invalid(
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
  return statusChange(conversation, status, snoozedUntil ?? null);
}

/** The change to this status, with what follows from it. */
export function statusChange(
  conversation: LockedConversation,
  status: ConversationStatus,
  snoozedUntil: Date | null,
): Change {
  const wasDone = DONE.has(conversation.status);
  const isDone = DONE.has(status);
  const endsWaiting = isDone && !wasDone && conversation.waitingSince !== null;
  return {
    type: 'STATUS_CHANGED',
    data: { status, snoozedUntil },
    alsoChanged: endsWaiting ? [waitingChange(conversation, null)] : [],
    consequences: {
      ...(isDone && !wasDone ? { resolvedAt: conversation.now, waitingSince: null } : {}),
      ...(wasDone && !isDone ? { resolvedAt: null, reopenedCount: conversation.reopenedCount + 1 } : {}),
    },
  };
}
