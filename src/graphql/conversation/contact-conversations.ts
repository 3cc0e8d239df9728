import { conversationsMatching } from '../../domain/inbox/filter.ts';
import { Contact } from '../contact/contact.ts';
import { builder } from '../core/builder.ts';
import { nodesOf, PAGE_ARGS, pageComplexity } from '../core/connection.ts';
import { cutPage, planPage } from '../core/keyset.ts';
import { ConversationConnection, ConversationFilter, orderOf } from './list.ts';

const ORDER = orderOf(null, 'contact');

builder.prismaObjectField(Contact, 'conversations', (t) =>
  t.field({
    type: ConversationConnection,
    visibility: 'public',
    description: 'Their conversations, the newest first.',
    args: {
      ...PAGE_ARGS,
      filter: t.arg({
        type: ConversationFilter,
        description: 'Which ones. Left out: all that are not deleted.',
      }),
    },
    complexity: pageComplexity,
    select: ({ filter, ...args }, { db, viewer }, nested) => {
      const { query } = planPage(args, ORDER, 'conversations.');
      const where = { AND: [conversationsMatching(db, viewer, filter ?? {}), query.where] };
      return {
        id: true,
        conversations: nested(
          { ...query, where, select: { id: true, lastInteractedAt: true } },
          nodesOf('Conversation'),
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
