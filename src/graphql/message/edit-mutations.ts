import {
  ContactBlockedError,
  IdempotencyKeyReusedError,
  InvalidInputError,
  NotFoundError,
} from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { attachChangeExtensions } from '../core/mutation-result.ts';
import { DeleteMessageInput, SubmitMessageFormInput, UpdateMessageInput } from './edit-input.ts';
import { MessageSent } from './mutations.ts';

const ERRORS = { types: [NotFoundError, InvalidInputError, IdempotencyKeyReusedError] };

builder.mutationFields((t) => ({
  updateMessage: t.field({
    type: MessageSent,
    nullable: true,
    visibility: 'public',
    description:
      'Changes what its sender wrote, or how far it has come. The same again changes nothing and is no event. A deleted message stays as it is. Not for contacts.',
    errors: ERRORS,
    args: { input: t.arg({ type: UpdateMessageInput, required: true, description: 'What to change.' }) },
    resolve: async (_root, { input }, context) => ({
      messageId: attachChangeExtensions(
        context,
        await context.messageChanges.updateMessage(context.viewer, input),
      ),
    }),
  }),
  deleteMessage: t.field({
    type: MessageSent,
    nullable: true,
    visibility: 'public',
    description:
      'Takes text and attachments of a message away for everybody; its place and number stay. Once more changes nothing. A bot may delete its own. Not for contacts.',
    errors: ERRORS,
    args: { input: t.arg({ type: DeleteMessageInput, required: true, description: 'Which message.' }) },
    resolve: async (_root, { input }, context) => ({
      messageId: attachChangeExtensions(
        context,
        await context.messageChanges.deleteMessage(context.viewer, input),
      ),
    }),
  }),
  submitMessageForm: t.field({
    type: MessageSent,
    nullable: true,
    visibility: 'public',
    description:
      "Keeps what the contact, or the team for them, filled into a form, a prompt, a choice or a satisfaction survey: in the message's contentAttributes, as submittedValues [{ name, value }] and submittedAt. Once more replaces it. No contact is changed by it.",
    errors: { types: [...ERRORS.types, ContactBlockedError] },
    args: {
      input: t.arg({ type: SubmitMessageFormInput, required: true, description: 'What was filled in.' }),
    },
    resolve: async (_root, { input }, context) => ({
      messageId: attachChangeExtensions(context, await context.submitMessageForm(context.viewer, input)),
    }),
  }),
}));
