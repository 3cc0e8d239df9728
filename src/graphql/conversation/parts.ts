import type { ChannelType as Channel } from '../../db/generated/prisma/enums.ts';
import { builder } from '../core/builder.ts';
import { ChannelType } from '../core/enums.ts';

export const ConversationReference = builder
  .objectRef<{ type: Channel; target: string }>('ConversationReference')
  .implement({
    description: "The channel's own name for a conversation, by which it came in.",
    fields: (t) => ({
      type: t.field({
        type: ChannelType,
        visibility: 'public',
        description: 'Type of the channel that the target belongs to; determines its format.',
        resolve: (reference) => reference.type,
      }),
      target: t.exposeString('target', {
        visibility: 'public',
        description: 'Identifier in the channel, such as a phone number or a LINE user id.',
      }),
    }),
  });

export const Answer = builder.prismaObject('Answer', {
  description: 'A question that the contact was asked, and their answer.',
  select: {},
  fields: (t) => ({
    questionId: t.exposeString('questionId', {
      nullable: true,
      visibility: 'public',
      description:
        'Id of the question in the upstream system: the same in every conversation, so not an id of this answer. Null if it has none.',
    }),
    internalLabel: t.exposeString('internalLabel', {
      nullable: true,
      visibility: 'team',
      description: 'Name of the question within the team. Null if it has none, and for a contact.',
    }),
    question: t.exposeString('question', {
      visibility: 'public',
      description: 'Text of the question as it was asked.',
    }),
    value: t.exposeString('value', {
      nullable: true,
      visibility: 'public',
      description:
        'Text of the answer, or the URL of an uploaded file. Null if the question was not answered.',
    }),
  }),
});

export const ConversationMember = builder.prismaObject('ConversationMember', {
  description: 'A member of a conversation, with the position up to which they have read.',
  select: {},
  fields: (t) => ({
    user: t.relation('user', {
      visibility: 'team',
      nullable: true,
      description: 'The team member themselves. Null for a contact.',
    }),
    joinedAt: t.expose('joinedAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'Time at which they became a member.',
    }),
    addedBy: t.relation('addedBy', {
      nullable: true,
      visibility: 'public',
      description:
        'The team member who added them. Null if they joined themselves, or a bot or an import added them.',
    }),
    lastReadSeq: t.exposeInt('lastReadSeq', {
      visibility: 'public',
      description: '`seq` of the last message that they have read; 0 if they have read none.',
    }),
  }),
});
