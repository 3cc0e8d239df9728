import { messagesVisibleTo } from '../../domain/core/access.ts';
import {
  ConversationClosedError,
  IdempotencyKeyReusedError,
  InvalidInputError,
  NotConfiguredError,
  NotFoundError,
  VersionConflictError,
} from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { attachChangeExtensions } from '../core/mutation-result.ts';
import { Message } from '../message/message.ts';
import { Conversation } from './conversation.ts';
import { ConversationInput } from './input.ts';

const INVITATION = { id: true, contentType: true, contentAttributes: true, deletedAt: true } as const;

builder.prismaObjectField(Message, 'joinUrl', (t) =>
  t.string({
    nullable: true,
    visibility: 'public',
    description:
      "The viewer's own link into the video call that it invites to, good for two hours: with their name, and as moderator for a team member. Not to be shared or kept. Null for other messages, where it was deleted, and where video calls are not set up.",
    select: INVITATION,
    resolve: (message, _args, { videoCalls, viewer }) => videoCalls.createJoinUrl(viewer, message),
  }),
);

const VideoCall = builder.objectRef<{ messageId: string }>('VideoCall').implement({
  description: 'A video call that was started.',
  fields: (t) => ({
    conversation: t.prismaField({
      type: Conversation,
      visibility: 'public',
      description: 'The conversation as it stands now.',
      resolve: (query, { messageId }, _args, { db, viewer }) =>
        db.conversation.findFirstOrThrow({
          ...query,
          where: { messages: { some: { id: messageId, ...messagesVisibleTo(viewer) } } },
        }),
    }),
    url: t.string({
      nullable: true,
      visibility: 'public',
      description:
        'Where the viewer joins: their own link, as joinUrl of the invitation. Null where that can not be joined any more.',
      resolve: async ({ messageId }, _args, { db, videoCalls, viewer }) => {
        const where = { id: messageId, ...messagesVisibleTo(viewer) };
        return videoCalls.createJoinUrl(
          viewer,
          await db.message.findFirstOrThrow({ where, select: INVITATION }),
        );
      },
    }),
    invitation: t.prismaField({
      type: Message,
      visibility: 'public',
      description: 'The message in which the others find their links.',
      resolve: (query, { messageId }, _args, { db, viewer }) =>
        db.message.findFirstOrThrow({ ...query, where: { id: messageId, ...messagesVisibleTo(viewer) } }),
    }),
  }),
});

builder.mutationField('startVideoCall', (t) =>
  t.field({
    type: VideoCall,
    nullable: true,
    visibility: 'public',
    description:
      'Invites the contact to a video call, with a message that has a link of their own for everybody who sees it (joinUrl). For team members; viewerCan says whether it can be done.',
    errors: {
      types: [
        NotFoundError,
        NotConfiguredError,
        InvalidInputError,
        VersionConflictError,
        ConversationClosedError,
        IdempotencyKeyReusedError,
      ],
    },
    args: { input: t.arg({ type: ConversationInput, required: true, description: 'Where.' }) },
    resolve: async (_root, { input }, context) => ({
      messageId: attachChangeExtensions(
        context,
        await context.videoCalls.startVideoCall(context.viewer, input),
      ),
    }),
  }),
);
