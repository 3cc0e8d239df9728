import { messagesVisibleTo } from '../../domain/core/access.ts';
import {
  ContactBlockedError,
  ConversationClosedError,
  IdempotencyKeyReusedError,
  InvalidInputError,
  NewerMessagesError,
  NotFoundError,
} from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { attachChangeExtensions, requireStillVisible } from '../core/mutation-result.ts';
import { SendMessageInput } from './input.ts';
import { Message } from './message.ts';

export const MessageSent = builder.objectRef<{ messageId: string }>('MessageSent').implement({
  description:
    'A message, wrapped: a list that a client updates from the answer must never take a refusal for a message.',
  fields: (t) => ({
    sent: t.prismaField({
      type: Message,
      visibility: 'public',
      description: 'The message as it stands now.',
      resolve: async (query, { messageId }, _args, { db, readScope }) => {
        const where = { id: messageId, ...messagesVisibleTo(readScope) };
        return requireStillVisible(await db.message.findFirst({ ...query, where }), 'message', messageId);
      },
    }),
  }),
});

builder.mutationField('sendMessage', (t) =>
  t.field({
    type: MessageSent,
    nullable: true,
    visibility: 'public',
    description:
      "Writes a message, or a note, at the end of a conversation. A contact's message opens one that is done again, and after CLOSED a new one.",
    errors: {
      types: [
        NotFoundError,
        InvalidInputError,
        NewerMessagesError,
        ContactBlockedError,
        ConversationClosedError,
        IdempotencyKeyReusedError,
      ],
    },
    args: {
      input: t.arg({ type: SendMessageInput, required: true, description: 'What to write, and where.' }),
    },
    resolve: async (_root, { input }, context) => ({
      messageId: attachChangeExtensions(context, await context.messages.sendMessage(context.viewer, input)),
    }),
  }),
);
