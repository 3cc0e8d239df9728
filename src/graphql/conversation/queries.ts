import { visibleTo } from '../../domain/core/access.ts';
import { conversationsMatching } from '../../domain/inbox/filter.ts';
import { builder } from '../core/builder.ts';
import { estimatePageComplexity, loadPage, PAGE_ARGS } from '../core/connection.ts';
import { SourceSystem } from '../core/enums.ts';
import { planPage } from '../core/keyset.ts';
import { requireIdOf } from '../core/node.ts';
import { Conversation } from './conversation.ts';
import { ConversationConnection, LIST_ARGS, toPageOrder } from './list.ts';

builder.queryFields((t) => ({
  conversation: t.prismaField({
    type: Conversation,
    nullable: true,
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
    visibility: 'public',
    description:
      'The conversation with this number in the organization. Null if there is none that the viewer can see.',
    args: {
      number: t.arg.int({ required: true, description: 'Number of the conversation, without the “#”.' }),
    },
    resolve: (query, _root, { number }, { db, readScope }) =>
      db.conversation.findFirst({ ...query, where: { number, ...visibleTo(readScope) } }),
  }),
  conversationByOrigin: t.prismaField({
    type: Conversation,
    nullable: true,
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
      'The conversations that the viewer can see, with keyset pagination: rows that appear, move or go don’t shift the next page.',
    args: { ...LIST_ARGS, ...PAGE_ARGS },
    complexity: estimatePageComplexity,
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
