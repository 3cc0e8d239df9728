import { queryFromInfo } from '@pothos/plugin-prisma';
import { usersVisibleTo } from '../../domain/core/access.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import type { ConversationCounts as Counts } from '../../domain/inbox/counts.ts';
import { builder } from '../core/builder.ts';
import { ConversationStatus } from '../core/enums.ts';
import { planStateSubscription } from '../core/subscription-plan.ts';
import { User } from '../directory/user.ts';

const ConversationCountsFilter = builder.inputType('ConversationCountsFilter', {
  description: `Which conversations are counted: those for which all given conditions hold. A list condition holds when any of its values does; it takes at most ${LIMITS.filterValues}.`,
  fields: (t) => ({
    status: t.field({ type: [ConversationStatus], description: 'How it stands.' }),
    businessUnitId: t.idList({ description: 'Which part of the organization it belongs to.' }),
    channelId: t.idList({ description: 'What it comes in through.' }),
  }),
});

const StatusCount = builder.objectRef<Counts['byStatus'][number]>('StatusCount').implement({
  description: 'How many conversations have a status.',
  fields: (t) => ({
    status: t.expose('status', {
      type: ConversationStatus,
      visibility: 'public',
      description: 'Which status.',
    }),
    count: t.exposeInt('count', { visibility: 'public', description: 'How many have it.' }),
  }),
});

const OwnerCount = builder
  .objectRef<{ owner: { id: string } | null; count: number }>('OwnerCount')
  .implement({
    description: 'How many conversations have an owner.',
    fields: (t) => ({
      owner: t.field({
        type: User,
        nullable: true,
        visibility: 'public',
        description: 'Who answers for them; null: nobody.',
        resolve: ({ owner }) => owner as never,
      }),
      count: t.exposeInt('count', { visibility: 'public', description: 'How many those are.' }),
    }),
  });

const ConversationCounts = builder.objectRef<Counts>('ConversationCounts').implement({
  description: 'How many conversations there are in each view of the viewer. Deleted ones are not counted.',
  fields: (t) => ({
    key: t.exposeString('key', {
      visibility: 'public',
      description:
        'Names the filter, so that a cache keeps what query and subscription give as one: the same for the same filter, in whichever order its values are given. It is no id: node does not know it.',
    }),
    all: t.exposeInt('all', { visibility: 'public', description: 'All that match.' }),
    mine: t.exposeInt('mine', {
      visibility: 'public',
      description:
        'Those that the viewer answers for; for a bot those that it facilitated, for a contact all of theirs.',
    }),
    unassigned: t.exposeInt('unassigned', { visibility: 'public', description: 'Those without an owner.' }),
    unread: t.exposeInt('unread', {
      visibility: 'public',
      description: 'Those with something that the viewer, a member or the contact, has not read.',
    }),
    byStatus: t.field({
      type: [StatusCount],
      visibility: 'public',
      description: 'For each status of the filter, also where there are none.',
      resolve: ({ byStatus }) => byStatus,
    }),
    byOwner: t.field({
      type: [OwnerCount],
      visibility: 'public',
      description: 'For each owner who has any, and for nobody, the largest number first.',
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

const FILTER = { type: ConversationCountsFilter, description: 'Which ones. Left out: all.' } as const;

builder.queryField('conversationCounts', (t) =>
  t.field({
    type: ConversationCounts,
    nullable: true,
    visibility: 'public',
    description:
      'How many conversations stand in each view. Exact, and as cheap at ten million conversations as at ten.',
    args: { filter: t.arg(FILTER) },
    resolve: (_root, { filter }, { counts, viewer }) => counts.readCounts(viewer, filter ?? {}),
  }),
);

builder.subscriptionField('conversationCounts', (t) =>
  t.field({
    type: ConversationCounts,
    nullable: true,
    visibility: 'public',
    description:
      'The counts of the viewer: once at the start, then whenever one of them changes, at most five times a second. There is no cursor: what comes is always what stands now.',
    args: { filter: t.arg(FILTER) },
    subscribe: (_root, { filter }, { counts, readScope }) =>
      planStateSubscription(counts.createCountsSource(readScope, filter ?? {})),
    resolve: (counts) => counts as never,
  }),
);
