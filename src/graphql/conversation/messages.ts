import { messagesWithin } from '../../domain/core/access.ts';
import { BadArgumentError } from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { weighPage } from '../core/complexity.ts';
import { PAGE_ARGS, pathsToNodes } from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import { cutPage, type PageArgs, type PageOrder, planPage } from '../core/keyset.ts';
import { MessageConnection } from '../message/message.ts';
import { Conversation } from './conversation.ts';

// Contacts count only the messages that they can see, so each side has its own order and its own cursors.
const ORDER: Record<Context['viewerSide'], PageOrder> = {
  team: { name: 'seq', column: 'seq', direction: 'asc', isUnique: true },
  contact: { name: 'publicSeq', column: 'publicSeq', direction: 'asc', isUnique: true },
};

interface MessagesArgs extends PageArgs {
  aroundSeq?: number | null | undefined;
}

builder.prismaObjectField(Conversation, 'messages', (t) =>
  t.field({
    type: MessageConnection,
    visibility: 'public',
    description:
      'Messages of the conversation that the viewer can see, oldest first; `last: 20` selects the newest 20. Deleted messages stay in the list without their content.',
    args: {
      ...PAGE_ARGS,
      aroundSeq: t.arg.int({
        description:
          'Centers the page on the message with this `seq`, such as a search hit or the first unread message. At least 1; can be combined only with `first`.',
      }),
    },
    complexity: weighPage,
    select: (args, context, nested) => {
      const { query } = planMessages(args, context);
      return {
        lastSeq: true,
        lastPublicSeq: true,
        messages: nested(
          {
            ...query,
            where: { AND: [messagesWithin(context.readScope), query.where] },
            select: { id: true, seq: true, publicSeq: true },
          },
          pathsToNodes('Message'),
        ),
      };
    },
    resolve: (row, args, context) => ({
      ...cutPage(planMessages(args, context), row.messages),
      // Numbers have no gaps, so the newest one is the total.
      totalCount: () => (context.viewerSide === 'team' ? row.lastSeq : row.lastPublicSeq),
    }),
  }),
);

function planMessages({ aroundSeq, ...args }: MessagesArgs, { viewerSide }: Context) {
  const order = ORDER[viewerSide];
  const page = planPage(args, order, 'messages.');
  if (aroundSeq == null) return page;
  if (args.last != null || args.after != null || args.before != null) {
    throw new BadArgumentError(
      'messages.aroundSeq',
      'goes with first alone; leave out last, after and before.',
    );
  }
  if (aroundSeq < 1)
    throw new BadArgumentError('messages.aroundSeq', `is ${aroundSeq}; messages count from 1.`);
  const from = aroundSeq - Math.floor(page.size / 2);
  return {
    ...page,
    isContinued: from > 1,
    query: { ...page.query, where: { [order.column]: { gte: from } } },
  };
}
