import { builder } from '../core/builder.ts';
import { VERSIONED_CHANGE } from '../core/change-errors.ts';
import { reloadConversation } from '../core/mutation-result.ts';
import { Conversation } from './conversation.ts';
import { ConversationInput } from './input.ts';

builder.mutationFields((t) => ({
  deleteConversation: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description:
      'Deletes it: its contact no longer sees it, and nothing can be changed until it is restored. The team still finds it, by its id and with the filter isDeleted. For team members.',
    errors: { types: VERSIONED_CHANGE },
    args: { input: t.arg({ type: ConversationInput, required: true, description: 'Which conversation.' }) },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.deleteConversation(context.viewer, input),
      ),
  }),
  restoreConversation: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: 'Brings a deleted one back as it was. For team members.',
    errors: { types: VERSIONED_CHANGE },
    args: { input: t.arg({ type: ConversationInput, required: true, description: 'Which conversation.' }) },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.restoreConversation(context.viewer, input),
      ),
  }),
}));
