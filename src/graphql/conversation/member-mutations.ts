import { builder } from '../core/builder.ts';
import { UNVERSIONED_CHANGE, VERSIONED_CHANGE } from '../core/change-errors.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { reloadConversation } from '../core/mutation-result.ts';
import { Conversation } from './conversation.ts';
import { ConversationInput } from './input.ts';

const ConversationMemberInput = builder.inputType('ConversationMemberInput', {
  description: 'A team member in a conversation.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    userId: t.id({ required: true, description: 'Which team member.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationFields((t) => ({
  joinConversation: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: 'Makes the viewer a member; nothing changes where they are one. For team members.',
    errors: { types: VERSIONED_CHANGE },
    args: { input: t.arg({ type: ConversationInput, required: true, description: 'Which conversation.' }) },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(query, context, await context.conversations.joinConversation(context.viewer, input)),
  }),
  leaveConversation: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description:
      'The viewer is a member no longer, and owner no longer. Nothing changes where they are neither. For team members.',
    errors: { types: VERSIONED_CHANGE },
    args: { input: t.arg({ type: ConversationInput, required: true, description: 'Which conversation.' }) },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.leaveConversation(context.viewer, input),
      ),
  }),
  addConversationMember: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description:
      'Makes a team member a member, who has read nothing yet. `invitableUsers` says who can be. Not for contacts.',
    errors: { types: UNVERSIONED_CHANGE },
    args: {
      input: t.arg({ type: ConversationMemberInput, required: true, description: 'Whom, and to what.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.addConversationMember(context.viewer, input),
      ),
  }),
  removeConversationMember: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: 'Takes a team member out; the owner then owns it no longer. Not for contacts.',
    errors: { types: UNVERSIONED_CHANGE },
    args: {
      input: t.arg({ type: ConversationMemberInput, required: true, description: 'Whom, and from what.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.removeConversationMember(context.viewer, input),
      ),
  }),
}));
