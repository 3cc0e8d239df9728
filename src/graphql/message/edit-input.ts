import { LIMITS } from '../../domain/core/limits.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { DeliveryStatus } from '../core/enums.ts';

export const UpdateMessageInput = builder.inputType('UpdateMessageInput', {
  description: 'What is to be changed of a message. What is left out stays.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'Which message.' }),
    content: t.string({
      description: `The new text, at most ${LIMITS.message} characters; null clears it where none is needed. For its sender.`,
    }),
    contentAttributes: t.field({
      type: 'JSON',
      description: `What belongs to its contentType, as a whole: a JSON object of at most ${LIMITS.contentAttributes} bytes; null clears it. What was filled into it stays. For its sender.`,
    }),
    deliveryStatus: t.field({
      type: DeliveryStatus,
      description:
        'How far a message to the contact has come: forward from SENDING over SENT and DELIVERED to READ, FAILED from SENDING and SENT, and to try again from FAILED to SENDING or SENT.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

export const DeleteMessageInput = builder.inputType('DeleteMessageInput', {
  description: 'Which message is to be deleted.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'Which message.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const FormValueInput = builder.inputType('FormValueInput', {
  description: 'What was filled into one field.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        "The field: for FORM the name of an item; for INPUT_CSAT `rating` or `feedback`; where one thing is asked a name of the client's choice, such as `value`.",
    }),
    value: t.string({
      required: true,
      description: `What was filled in or chosen, at most ${LIMITS.answer} characters: of options the value, of a card's button the payload, as a rating 1 to 5.`,
    }),
  }),
});

export const SubmitMessageFormInput = builder.inputType('SubmitMessageFormInput', {
  description: 'What was filled into a message that asks for something.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'The message that asks.' }),
    values: t.field({
      type: [FormValueInput],
      required: true,
      description: `What was filled in, each field once, at most ${LIMITS.formValues}.`,
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});
