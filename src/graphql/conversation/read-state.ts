import { countUnread, findLastReadSeq } from '../../domain/core/unread.ts';
import { builder } from '../core/builder.ts';
import { defineMutation, defineMutationInput } from '../core/mutation.ts';
import { Conversation, MEMBER_ORDER } from './conversation.ts';
import { conversationId } from './input.ts';

const READ_POSITIONS = {
  orderBy: MEMBER_ORDER,
  select: { userId: true, lastReadSeq: true, readCount: true },
};

builder.prismaObjectFields(Conversation, (t) => ({
  lastSeq: t.int({
    visibility: 'public',
    description:
      '`seq` of the newest message that the viewer can see; 0 if there is none. Numbers have no gaps, so this is also the number of messages.',
    select: { lastSeq: true, lastPublicSeq: true },
    resolve: (row, _args, { viewerSide }) => (viewerSide === 'team' ? row.lastSeq : row.lastPublicSeq),
  }),
  viewerLastReadSeq: t.int({
    visibility: 'public',
    description:
      '`seq` of the last message that the viewer has read. 0 if they have read none, or are neither a member nor the contact.',
    select: { members: READ_POSITIONS, contactLastReadPublicSeq: true },
    resolve: (row, _args, { viewer }) => findLastReadSeq(viewer, row),
  }),
  contactLastReadSeq: t.int({
    visibility: 'public',
    description:
      "`seq` of the last message that the contact has read, in the viewer's numbering; 0 if they have read none.",
    select: { contactLastReadSeq: true, contactLastReadPublicSeq: true },
    resolve: (row, _args, { viewerSide }) =>
      viewerSide === 'team' ? row.contactLastReadSeq : row.contactLastReadPublicSeq,
  }),
  unreadCount: t.int({
    visibility: 'public',
    description:
      'Exact number of messages from the other side that the viewer has not read. 0 if they are neither a member nor the contact.',
    select: {
      members: READ_POSITIONS,
      incomingCount: true,
      publicOutgoingCount: true,
      contactReadCount: true,
    },
    resolve: (row, _args, { viewer }) => countUnread(viewer, row),
  }),
  contactLastSeenAt: t.expose('contactLastSeenAt', {
    type: 'DateTime',
    nullable: true,
    visibility: 'public',
    description: 'Time at which the contact last read messages; null if they never did.',
  }),
  agentLastSeenAt: t.expose('agentLastSeenAt', {
    type: 'DateTime',
    nullable: true,
    visibility: 'public',
    description: 'Time at which a team member last read messages, not counting notes; null if none did.',
  }),
}));

defineMutation({ type: Conversation }, 'markConversationRead', {
  description:
    "Sets the viewer's read position, forward or backward (mark as unread). Stored for members and the contact; ignored for others, without an error. Changes neither version nor updatedAt of the conversation.",
  input: defineMutationInput('MarkConversationReadInput', {
    description: 'The new read position of the viewer in a conversation.',
    fields: (t) => ({
      conversationId: conversationId(t),
      upToSeq: t.int({
        description:
          "`seq` of the last read message, in the viewer's numbering: 0 to `lastSeq`. Lower than before: the messages after it are unread again. Omitted or null: all messages are read.",
      }),
    }),
  }),
  change: ({ conversations, viewer }, input) => conversations.markConversationRead(viewer, input),
});
