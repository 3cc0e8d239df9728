import type { Tx } from '../../db/client.ts';
import type { Author, FieldChange } from '../../feed/event.ts';
import { requireAbility, requireTeamMember } from '../core/ability.ts';
import type { ConversationChange } from '../core/conversation-change.ts';
import type { LockedConversation } from '../core/locking.ts';
import type { ChangeOne, ConversationInput } from '../core/mutation.ts';
import { requireUser } from '../core/references.ts';
import type { Viewer } from '../core/viewer.ts';

export interface ConversationMemberInput extends ConversationInput {
  userId: string;
}

/** Who of the team is in a conversation. */
export function createMembers({ changeOne }: { changeOne: ChangeOne }) {
  function joinConversation(viewer: Viewer, input: ConversationInput) {
    requireTeamMember(viewer, 'join conversations');
    return changeOne(viewer, { mutation: 'joinConversation', input }, (tx, conversation) =>
      buildMemberAddition(tx, viewer, { conversation, userId: viewer.id }),
    );
  }

  function leaveConversation(viewer: Viewer, input: ConversationInput) {
    requireTeamMember(viewer, 'leave conversations');
    return changeOne(viewer, { mutation: 'leaveConversation', input }, (tx, conversation) =>
      buildMemberRemoval(tx, conversation, viewer.id),
    );
  }

  function addConversationMember(viewer: Viewer, input: ConversationMemberInput) {
    requireAbility(viewer, 'ASSIGN');
    const { userId } = input;
    return changeOne(viewer, { mutation: 'addConversationMember', input }, async (tx, conversation) => {
      await requireUser(tx, viewer, { field: 'userId', id: userId });
      return buildMemberAddition(tx, viewer, { conversation, userId });
    });
  }

  function removeConversationMember(viewer: Viewer, input: ConversationMemberInput) {
    requireAbility(viewer, 'ASSIGN');
    const { userId } = input;
    return changeOne(viewer, { mutation: 'removeConversationMember', input }, async (tx, conversation) => {
      // One who was removed from the organization may still be in the conversation.
      await requireUser(tx, viewer, { field: 'userId', id: userId, includeRemoved: true });
      return buildMemberRemoval(tx, conversation, userId);
    });
  }

  return { joinConversation, leaveConversation, addConversationMember, removeConversationMember };
}

async function buildMemberAddition(
  tx: Tx,
  viewer: Viewer,
  { conversation, userId }: { conversation: LockedConversation; userId: string },
): Promise<ConversationChange> {
  const alsoChanged = await addMember(tx, viewer, { conversation, userId });
  return { type: 'MEMBER_ADDED', data: {}, alsoChanged, subjectUserId: userId };
}

/** Who leaves answers for it no longer. */
async function buildMemberRemoval(
  tx: Tx,
  conversation: LockedConversation,
  userId: string,
): Promise<ConversationChange> {
  const { organizationId, id: conversationId } = conversation;
  const key = { organizationId, conversationId, userId };
  const member = await tx.conversationMember.findUnique({
    where: { organizationId_conversationId_userId: key },
    select: { lastReadSeq: true },
  });
  if (member) await tx.conversationMember.deleteMany({ where: key });
  return {
    type: 'MEMBER_REMOVED',
    data: conversation.ownerId === userId ? { ownerId: null } : {},
    alsoChanged: member ? listRemovalChanges(userId, member) : [],
    subjectUserId: userId,
  };
}

/** With who leaves goes how far they had read: lists of what is unread held the conversation, or did not, by that. */
function listRemovalChanges(userId: string, { lastReadSeq }: { lastReadSeq: number }): FieldChange[] {
  const left = { field: 'members', before: userId, after: null };
  return lastReadSeq > 0 ? [left, { field: 'lastReadSeq', before: lastReadSeq, after: null }] : [left];
}

/** Makes a user a member; what that changed, if they were none before. They have read nothing yet. */
export async function addMember(
  tx: Tx,
  viewer: Viewer,
  { conversation, userId }: { conversation: LockedConversation; userId: string },
): Promise<FieldChange[]> {
  const { row, change } = buildMember(viewer, conversation, userId);
  const { count } = await tx.conversationMember.createMany({ data: [row], skipDuplicates: true });
  return count > 0 ? [change] : [];
}

/** Row of a new member, and the change that it is. */
export function buildMember(
  author: Pick<Author, 'kind' | 'id'>,
  conversation: LockedConversation,
  userId: string,
) {
  return {
    row: {
      organizationId: conversation.organizationId,
      conversationId: conversation.id,
      userId,
      isUnread: conversation.incomingCount > 0,
      addedById: author.kind === 'user' && author.id !== userId ? author.id : null,
    },
    change: { field: 'members', before: null, after: userId } satisfies FieldChange,
  };
}
