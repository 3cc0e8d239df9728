import type { Tx } from '../../db/client.ts';
import { AlreadyAssignedError } from '../../errors.ts';
import type { FieldChange } from '../../feed/event.ts';
import { ID_PREFIX, parseNodeType } from '../../ids.ts';
import { LIMITS } from '../../limits.ts';
import { requireAbility } from '../core/ability.ts';
import { type ConversationChange, changeConversation } from '../core/conversation-change.ts';
import { type LockedConversation, lockVisible } from '../core/locking.ts';
import type { ChangeOne, ConversationInput, RecordChange } from '../core/mutation.ts';
import { requireBot, requireUser } from '../core/references.ts';
import { createValidation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import { insertMessage } from '../message/send.ts';
import type { AssignConversationInput, HandOverConversationInput } from './input.ts';
import { addMember } from './member.ts';

/** Owner and handler of a conversation. */
export function createOwners({
  changeOne,
  recordChange,
}: {
  changeOne: ChangeOne;
  recordChange: RecordChange;
}) {
  /** Makes a user the owner and a member; without a userId the conversation has no owner. */
  function assignConversation(viewer: Viewer, input: AssignConversationInput) {
    requireAbility(viewer, 'ASSIGN');
    return changeOne(viewer, { mutation: 'assignConversation', input }, (tx, conversation) =>
      buildAssignment(tx, viewer, { conversation, field: 'userId', userId: input.userId ?? null }),
    );
  }

  /** Makes the viewer the owner of a conversation without one. Concurrent claims: the row lock lets the first through, the others get AlreadyAssignedError. */
  function claimConversation(viewer: Viewer, input: ConversationInput) {
    requireAbility(viewer, 'CLAIM');
    return changeOne(viewer, { mutation: 'claimConversation', input }, (tx, conversation) => {
      const { id, ownerId } = conversation;
      if (ownerId === viewer.id) return null;
      if (ownerId !== null) throw new AlreadyAssignedError(id, ownerId);
      return buildOwnership(tx, viewer, { conversation, userId: viewer.id });
    });
  }

  /** Hands the conversation to a user, to a bot, or to the queue of the team, with an optional private note. */
  function handOverConversation(viewer: Viewer, input: HandOverConversationInput) {
    requireAbility(viewer, 'ASSIGN');
    const { conversationId, note } = input;
    const to = parseHandoverTarget(input);
    return recordChange(viewer, { mutation: 'handOverConversation', input }, async (tx) => {
      const conversation = await lockVisible(tx, viewer, conversationId);
      const change = await buildHandover(tx, viewer, { conversation, to });
      const events = await changeConversation(tx, conversation, change);
      if (note != null) {
        const { idempotencyKey } = input;
        const message = { content: note, isPrivate: true, idempotencyKey };
        events.push(...(await insertMessage(tx, viewer, conversation, message)).events);
      }
      return { result: conversationId, events };
    });
  }

  return { assignConversation, claimConversation, handOverConversation };
}

/** Change of the owner to this user; null clears it. `field` names the input field in errors. */
export async function buildAssignment(
  tx: Tx,
  viewer: Viewer,
  { conversation, field, userId }: { conversation: LockedConversation; field: string; userId: string | null },
): Promise<ConversationChange> {
  if (userId === null) return { type: 'ASSIGNED', data: { ownerId: null } };
  await requireUser(tx, viewer, { field, id: userId });
  return buildOwnership(tx, viewer, { conversation, userId });
}

async function buildOwnership(
  tx: Tx,
  viewer: Viewer,
  { conversation, userId }: { conversation: LockedConversation; userId: string },
): Promise<ConversationChange> {
  return buildOwnerChange(userId, await addMember(tx, viewer, { conversation, userId }));
}

/** The change to this owner, with the change of members that comes with it. */
export function buildOwnerChange(userId: string, memberChanges: FieldChange[]): ConversationChange {
  return {
    type: 'ASSIGNED',
    data: { ownerId: userId, handledBy: 'TEAM' },
    alsoChanged: memberChanges,
    subjectUserId: userId,
  };
}

type HandoverTarget = { type: 'User' | 'Bot'; id: string } | null;

function parseHandoverTarget({ to, note }: HandOverConversationInput): HandoverTarget {
  const validation = createValidation();
  if (note != null) validation.requiredText('note', note, LIMITS.message);
  const type = to == null ? undefined : parseNodeType(to);
  if (to != null && type !== 'User' && type !== 'Bot') {
    validation.addIssue(
      'to',
      'WRONG_TYPE',
      `is not the id of a team member (${ID_PREFIX.User}-…) or of a bot (${ID_PREFIX.Bot}-…); leave it out for the queue.`,
    );
  }
  validation.finish();
  return to == null ? null : { type: type as 'User' | 'Bot', id: to };
}

async function buildHandover(
  tx: Tx,
  viewer: Viewer,
  { conversation, to }: { conversation: LockedConversation; to: HandoverTarget },
): Promise<ConversationChange> {
  if (to === null) return { type: 'HANDED_OVER', data: { ownerId: null, handledBy: 'TEAM' } };
  const { type, id } = to;
  if (type === 'User') {
    await requireUser(tx, viewer, { field: 'to', id });
    return { ...(await buildOwnership(tx, viewer, { conversation, userId: id })), type: 'HANDED_OVER' };
  }
  await requireBot(tx, viewer, { field: 'to', id });
  return {
    type: 'HANDED_OVER',
    data: { botId: id, handledBy: 'BOT', ownerId: null },
    subjectBotId: id,
  };
}
