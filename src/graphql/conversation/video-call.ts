import { messagesVisibleTo } from '../../domain/core/access.ts';
import { ConversationClosedError, NotConfiguredError } from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST } from '../core/complexity.ts';
import { defineMutation, VERSIONED_UPDATE_ERRORS } from '../core/mutation.ts';
import { Message } from '../message/message.ts';
import { Conversation } from './conversation.ts';
import { ConversationInput } from './input.ts';

const INVITATION = { id: true, contentType: true, contentAttributes: true, deletedAt: true } as const;

builder.prismaObjectField(Message, 'joinUrl', (t) =>
  t.string({
    nullable: true,
    visibility: 'public',
    description:
      "The viewer's personal link into the video call of this invitation, valid for two hours. It carries their name, and makes a user of the team a moderator: don't share or store it. Null for other messages, for deleted ones, and if video calls are not configured.",
    select: INVITATION,
    resolve: (message, _args, { videoCalls, viewer }) => videoCalls.createJoinUrl(viewer, message),
  }),
);

const VideoCall = builder.objectRef<{ messageId: string }>('VideoCall').implement({
  description: 'A video call that was started in a conversation.',
  fields: (t) => ({
    conversation: t.prismaField({
      type: Conversation,
      complexity: STATEMENT_COST,
      visibility: 'public',
      description: 'The conversation as it is now, with the invitation.',
      resolve: (query, { messageId }, _args, { db, viewer }) =>
        db.conversation.findFirstOrThrow({
          ...query,
          where: { messages: { some: { id: messageId, ...messagesVisibleTo(viewer) } } },
        }),
    }),
    url: t.string({
      complexity: STATEMENT_COST,
      nullable: true,
      visibility: 'public',
      description:
        "The viewer's personal link into the call, the same as `invitation.joinUrl`. Null if the invitation was deleted in the meantime.",
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
      complexity: STATEMENT_COST,
      visibility: 'public',
      description: 'The message that invites the contact; each viewer reads their own link from its joinUrl.',
      resolve: (query, { messageId }, _args, { db, viewer }) =>
        db.message.findFirstOrThrow({ ...query, where: { id: messageId, ...messagesVisibleTo(viewer) } }),
    }),
  }),
});

const CALL = { type: VideoCall, toPayload: (messageId: string) => ({ messageId }) };

defineMutation(CALL, 'startVideoCall', {
  description:
    'Starts a video call: sends a message of the type VIDEO_CALL, whose joinUrl is a personal link for each viewer. For users of the team; possible if viewerCan contains START_VIDEO_CALL.',
  errors: [...VERSIONED_UPDATE_ERRORS, NotConfiguredError, ConversationClosedError],
  input: ConversationInput,
  change: ({ videoCalls, viewer }, input) => videoCalls.startVideoCall(viewer, input),
});
