import { builder } from '../core/builder.ts';
import { EXPECTED_VERSION, IDEMPOTENCY_KEY } from '../core/change-input.ts';

/** For what needs to know nothing but which conversation. */
export const ConversationInput = builder.inputType('ConversationInput', {
  description: 'One conversation.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});
