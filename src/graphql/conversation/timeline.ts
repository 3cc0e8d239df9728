import type { EventType as Type } from '../../db/generated/prisma/enums.ts';
import { eventsWithin } from '../../domain/core/access.ts';
import { BadArgumentError } from '../../errors.ts';
import { readCursor, writeCursor } from '../../feed/cursor.ts';
import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { weighPage } from '../core/complexity.ts';
import { PAGE_ARGS, pathsToNodes } from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import { EventType } from '../core/enums.ts';
import { cutPage, type PageArgs, planPage } from '../core/keyset.ts';
import { Conversation } from './conversation.ts';
import { TimelineConnection } from './timeline-event.ts';

interface TimelineArgs extends PageArgs {
  types?: readonly Type[] | null | undefined;
}

builder.prismaObjectField(Conversation, 'timeline', (t) =>
  t.field({
    type: TimelineConnection,
    visibility: 'public',
    description:
      'All events of the conversation, oldest first; for a contact only public ones. `last: 20` selects the newest 20. Its cursors and those of subscriptions are interchangeable: each can be passed as `after` to the other.',
    args: {
      ...PAGE_ARGS,
      types: t.arg({
        type: [EventType],
        description: `Only events of these types, at most ${LIMITS.filterValues}. An empty list matches nothing. Default: all types.`,
      }),
    },
    complexity: weighPage,
    select: (args, context, nested) => {
      const { query } = planTimeline(args, context);
      return {
        events: nested(
          {
            ...query,
            where: { AND: [eventsWithin(context.readScope), whereTypes(args), query.where] },
            select: { id: true, position: true },
          },
          pathsToNodes('TimelineEvent'),
        ),
      };
    },
    resolve: (row, args, context) => ({
      ...cutPage(planTimeline(args, context), row.events),
      totalCount: () => Promise.reject(new Error('a timeline is not counted')),
    }),
  }),
);

function planTimeline(args: PageArgs, { readScope: { cursorKeys } }: Context) {
  // Positions count the events of the whole organization, so clients get them only as encrypted log cursors.
  const cursors = {
    write: (position: number) => writeCursor(cursorKeys, position),
    read: (cursor: string) => readCursor(cursorKeys, cursor),
  };
  const order = { name: 'position', column: 'position', direction: 'asc', isUnique: true, cursors } as const;
  return planPage(args, order, 'timeline.');
}

function whereTypes({ types }: TimelineArgs) {
  if (types == null) return {};
  if (types.length > LIMITS.filterValues) {
    throw new BadArgumentError(
      'timeline.types',
      `has ${types.length} values; at most ${LIMITS.filterValues} are allowed.`,
    );
  }
  return { type: { in: [...types] } };
}
