import type { Tx } from '../db/client.ts';
import type { ConversationStatus } from '../db/generated/prisma/enums.ts';
import { InvalidTransitionError, NotFoundError } from '../errors.ts';
import { requireAbility } from './ability.ts';
import type { Change } from './change.ts';
import type { ChangeOne } from './conversation-change.ts';
import type {
  AssignConversationInput,
  RenameConversationInput,
  SetConversationStatusInput,
} from './input.ts';
import { LIMITS } from './limits.ts';
import type { LockedConversation } from './locking.ts';
import { allowedStatuses, DONE } from './status.ts';
import { createValidation, invalid } from './validation.ts';
import { isTeam, type Viewer } from './viewer.ts';

export type Conversations = ReturnType<typeof createConversations>;

/** Changes of one conversation. Each gives the conversation's id, and where in the stream the change stands. */
export function createConversations({ changeOne }: { changeOne: ChangeOne }) {
  function renameConversation(viewer: Viewer, input: RenameConversationInput) {
    requireAbility(viewer, 'RENAME');
    const validation = createValidation();
    validation.requiredText('name', input.name, LIMITS.name);
    validation.text('detail', input.detail, LIMITS.detail);
    validation.finish();
    const { name, detail } = input;
    return changeOne(viewer, { mutation: 'renameConversation', input }, () => ({
      type: 'RENAMED',
      // Left out, the detail stays; null clears it.
      data: detail === undefined ? { name } : { name, detail },
    }));
  }

  function setConversationStatus(viewer: Viewer, input: SetConversationStatusInput) {
    requireAbility(viewer, 'CHANGE_STATUS');
    const { status, snoozedUntil } = input;
    if (!isTeam(viewer) && input.expectedVersion != null) {
      throw invalid('expectedVersion', 'NOT_ALLOWED', 'is for the team; a contact does not see versions.');
    }
    if (status === 'SNOOZED' && !snoozedUntil) {
      throw invalid(
        'snoozedUntil',
        'REQUIRED',
        'is needed for SNOOZED: the time at which it is to open again.',
      );
    }
    if (status !== 'SNOOZED' && snoozedUntil) {
      throw invalid('snoozedUntil', 'NOT_ALLOWED', 'goes with the status SNOOZED only.');
    }
    return changeOne(viewer, { mutation: 'setConversationStatus', input }, (_tx, conversation) => {
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
    });
  }

  /** Makes a team member the owner and a member, or nobody the owner. */
  function assignConversation(viewer: Viewer, input: AssignConversationInput) {
    requireAbility(viewer, 'ASSIGN');
    const userId = input.userId ?? null;
    return changeOne(viewer, { mutation: 'assignConversation', input }, async (tx, conversation) => {
      if (userId === null) return { type: 'ASSIGNED', data: { ownerId: null } };
      await requireUser(tx, viewer, userId);
      const joined = await addMember(tx, viewer, conversation, userId);
      return {
        type: 'ASSIGNED',
        data: { ownerId: userId, handledBy: 'TEAM' },
        alsoChanged: joined ? [{ field: 'members', before: null, after: userId }] : [],
        subjectUserId: userId,
      };
    });
  }

  return { renameConversation, setConversationStatus, assignConversation };
}

/** The change to this status, with what follows from it. */
export function statusChange(
  conversation: LockedConversation,
  status: ConversationStatus,
  snoozedUntil: Date | null,
): Change {
  const wasDone = DONE.has(conversation.status);
  const isDone = DONE.has(status);
  return {
    type: 'STATUS_CHANGED',
    data: { status, snoozedUntil },
    consequences: {
      ...(isDone && !wasDone ? { resolvedAt: conversation.now, waitingSince: null } : {}),
      ...(wasDone && !isDone ? { resolvedAt: null, reopenedCount: { increment: 1 } } : {}),
    },
  };
}

async function requireUser(tx: Tx, viewer: Viewer, userId: string) {
  const where = { id: userId, organizationId: viewer.organizationId, removedAt: null };
  if (!(await tx.user.findFirst({ where, select: { id: true } }))) {
    throw new NotFoundError('user for input.userId', userId);
  }
}

/** Whether the user was not a member before. They have read nothing yet. */
async function addMember(
  tx: Tx,
  viewer: Viewer,
  conversation: LockedConversation,
  userId: string,
): Promise<boolean> {
  const { count } = await tx.conversationMember.createMany({
    data: [
      {
        organizationId: conversation.organizationId,
        conversationId: conversation.id,
        userId,
        isUnread: conversation.incomingCount > 0,
        addedById: viewer.kind === 'user' && viewer.id !== userId ? viewer.id : null,
      },
    ],
    skipDuplicates: true,
  });
  return count > 0;
}
