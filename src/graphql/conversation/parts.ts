import type { ChannelType as Channel } from '../../db/generated/prisma/enums.ts';
import { builder } from '../core/builder.ts';
import { ChannelType } from '../core/enums.ts';

export const ConversationReference = builder
  .objectRef<{ type: Channel; target: string }>('ConversationReference')
  .implement({
    description: "How a conversation entered: the channel's own name for it.",
    fields: (t) => ({
      type: t.field({
        type: ChannelType,
        visibility: 'public',
        description: 'What kind of channel.',
        resolve: (reference) => reference.type,
      }),
      target: t.exposeString('target', {
        visibility: 'public',
        description: 'Such as a phone number or a LINE user id.',
      }),
    }),
  });

export const Answer = builder.prismaObject('Answer', {
  description: 'A question that the contact was asked, and what they answered.',
  select: {},
  fields: (t) => ({
    questionId: t.exposeString('questionId', {
      nullable: true,
      visibility: 'public',
      description:
        "The upstream question's own id; the same in every conversation that asked it, so not an id of this answer.",
    }),
    internalLabel: t.exposeString('internalLabel', {
      nullable: true,
      visibility: 'team',
      description: 'What the team calls the question. Null for a contact.',
    }),
    question: t.exposeString('question', {
      visibility: 'public',
      description: 'The question as it was asked.',
    }),
    value: t.exposeString('value', {
      nullable: true,
      visibility: 'public',
      description: 'The answer; may be the address of an upload. Null: not answered.',
    }),
  }),
});

export const ConversationMember = builder.prismaObject('ConversationMember', {
  description: 'A team member who is in a conversation.',
  select: {},
  fields: (t) => ({
    user: t.relation('user', { visibility: 'team', nullable: true, description: 'Who.' }),
    joinedAt: t.expose('joinedAt', { type: 'DateTime', visibility: 'public', description: 'Since when.' }),
    addedBy: t.relation('addedBy', {
      nullable: true,
      visibility: 'public',
      description:
        'The team member who added them; null when they came by themselves, or by a bot or an import.',
    }),
    lastReadSeq: t.exposeInt('lastReadSeq', {
      visibility: 'public',
      description: 'Number of the last message that they have read.',
    }),
  }),
});
