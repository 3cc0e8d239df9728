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
    description: 'The conversation with this id; null when there is none that the viewer may see.',
    args: { id: t.arg.id({ required: true, description: 'Its id, CVR-…' }) },
    resolve: (query, _root, { id }, { db, readScope }) => {
      requireIdOf('Conversation', 'id', id);
      return db.conversation.findFirst({ ...query, where: { id, ...visibleTo(readScope) } });
    },
  }),
  conversationByPublicId: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: "The conversation that has this publicId: often the upstream system's own id.",
    args: { publicId: t.arg.string({ required: true, description: 'Its publicId, exactly.' }) },
    resolve: (query, _root, { publicId }, { db, readScope }) =>
      db.conversation.findFirst({ ...query, where: { publicId, ...visibleTo(readScope) } }),
  }),
  conversationByNumber: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: 'The conversation with this number in the organization.',
    args: { number: t.arg.int({ required: true, description: 'Its number, without the #.' }) },
    resolve: (query, _root, { number }, { db, readScope }) =>
      db.conversation.findFirst({ ...query, where: { number, ...visibleTo(readScope) } }),
  }),
  conversationByOrigin: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'team',
    description: 'The conversation that was imported from there.',
    args: {
      system: t.arg({ type: SourceSystem, required: true, description: 'The upstream system.' }),
      account: t.arg.string({ required: true, description: 'The account there.' }),
      externalId: t.arg.string({ required: true, description: 'Its id there.' }),
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
    description: 'The conversations that the viewer may see. Pages stay in step while rows move.',
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
