import type { Viewer as DomainViewer } from '../../domain/core/viewer.ts';
import { BadArgumentError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST } from '../core/complexity.ts';
import { loadNode, loadNodes } from '../core/load-nodes.ts';
import { Actor, Node } from '../core/node.ts';
import { Organization } from './organization.ts';

const Viewer = builder.objectRef<DomainViewer>('Viewer').implement({
  description: 'The person or bot whose token the request carries.',
  fields: (t) => ({
    organization: t.prismaField({
      type: Organization,
      complexity: STATEMENT_COST,
      visibility: 'public',
      description: 'Organization that the token is for.',
      resolve: (query, { organizationId }, _args, { db }) =>
        db.organization.findUniqueOrThrow({ ...query, where: { id: organizationId } }),
    }),
    identity: t.field({
      type: Actor,
      complexity: STATEMENT_COST,
      visibility: 'public',
      description: 'User, contact or bot that the token is for.',
      resolve: async ({ id }, _args, context, info) => {
        const identity = await loadNode(id, context, info);
        if (!identity) throw new Error('the viewer was removed in the meantime');
        return identity;
      },
    }),
  }),
});

builder.queryType({
  description: 'Reads. Most fields are nullable, so that an error in one leaves the others intact.',
  fields: (t) => ({
    streamCursor: t.string({
      complexity: STATEMENT_COST,
      visibility: 'public',
      description:
        'Cursor of the event log from before this operation read anything. Select it together with data, then subscribe with it as `after`: no event is missed in between. For a contact it moves with their own events, and otherwise at most once an hour. Opaque text.',
      resolve: (_root, _args, context) => context.streamCursor(),
    }),
    viewer: t.field({
      type: Viewer,
      visibility: 'public',
      description:
        'The viewer: the person or bot whose token the request carries. Error UNAUTHENTICATED without a valid token.',
      resolve: (_root, _args, { viewer }) => viewer,
    }),
    node: t.field({
      type: Node,
      complexity: STATEMENT_COST,
      nullable: true,
      visibility: 'public',
      description: 'Object of any type by its id; null if it does not exist or is not visible to the viewer.',
      args: {
        id: t.arg.id({ required: true, description: 'Id, such as CVR-…. Its prefix names the type.' }),
      },
      resolve: (_root, { id }, context, info) => {
        void context.viewer;
        return loadNode(id, context, info);
      },
    }),
    nodes: t.field({
      type: [Node],
      complexity: ({ ids }) => ({ field: STATEMENT_COST, multiplier: Math.min(ids.length, LIMITS.nodes) }),
      nullable: { list: false, items: true },
      visibility: 'public',
      description:
        'Objects of any types by their ids, in the order of the ids; null for one that does not exist or is not visible to the viewer.',
      args: {
        ids: t.arg.idList({
          required: true,
          description: `Ids of objects of any type, at most ${LIMITS.nodes}; repeated ids are allowed.`,
        }),
      },
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
    'Changes. The result of a mutation is a union of the changed object and errors: the fragment `... on UserError { message }` matches every error. `extensions.cursor` is the position of the change in the event log. Exception: setActivity stores nothing, and has neither.',
});

builder.subscriptionType({
  description:
    'Live updates, over WebSocket or server-sent events. After a reconnect, give the last cursor as `after`: missed events are replayed, then CaughtUp is sent, then events are live. Each event has a cursor, also in `extensions.cursor`. The subscriptions activity, presence and conversationCounts have no cursor: they begin with the present state.',
});
