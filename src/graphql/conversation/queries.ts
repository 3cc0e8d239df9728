import { visibleTo } from '../../domain/core/access.ts';
import { invitableTo } from '../../domain/directory/invitable.ts';
import { conversationsMatching } from '../../domain/inbox/filter.ts';
import { LIMITS } from '../../limits.ts';
import { Contact } from '../contact/contact.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST, weighFilter, weighPage, weighRootPage, weighSearch } from '../core/complexity.ts';
import { loadPage, PAGE_ARGS, pathsToNodes } from '../core/connection.ts';
import { SourceSystem } from '../core/enums.ts';
import { cutPage, planPage } from '../core/keyset.ts';
import { requireIdOf } from '../core/node.ts';
import { User } from '../directory/user.ts';
import { Conversation } from './conversation.ts';
import { ConversationConnection, ConversationFilter, LIST_ARGS, toPageOrder } from './list.ts';

builder.queryFields((t) => ({
  conversation: t.prismaField({
    type: Conversation,
    nullable: true,
    complexity: STATEMENT_COST,
    visibility: 'public',
    description: 'The conversation with this id. Null if there is none that the viewer can see.',
    args: {
      id: t.arg.id({
        required: true,
        description: 'Id of the conversation, such as CVR-01JD8X…. An id of another type is an error.',
      }),
    },
    resolve: (query, _root, { id }, { db, readScope }) => {
      requireIdOf('Conversation', 'id', id);
      return db.conversation.findFirst({ ...query, where: { id, ...visibleTo(readScope) } });
    },
  }),
  conversationByPublicId: t.prismaField({
    type: Conversation,
    nullable: true,
    complexity: STATEMENT_COST,
    visibility: 'public',
    description:
      'The conversation with this publicId, often the id in the upstream system. Null if there is none that the viewer can see.',
    args: {
      publicId: t.arg.string({
        required: true,
        description: 'The publicId, compared exactly, including case.',
      }),
    },
    resolve: (query, _root, { publicId }, { db, readScope }) =>
      db.conversation.findFirst({ ...query, where: { publicId, ...visibleTo(readScope) } }),
  }),
  conversationByNumber: t.prismaField({
    type: Conversation,
    nullable: true,
    complexity: STATEMENT_COST,
    visibility: 'public',
    description:
      'The conversation with this number in the organization. Null if there is none that the viewer can see.',
    args: {
      number: t.arg.int({ required: true, description: 'Number of the conversation, without the #.' }),
    },
    resolve: (query, _root, { number }, { db, readScope }) =>
      db.conversation.findFirst({ ...query, where: { number, ...visibleTo(readScope) } }),
  }),
  conversationByOrigin: t.prismaField({
    type: Conversation,
    nullable: true,
    complexity: STATEMENT_COST,
    visibility: 'team',
    description:
      'The conversation that was imported from this place in an upstream system. Null if there is none. Team only.',
    args: {
      system: t.arg({
        type: SourceSystem,
        required: true,
        description: 'The upstream system that it was imported from.',
      }),
      account: t.arg.string({
        required: true,
        description: 'Account in the upstream system, as in `Origin.account`.',
      }),
      externalId: t.arg.string({
        required: true,
        description: 'Id of the conversation in the upstream system, as in `Origin.externalId`.',
      }),
    },
    resolve: (query, _root, { system, account, externalId }, { db, readScope }) =>
      db.conversation.findFirst({
        ...query,
        where: {
          originSystem: system,
          originAccount: account,
          originExternalId: externalId,
          ...visibleTo(readScope),
        },
      }),
  }),
  conversations: t.field({
    type: ConversationConnection,
    nullable: true,
    visibility: 'public',
    description:
      "The conversations that the viewer can see, with keyset pagination: rows that appear, move or go don't shift the next page.",
    args: { ...LIST_ARGS, ...PAGE_ARGS },
    complexity: weighRootPage,
    resolve: (_root, { filter, orderBy, ...args }, context, info) => {
      const { db, viewer } = context;
      const plan = planPage(args, toPageOrder(orderBy, context.viewerSide));
      const matching = conversationsMatching(db, viewer, filter ?? {});
      return loadPage(
        { context, info, typeName: 'Conversation', plan },
        (select) =>
          db.conversation.findMany({
            ...select,
            ...plan.query,
            where: { AND: [matching, plan.query.where] },
          }),
        () => db.conversation.count({ where: matching }),
      );
    },
  }),
}));

const CONTACT_LIST_ORDER = toPageOrder(null, 'contact');

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
    complexity: ({ filter, ...page }) => ({ ...weighPage(page), field: 1 + weighFilter(filter) }),
    select: ({ filter, ...args }, { db, viewer }, nested) => {
      const { query } = planPage(args, CONTACT_LIST_ORDER, 'conversations.');
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
      ...cutPage(planPage(args, CONTACT_LIST_ORDER, 'conversations.'), contact.conversations),
      totalCount: () =>
        db.conversation.count({
          where: { AND: [{ contactId: contact.id }, conversationsMatching(db, viewer, filter ?? {})] },
        }),
    }),
  }),
);

builder.queryField('invitableUsers', (t) =>
  t.prismaField({
    type: [User],
    nullable: true,
    visibility: 'team',
    description: `Team members who are not members of the conversation, ordered by name, at most ${LIMITS.invitableUsers}. Removed users are left out. Null if there is no such conversation, or it is deleted. Team only.`,
    args: {
      conversationId: t.arg.id({
        required: true,
        description: 'Id of the conversation, such as CVR-01JD8X….',
      }),
      query: t.arg.string({
        description: `Search words separated by whitespace, at most ${LIMITS.filterWords} words and ${LIMITS.filterText} characters in all. Each word must occur, in any case, in the name, displayName or email.`,
      }),
    },
    complexity: ({ query }) => ({
      field: 2 * STATEMENT_COST + weighSearch(query),
      multiplier: LIMITS.invitableUsers,
    }),
    resolve: async (query, _root, { conversationId, query: text }, { db, viewer }) => {
      // Spreads the selection before the early return: Pothos reports a selection that no query uses.
      const users = {
        ...query,
        where: invitableTo(viewer, conversationId, text),
        orderBy: [{ name: 'asc' as const }, { id: 'asc' as const }],
        take: LIMITS.invitableUsers,
      };
      const where = { id: conversationId, deletedAt: null, ...visibleTo(viewer) };
      if (!(await db.conversation.findFirst({ where, select: { id: true } }))) return null;
      return db.user.findMany(users);
    },
  }),
);
