import { LIMITS } from '../../domain/core/limits.ts';
import { builder } from '../core/builder.ts';
import { UNVERSIONED_CHANGE } from '../core/change-errors.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { reloadConversation } from '../core/mutation-result.ts';
import { Conversation } from './conversation.ts';
import { AnswerInput } from './create-input.ts';

const RecordAnswersInput = builder.inputType('RecordAnswersInput', {
  description: 'What the contact answered.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    answers: t.field({
      type: [AnswerInput],
      required: true,
      description: `At least one; a conversation has at most ${LIMITS.answers}. A question that was asked already, by its questionId or else by its text, gets the new answer, and keeps its internalLabel if none is given; others come at the end.`,
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationFields((t) => ({
  recordAnswers: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: 'Keeps what the contact was asked and answered, such as by a bot. Not for contacts.',
    errors: { types: UNVERSIONED_CHANGE },
    args: { input: t.arg({ type: RecordAnswersInput, required: true, description: 'The answers.' }) },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(query, context, await context.conversations.recordAnswers(context.viewer, input)),
  }),
}));
