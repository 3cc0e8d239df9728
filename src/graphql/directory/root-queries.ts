import { LIMITS } from '../../domain/core/limits.ts';
import type { Viewer as DomainViewer } from '../../domain/core/viewer.ts';
import { BadArgumentError } from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { loadNode, loadNodes } from '../core/load-nodes.ts';
import { Actor, Node } from '../core/node.ts';
import { Organization } from './organization.ts';

const Viewer = builder.objectRef<DomainViewer>('Viewer').implement({
  description: 'Who is asking.',
  fields: (t) => ({
    organization: t.prismaField({
      type: Organization,
      visibility: 'public',
      description: 'The organization that the token is for.',
      resolve: (query, { organizationId }, _args, { db }) =>
        db.organization.findUniqueOrThrow({ ...query, where: { id: organizationId } }),
    }),
    identity: t.field({
      type: Actor,
      visibility: 'public',
      description: 'The team member, contact or bot that the token names.',
      resolve: async ({ id }, _args, context, info) => {
        const identity = await loadNode(id, context, info);
        if (!identity) throw new Error('the viewer was removed in the meantime');
        return identity;
      },
    }),
  }),
});

builder.queryType({
  description: 'Reading. Root fields are nullable, so that one that fails does not take the others with it.',
  fields: (t) => ({
    streamCursor: t.string({
      visibility: 'public',
      description:
        'Where the live stream stood before this operation read anything. Select it beside any query, subscribe with it as `after`, and nothing falls between the two.',
      resolve: (_root, _args, context) => context.streamCursor(),
    }),
    viewer: t.field({
      type: Viewer,
      visibility: 'public',
      description: 'Who is asking.',
      resolve: (_root, _args, { viewer }) => viewer,
    }),
    node: t.field({
      type: Node,
      nullable: true,
      visibility: 'public',
      description: 'Any object by its id; null when there is none that the viewer may see.',
      args: { id: t.arg.id({ required: true, description: 'Its id; the prefix names its type.' }) },
      resolve: (_root, { id }, context, info) => {
        void context.viewer;
        return loadNode(id, context, info);
      },
    }),
    nodes: t.field({
      type: [Node],
      nullable: { list: false, items: true },
      visibility: 'public',
      description:
        'Objects by their ids, in that order, with null where there is none that the viewer may see.',
      args: { ids: t.arg.idList({ required: true, description: `Their ids, at most ${LIMITS.nodes}.` }) },
      resolve: (_root, { ids }, context, info) => {
        void context.viewer;
        if (ids.length > LIMITS.nodes) {
          throw new BadArgumentError('ids', `has ${ids.length} ids; at most ${LIMITS.nodes} are allowed.`);
        }
        return loadNodes(ids, context, info);
      },
    }),
  }),
});

builder.mutationType({
  description:
    'Changing. Each mutation answers with the changed object, or with a refusal: `... on UserError { message }` catches every one. Every answer has `extensions.cursor`, the place of the change in the stream. Only setActivity stores nothing, and has neither.',
});

builder.subscriptionType({
  description:
    'Watching, over a websocket or server-sent events. The first event is CaughtUp: from then on nothing is missed. Each event has a cursor, also in `extensions.cursor`; who was away gives the last one as `after`. What has no past, which is activity, presence and conversationCounts, begins with what stands now and has no cursor.',
});
