import type { Tx } from '../../db/client.ts';
import type { Author, FieldChange } from '../../feed/event.ts';
import { requireAbility, requireTeamMember } from '../core/ability.ts';
import type { ConversationChange } from '../core/conversation-change.ts';
import type { LockedConversation } from '../core/locking.ts';
import type { ChangeOne, ConversationInput } from '../core/mutation.ts';
import { requireUser } from '../core/references.ts';
import { countUnreadByMember } from '../core/unread.ts';
import type { Viewer } from '../core/viewer.ts';
import type { ConversationMemberInput } from './input.ts';

/** Members: the users who take part in a conversation and have a read position in it. */
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
      // A user who was removed from the organization may still be a member.
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

/** Removes the user from the members, and from owner if they are the owner. */
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

/** Records the member's read position in the event, so that unread filters can be judged before and after it. */
function listRemovalChanges(userId: string, { lastReadSeq }: { lastReadSeq: number }): FieldChange[] {
  const left = { field: 'members', before: userId, after: null };
  return lastReadSeq > 0 ? [left, { field: 'lastReadSeq', before: lastReadSeq, after: null }] : [left];
}

/** Makes a user a member with read position 0. Returns the change; none when they are a member already. */
export async function addMember(
  tx: Tx,
  viewer: Viewer,
  { conversation, userId }: { conversation: LockedConversation; userId: string },
): Promise<FieldChange[]> {
  const { row, change } = buildMember(viewer, conversation, userId);
  const { count } = await tx.conversationMember.createMany({ data: [row], skipDuplicates: true });
  return count > 0 ? [change] : [];
}

/** Row and change of a new member. */
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
      isUnread: countUnreadByMember(conversation, { readCount: 0 }) > 0,
      addedById: author.kind === 'user' && author.id !== userId ? author.id : null,
    },
    change: { field: 'members', before: null, after: userId } satisfies FieldChange,
  };
}
