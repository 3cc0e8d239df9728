import { IdempotencyKeyReusedError, InvalidInputError, NotFoundError } from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { reloadConversation } from '../core/mutation-result.ts';
import { Conversation } from './conversation.ts';

const MarkConversationReadInput = builder.inputType('MarkConversationReadInput', {
  description: 'How far the viewer has read.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    upToSeq: t.int({
      description:
        'Read up to the message with this number, as the viewer counts them: 0 to lastSeq. Left out: everything there is. Lower than before: unread from there.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('markConversationRead', (t) =>
  t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description:
      'Says how far the viewer has read, or makes messages unread. Kept for the members and the contact; of anybody else nothing is kept, and nothing is refused. It is no change of the conversation: neither version nor updatedAt move.',
    errors: { types: [NotFoundError, InvalidInputError, IdempotencyKeyReusedError] },
    args: {
      input: t.arg({ type: MarkConversationReadInput, required: true, description: 'What was read.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(query, context, await context.markConversationRead(context.viewer, input)),
  }),
);
