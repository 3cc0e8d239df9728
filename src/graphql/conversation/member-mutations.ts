import { AlreadyAssignedError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import {
  defineMutation,
  defineMutationInput,
  expectedVersion,
  VERSIONED_UPDATE_ERRORS,
} from '../core/mutation.ts';
import { Conversation } from './conversation.ts';
import { ConversationInput, conversationId } from './input.ts';

const ConversationMemberInput = defineMutationInput('ConversationMemberInput', {
  description: 'A conversation and the team member to add to it or remove from it.',
  fields: (t) => ({
    conversationId: conversationId(t),
    userId: t.id({ required: true, description: 'Id of the team member, USR-…; not of a bot.' }),
  }),
});

defineMutation({ type: Conversation }, 'joinConversation', {
  description:
    'Makes the viewer a member of a conversation. Nothing changes if they are one. For users of the team, not for bots or contacts.',
  errors: VERSIONED_UPDATE_ERRORS,
  input: ConversationInput,
  change: ({ conversations, viewer }, input) => conversations.joinConversation(viewer, input),
});

defineMutation({ type: Conversation }, 'leaveConversation', {
  description:
    'Removes the viewer from the members of a conversation, and as its owner. Nothing changes if they are neither. For users of the team, not for bots or contacts.',
  errors: VERSIONED_UPDATE_ERRORS,
  input: ConversationInput,
  change: ({ conversations, viewer }, input) => conversations.leaveConversation(viewer, input),
});

defineMutation({ type: Conversation }, 'addConversationMember', {
  description:
    'Adds a team member to a conversation; all its messages are unread for them. The query `invitableUsers` lists the candidates. Team only.',
  input: ConversationMemberInput,
  change: ({ conversations, viewer }, input) => conversations.addConversationMember(viewer, input),
});

defineMutation({ type: Conversation }, 'removeConversationMember', {
  description:
    'Removes a team member from a conversation. If they own it, it has no owner afterwards. Team only.',
  input: ConversationMemberInput,
  change: ({ conversations, viewer }, input) => conversations.removeConversationMember(viewer, input),
});

defineMutation({ type: Conversation }, 'assignConversation', {
  description:
    'Sets the owner of a conversation and makes them a member, or clears the owner. An owner takes over from the bot (handledBy TEAM). Team only.',
  errors: VERSIONED_UPDATE_ERRORS,
  input: defineMutationInput('AssignConversationInput', {
    description: 'The new owner of a conversation.',
    fields: (t) => ({
      conversationId: conversationId(t),
      userId: t.id({ description: 'Id of the team member, USR-…. Omitted or null: no owner.' }),
      expectedVersion: expectedVersion(t),
    }),
  }),
  change: ({ conversations, viewer }, input) => conversations.assignConversation(viewer, input),
});

defineMutation({ type: Conversation }, 'claimConversation', {
  description:
    'Makes the viewer the owner and a member of a conversation without an owner. Exactly one of several concurrent calls succeeds; the others get AlreadyAssignedError. For users of the team, not for bots or contacts.',
  errors: [...VERSIONED_UPDATE_ERRORS, AlreadyAssignedError],
  input: ConversationInput,
  change: ({ conversations, viewer }, input) => conversations.claimConversation(viewer, input),
});

defineMutation({ type: Conversation }, 'handOverConversation', {
  description:
    'Hands a conversation over: from the bot to a team member or to the queue of the team, or back to a bot. Team only.',
  input: defineMutationInput('HandOverConversationInput', {
    description: 'The next handler of a conversation, and optionally a note for them.',
    fields: (t) => ({
      conversationId: conversationId(t),
      to: t.id({
        description:
          'Id of a team member, USR-…, who becomes owner and member; or of a bot, BOT-…: the conversation then has no owner. Omitted or null: the queue, which is the team without an owner.',
      }),
      note: t.string({
        description: `Text of a note for the next handler, 1 to ${LIMITS.message} characters, written in the same transaction. The contact doesn't see it.`,
      }),
    }),
  }),
  change: ({ conversations, viewer }, input) => conversations.handOverConversation(viewer, input),
});
