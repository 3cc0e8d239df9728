import type { Tx } from '../../db/client.ts';
import { type ConversationChange, changeConversation, requireVersion } from './conversation-change.ts';
import { type LockedConversation, lockVisible } from './locking.ts';
import type { RecordChange } from './mutation.ts';
import type { Viewer } from './viewer.ts';

export interface ConversationInput {
  conversationId: string;
  expectedVersion?: number | null | undefined;
  idempotencyKey?: string | null | undefined;
}

export type ChangeOne = ReturnType<typeof createChangeOne>;

/** One change of one conversation: what most mutations are. Gives the conversation's id. */
export function createChangeOne({ recordChange }: { recordChange: RecordChange }) {
  /**
   * Locks the conversation, checks the version that the client has seen, and makes the change that `decide` gives;
   * null is none.
   */
  return function changeOne(
    viewer: Viewer,
    {
      mutation,
      input,
      includeDeleted = false,
    }: { mutation: string; input: ConversationInput; includeDeleted?: boolean },
    decide: (
      tx: Tx,
      conversation: LockedConversation,
    ) => ConversationChange | null | Promise<ConversationChange | null>,
  ) {
    return recordChange(viewer, { mutation, input }, async (tx) => {
      const conversation = await lockVisible(tx, viewer, input.conversationId, { includeDeleted });
      requireVersion(conversation, input.expectedVersion);
      const change = await decide(tx, conversation);
      const events = change ? await changeConversation(tx, conversation, change) : [];
      return { result: conversation.id, events };
    });
  };
}
