import { messagesVisibleTo } from '../../domain/core/access.ts';
import { ContactBlockedError, ConversationClosedError, NewerMessagesError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST } from '../core/complexity.ts';
import { DeliveryStatus } from '../core/enums.ts';
import {
  defineMutation,
  defineMutationInput,
  type InputFields,
  requireStillVisible,
  UPDATE_ERRORS,
} from '../core/mutation.ts';
import { contentFields } from './input.ts';
import { Message } from './message.ts';

const MessageSent = builder.objectRef<{ messageId: string }>('MessageSent').implement({
  description:
    'A written or changed message, in a wrapper: a client cache that adds results to a list of messages cannot take an error for a message.',
  fields: (t) => ({
    sent: t.prismaField({
      complexity: STATEMENT_COST,
      type: Message,
      visibility: 'public',
      description: 'The message as it is now, after the change.',
      resolve: async (query, { messageId }, _args, { db, readScope }) => {
        const where = { id: messageId, ...messagesVisibleTo(readScope) };
        return requireStillVisible(await db.message.findFirst({ ...query, where }), 'message', messageId);
      },
    }),
  }),
});

const SENT = { type: MessageSent, toPayload: (messageId: string) => ({ messageId }) };

function messageId(t: InputFields) {
  return t.id({ required: true, description: 'Id of the message, such as MSG-01JD8X….' });
}

defineMutation(SENT, 'sendMessage', {
  description:
    "Sends a message, or writes a note, at the end of a conversation. A contact's message reopens a SNOOZED, RESOLVED or ABANDONED conversation; in a CLOSED one it creates a new conversation.",
  errors: [...UPDATE_ERRORS, NewerMessagesError, ContactBlockedError, ConversationClosedError],
  input: defineMutationInput('SendMessageInput', {
    description:
      'The content of a message and the conversation to send it to. Its clientKey is the idempotencyKey.',
    fields: (t) => ({
      conversationId: t.id({ required: true, description: 'Id of the conversation, such as CVR-01JD8X….' }),
      ...contentFields(t),
      isPrivate: t.boolean({
        defaultValue: false,
        description: 'True: a note within the team, which contacts never see. Team only.',
      }),
      replyToId: t.id({
        description: 'Id of the message to which this one replies, MSG-…, in the same conversation.',
      }),
      mentionedUserIds: t.idList({
        description: `Ids of team members to mention, USR-…, at most ${LIMITS.mentions}. Team only.`,
      }),
      expectedLastSeq: t.int({
        description:
          'The `seq` of the newest message that the sender has seen. If there is a newer one, nothing is sent and the result is NewerMessagesError. Omitted or null: no check.',
      }),
    }),
  }),
  change: ({ messages, viewer }, input) => messages.sendMessage(viewer, input),
});

defineMutation(SENT, 'updateMessage', {
  description:
    'Changes the content of a message, for its sender, or the delivery status. Equal values change nothing and create no event. A deleted message cannot be changed. Team only.',
  input: defineMutationInput('UpdateMessageInput', {
    description: 'The values of a message to change. Omitted fields are unchanged.',
    fields: (t) => ({
      messageId: messageId(t),
      content: t.string({
        description: `The new text, at most ${LIMITS.message} characters. Null removes it where the message needs none. Only its sender can change it.`,
      }),
      contentAttributes: t.field({
        type: 'JSON',
        description: `The new contentAttributes as a whole: a JSON object of at most ${LIMITS.contentAttributes} bytes. Null empties it. Submitted form values stay. Only the sender of the message can change it.`,
      }),
      deliveryStatus: t.field({
        type: DeliveryStatus,
        description:
          'The new delivery status of a message to the contact. Moves forward only: SENDING, SENT, DELIVERED, READ; FAILED after SENDING or SENT. A retry goes from FAILED to SENDING or SENT.',
      }),
    }),
  }),
  change: ({ messages, viewer }, input) => messages.updateMessage(viewer, input),
});

defineMutation(SENT, 'deleteMessage', {
  description:
    'Deletes the text and attachments of a message for everybody; its place and number stay. Deleting it again changes nothing. A bot can delete only its own messages. Team only.',
  input: defineMutationInput('DeleteMessageInput', {
    description: 'The message whose text and attachments to delete.',
    fields: (t) => ({ messageId: messageId(t) }),
  }),
  change: ({ messages, viewer }, input) => messages.deleteMessage(viewer, input),
});

const FormValueInput = builder.inputType('FormValueInput', {
  description: 'The value of one field of a form.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description: `Name of the field, 1 to ${LIMITS.name} characters. FORM: the name of an item. INPUT_CSAT: \`rating\` or \`feedback\`. Types that ask one thing: any name, such as \`value\`.`,
    }),
    value: t.string({
      required: true,
      description: `The entered or chosen value, at most ${LIMITS.answer} characters: the value of an option, the payload of a card's button, or a rating from 1 to 5.`,
    }),
  }),
});

defineMutation(SENT, 'submitMessageForm', {
  description:
    'Submits a form, prompt, choice or satisfaction survey, as the contact or as the team on their behalf. The values are stored in contentAttributes of the message as submittedValues [{ name, value }] and submittedAt. Submitting again replaces them. The contact itself is not changed.',
  errors: [...UPDATE_ERRORS, ContactBlockedError],
  input: defineMutationInput('SubmitMessageFormInput', {
    description: 'The message that asks for values, and the values.',
    fields: (t) => ({
      messageId: messageId(t),
      values: t.field({
        type: [FormValueInput],
        required: true,
        description: `Values of the fields: 1 to ${LIMITS.formValues}, each field at most once.`,
      }),
    }),
  }),
  change: ({ messages, viewer }, input) => messages.submitMessageForm(viewer, input),
});
