import { conversationsMatching } from '../../domain/inbox/filter.ts';
import { Contact } from '../contact/contact.ts';
import { builder } from '../core/builder.ts';
import { estimatePageComplexity, PAGE_ARGS, pathsToNodes } from '../core/connection.ts';
import { cutPage, planPage } from '../core/keyset.ts';
import { ConversationConnection, ConversationFilter, toPageOrder } from './list.ts';

const ORDER = toPageOrder(null, 'contact');

builder.prismaObjectField(Contact, 'conversations', (t) =>
  t.field({
    type: ConversationConnection,
    visibility: 'public',
    description:
      'Conversations of the contact that the viewer can see, ordered by lastInteractedAt, the newest first.',
    args: {
      ...PAGE_ARGS,
      filter: t.arg({
        type: ConversationFilter,
        description: 'Conditions of the list. Default: all conversations that are not deleted.',
      }),
    },
    complexity: estimatePageComplexity,
    select: ({ filter, ...args }, { db, viewer }, nested) => {
      const { query } = planPage(args, ORDER, 'conversations.');
      const where = { AND: [conversationsMatching(db, viewer, filter ?? {}), query.where] };
      return {
        id: true,
        conversations: nested(
          { ...query, where, select: { id: true, lastInteractedAt: true } },
          pathsToNodes('Conversation'),
        ),
      };
    },
    resolve: (contact, { filter, ...args }, { db, viewer }) => ({
      ...cutPage(planPage(args, ORDER, 'conversations.'), contact.conversations),
      totalCount: () =>
        db.conversation.count({
          where: { AND: [{ contactId: contact.id }, conversationsMatching(db, viewer, filter ?? {})] },
        }),
    }),
  }),
);
