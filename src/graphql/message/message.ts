import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { DeliveryStatus, MessageContentType, MessageDirection } from '../core/enums.ts';
import { Actor, Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { User } from '../directory/user.ts';
import { Attachment } from './attachment.ts';

export const Message = builder.prismaObject('Message', {
  description: 'A message or a note in a conversation.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    clientKey: t.string({
      nullable: true,
      visibility: 'public',
      description:
        'The idempotencyKey with which the viewer sent the message, to match it with an optimistically rendered one. Null for other viewers, and if none was given.',
      select: { clientKey: true, senderUserId: true, senderContactId: true, senderBotId: true },
      resolve: ({ clientKey, senderUserId, senderContactId, senderBotId }, _args, { viewer }) =>
        viewer.id === (senderUserId ?? senderContactId ?? senderBotId) ? clientKey : null,
    }),
    conversation: t.relation('conversation', {
      visibility: 'public',
      description: 'The conversation that the message belongs to.',
    }),
    seq: t.int({
      visibility: 'public',
      description:
        "Number in the conversation: 1, 2, 3 … without gaps. The team's numbers count all messages; a contact's numbers skip notes.",
      select: { seq: true, publicSeq: true },
      resolve: (message, _args, { viewerSide }) =>
        viewerSide === 'team' ? message.seq : (message.publicSeq ?? 0),
    }),
    direction: t.expose('direction', {
      type: MessageDirection,
      visibility: 'public',
      description: 'Direction of the message, seen from the team: INCOMING is from the contact.',
    }),
    contentType: t.expose('contentType', {
      type: MessageContentType,
      visibility: 'public',
      description: 'Kind of content; determines the format of contentAttributes.',
    }),
    content: t.string({
      nullable: true,
      visibility: 'public',
      description: `Text of the message, at most ${LIMITS.message} characters. Null if there is none, and if the message was deleted.`,
      select: { content: true, deletedAt: true },
      resolve: (message) => (message.deletedAt ? null : message.content),
    }),
    contentAttributes: t.field({
      type: 'JSON',
      visibility: 'public',
      description:
        'Values that depend on contentType, such as the items of a choice or the fields of a form, and submitted values. An empty object if there are none, and if the message was deleted.',
      select: { contentAttributes: true, deletedAt: true },
      resolve: (message) => (message.deletedAt ? {} : message.contentAttributes),
    }),
    isPrivate: t.exposeBoolean('isPrivate', {
      visibility: 'public',
      description: 'True for a note within the team, which contacts never see.',
    }),
    sender: t.field({
      type: Actor,
      nullable: true,
      visibility: 'public',
      description: 'The team member, contact or bot that wrote the message. Null if a system wrote it.',
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
      description: `Attachments in the order given by the sender, at most ${LIMITS.attachments}. Empty if the message was deleted.`,
      select: (_args, _context, nested) => ({
        deletedAt: true,
        attachments: nested({ orderBy: { ordinal: 'asc' } }),
      }),
      resolve: (message) => (message.deletedAt ? [] : message.attachments),
    }),
    mentions: t.field({
      type: [User],
      visibility: 'team',
      description: `Team members that the message mentions, at most ${LIMITS.mentions}. Empty for a contact.`,
      select: (_args, _context, nested) => ({
        mentions: { select: { user: nested() }, orderBy: { userId: 'asc' } },
      }),
      resolve: (message) => message.mentions.map((mention) => mention.user),
    }),
    deliveryStatus: t.expose('deliveryStatus', {
      type: DeliveryStatus,
      visibility: 'public',
      description: 'Progress of the delivery to the other side.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'Time at which the message was written.',
    }),
    editedAt: t.expose('editedAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description: 'Time of the last change of the text; null if it was never changed.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      visibility: 'public',
      description:
        'Time of the last change of any kind, such as text, form values or delivery status; initially the time of writing.',
    }),
    deletedAt: t.expose('deletedAt', {
      type: 'DateTime',
      nullable: true,
      visibility: 'public',
      description:
        'Time of deletion; null if it is not deleted. A deleted message keeps its place and number, without content.',
    }),
    origin: t.field(ORIGIN),
  }),
});

builder.prismaObjectField(Message, 'replyTo', (t) =>
  t.field({
    type: Message,
    nullable: true,
    visibility: 'public',
    description:
      'The message to which this one replies. Null if there is none, and for a contact if it is a note.',
    select: (_args, _context, nested) => ({ replyTo: nested({ select: { id: true, publicSeq: true } }) }),
    resolve: ({ replyTo }, _args, { viewerSide }) =>
      viewerSide === 'team' || replyTo?.publicSeq ? replyTo : null,
  }),
);

// The number is a column of the conversation.
export const MessageConnection = defineConnection(Message, { countCost: 1 });
