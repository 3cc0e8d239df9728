import { queryFromInfo } from '@pothos/plugin-prisma';
import { usersVisibleTo } from '../../domain/core/access.ts';
import type { ConversationCounts as Counts } from '../../domain/inbox/counts.ts';
import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST, weighFilter } from '../core/complexity.ts';
import { ConversationStatus } from '../core/enums.ts';
import { planStateSubscription } from '../core/subscription-plan.ts';
import { User } from '../directory/user.ts';

const ConversationCountsFilter = builder.inputType('ConversationCountsFilter', {
  description: `Conditions that a counted conversation must all meet. A list condition is met by any one of its values, of which there are at most ${LIMITS.filterValues}. An omitted condition, or null, matches everything.`,
  fields: (t) => ({
    status: t.field({
      type: [ConversationStatus],
      description: 'The conversation has one of these statuses.',
    }),
    businessUnitId: t.idList({ description: 'The business unit is one of these, by id (BUN-…).' }),
    channelId: t.idList({ description: 'The channel is one of these, by id (CHN-…).' }),
  }),
});

const StatusCount = builder.objectRef<Counts['byStatus'][number]>('StatusCount').implement({
  description: 'Number of conversations with one status.',
  fields: (t) => ({
    status: t.expose('status', {
      type: ConversationStatus,
      visibility: 'public',
      description: 'The status that is counted.',
    }),
    count: t.exposeInt('count', {
      visibility: 'public',
      description: 'Number of conversations with this status.',
    }),
  }),
});

const OwnerCount = builder
  .objectRef<{ owner: { id: string } | null; count: number }>('OwnerCount')
  .implement({
    description: 'Number of conversations with one owner, or without an owner.',
    fields: (t) => ({
      owner: t.field({
        type: User,
        nullable: true,
        visibility: 'public',
        description: 'The owner; null counts the conversations without an owner.',
        resolve: ({ owner }) => owner as never,
      }),
      count: t.exposeInt('count', {
        visibility: 'public',
        description: 'Number of conversations with this owner.',
      }),
    }),
  });

const ConversationCounts = builder.objectRef<Counts>('ConversationCounts').implement({
  description:
    "Numbers of conversations for the tabs of an inbox. Deleted conversations are not counted; a contact's counts cover only their own conversations.",
  fields: (t) => ({
    key: t.exposeString('key', {
      visibility: 'public',
      description:
        'Cache key of the filter: equal for equal filters whatever the order of their values, so that a client cache can merge query and subscription. Not a Node id.',
    }),
    all: t.exposeInt('all', {
      visibility: 'public',
      description: 'Number of all conversations that match the filter.',
    }),
    mine: t.exposeInt('mine', {
      visibility: 'public',
      description:
        'Number of conversations that the viewer owns. For a bot: those with this bot. For a contact: all of theirs.',
    }),
    unassigned: t.exposeInt('unassigned', {
      visibility: 'public',
      description: 'Number of conversations without an owner.',
    }),
    unread: t.exposeInt('unread', {
      visibility: 'public',
      description:
        'Number with messages from the other side that the viewer, as a member or the contact, has not read.',
    }),
    byStatus: t.field({
      type: [StatusCount],
      visibility: 'public',
      description:
        'Counts per status, for every status of the filter, including 0; in the order of the enum.',
      resolve: ({ byStatus }) => byStatus,
    }),
    byOwner: t.field({
      type: [OwnerCount],
      complexity: { field: STATEMENT_COST, multiplier: LIMITS.defaultPageSize },
      visibility: 'public',
      description:
        'One count per owner with conversations, and one with a null owner for the unassigned ones, if any; largest first.',
      resolve: async ({ byOwner }, _args, context, info) => {
        const ids = byOwner.flatMap(({ ownerId }) => ownerId ?? []);
        const query = queryFromInfo({
          context,
          info,
          typeName: 'User',
          paths: [['owner']],
          select: { id: true } as const,
        });
        const owners = await context.db.user.findMany({
          ...query,
          where: { AND: [{ id: { in: ids } }, usersVisibleTo(context.readScope)] },
        });
        const byId = new Map(owners.map((owner) => [owner.id, owner]));
        return byOwner.map(({ ownerId, count }) => ({ owner: byId.get(ownerId ?? '') ?? null, count }));
      },
    }),
  }),
});

const FILTER = {
  type: ConversationCountsFilter,
  description: 'Conditions of the counts. Default: all conversations that are not deleted.',
} as const;

builder.queryField('conversationCounts', (t) =>
  t.field({
    type: ConversationCounts,
    nullable: true,
    // Two statements: counts, and unread.
    complexity: ({ filter }) => 2 * STATEMENT_COST + weighFilter(filter),
    visibility: 'public',
    description:
      'Exact numbers of conversations for the tabs of an inbox. For the team the cost does not grow with the number of conversations.',
    args: { filter: t.arg(FILTER) },
    resolve: (_root, { filter }, { counts, viewer }) => counts.readCounts(viewer, filter ?? {}),
  }),
);

builder.subscriptionField('conversationCounts', (t) =>
  t.field({
    type: ConversationCounts,
    nullable: true,
    // Two statements: counts, and unread.
    complexity: ({ filter }) => 2 * STATEMENT_COST + weighFilter(filter),
    visibility: 'public',
    description:
      "The viewer's counts: once at the start, then after every change, throttled to five per second. There is no cursor and no replay: every value is the current one.",
    args: { filter: t.arg(FILTER) },
    subscribe: (_root, { filter }, { counts, readScope }) =>
      planStateSubscription(counts.createCountsSource(readScope, filter ?? {})),
    resolve: (counts) => counts as never,
  }),
);
