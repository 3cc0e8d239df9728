import { LIMITS } from '../../domain/core/limits.ts';
import { builder } from '../core/builder.ts';
import { UNVERSIONED_CHANGE } from '../core/change-errors.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { reloadConversation } from '../core/mutation-result.ts';
import { Conversation } from './conversation.ts';

const SetConversationLabelsInput = builder.inputType('SetConversationLabelsInput', {
  description: 'Which labels a conversation is to get, and which to lose; the others stay.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    add: t.stringList({
      description: `Labels to add, each of 1 to ${LIMITS.label} characters, without blanks around it; ${LIMITS.labels} in all at most. Those that are there already stay where they are.`,
    }),
    remove: t.stringList({ description: 'Labels to remove. Those that are not there are passed over.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationFields((t) => ({
  setConversationLabels: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description:
      "Adds and removes labels, one by one, so that two who do so at once do not wipe out each other's. Not for contacts.",
    errors: { types: UNVERSIONED_CHANGE },
    args: {
      input: t.arg({ type: SetConversationLabelsInput, required: true, description: 'Which labels.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.setConversationLabels(context.viewer, input),
      ),
  }),
}));
