import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { DeliveryStatus, MessageContentType, MessageDirection } from '../core/enums.ts';
import { Actor, Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { User } from '../directory/user.ts';
import { Attachment } from './attachment.ts';

export const Message = builder.prismaObject('Message', {
  description: 'What somebody wrote in a conversation.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    clientKey: t.string({
      nullable: true,
      visibility: 'public',
      description:
        'The key that its sender gave: how a page finds the bubble that it drew before the answer came. Null for everybody else.',
      select: { clientKey: true, senderUserId: true, senderContactId: true, senderBotId: true },
      resolve: ({ clientKey, senderUserId, senderContactId, senderBotId }, _args, { viewer }) =>
        viewer.id === (senderUserId ?? senderContactId ?? senderBotId) ? clientKey : null,
    }),
    conversation: t.relation('conversation', {
      visibility: 'public',
      description: 'The conversation that it is in.',
    }),
    seq: t.int({
      visibility: 'public',
      description:
        'Position in the conversation: 1, 2, 3 … without a hole, for the team over all messages, for a contact over those that are theirs to see.',
      select: { seq: true, publicSeq: true },
      resolve: (message, _args, { viewerSide }) =>
        viewerSide === 'team' ? message.seq : (message.publicSeq ?? 0),
    }),
    direction: t.expose('direction', {
      type: MessageDirection,
      visibility: 'public',
      description: 'Which way it goes.',
    }),
    contentType: t.expose('contentType', {
      type: MessageContentType,
      visibility: 'public',
      description: 'What it holds besides its text.',
    }),
    content: t.string({
      nullable: true,
      visibility: 'public',
      description: 'The text. Null where there is none, and where it was deleted.',
      select: { content: true, deletedAt: true },
      resolve: (message) => (message.deletedAt ? null : message.content),
    }),
    contentAttributes: t.field({
      type: 'JSON',
      visibility: 'public',
      description: 'What belongs to its contentType: the items of a choice, the fields of a form.',
      select: { contentAttributes: true, deletedAt: true },
      resolve: (message) => (message.deletedAt ? {} : message.contentAttributes),
    }),
    isPrivate: t.exposeBoolean('isPrivate', {
      visibility: 'public',
      description: 'A note among the team. Never shown to a contact.',
    }),
    sender: t.field({
      type: Actor,
      nullable: true,
      visibility: 'public',
      description: 'Who wrote it; null for what the system wrote.',
      select: (_args, _context, nested) => ({
        senderUser: nested({}, [], 'User'),
        senderContact: nested({}, [], 'Contact'),
        senderBot: nested({}, [], 'Bot'),
      }),
      resolve: (message) => message.senderUser ?? message.senderContact ?? message.senderBot,
    }),
    attachments: t.field({
      type: [Attachment],
      visibility: 'public',
      description: 'What is attached, in the order of the sender. Empty where it was deleted.',
      select: (_args, _context, nested) => ({
        deletedAt: true,
        attachments: nested({ orderBy: { ordinal: 'asc' } }),
      }),
      resolve: (message) => (message.deletedAt ? [] : message.attachments),
    }),
    mentions: t.field({
      type: [User],
      visibility: 'team',
      description: 'The team members that a note mentions. Empty for a contact.',
      select: (_args, _context, nested) => ({
        mentions: { select: { user: nested() }, orderBy: { userId: 'asc' } },
      }),
      resolve: (message) => message.mentions.map((mention) => mention.user),
    }),
    deliveryStatus: t.expose('deliveryStatus', {
      type: DeliveryStatus,
      visibility: 'public',
      description: 'How far it has come.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'When it was written.',
    }),
    editedAt: t.expose('editedAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description: 'When its text was last changed.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'When anything of it last changed.',
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description: 'When it was deleted; its place in the conversation stays.',
    }),
    origin: t.field(ORIGIN),
  }),
});

builder.prismaObjectField(Message, 'replyTo', (t) =>
  t.field({
    type: Message,
    nullable: true,
    visibility: 'public',
    description: 'The message that it answers. Null for a contact where that is a note.',
    select: (_args, _context, nested) => ({ replyTo: nested({ select: { id: true, publicSeq: true } }) }),
    resolve: ({ replyTo }, _args, { viewerSide }) =>
      viewerSide === 'team' || replyTo?.publicSeq ? replyTo : null,
  }),
);

export const MessageConnection = defineConnection(Message, { counted: true });
