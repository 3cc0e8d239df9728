import type { StreamItem } from '../feed/stream-item.ts';
import { builder } from './builder.ts';
import { AFTER, CaughtUp, ConversationChanged, MessageAdded, ResetRequired, typeOfItem } from './event.ts';
import { liveSource } from './live-source.ts';

const MessageEvent = builder.unionType('MessageEvent', {
  description: 'What messageAdded sends.',
  types: [MessageAdded, CaughtUp, ResetRequired],
  resolveType: (item) => typeOfItem(item as StreamItem, 'MessageAdded'),
});

const StatusEvent = builder.unionType('StatusEvent', {
  description: 'What conversationStatusChanged sends.',
  types: [ConversationChanged, CaughtUp, ResetRequired],
  resolveType: (item) => typeOfItem(item as StreamItem, 'ConversationChanged'),
});

builder.subscriptionFields((t) => ({
  messageAdded: t.field({
    type: MessageEvent,
    nullable: true,
    visibility: 'public',
    description: 'New messages, in one conversation or in all that the viewer may see.',
    args: {
      conversationId: t.arg.id({ description: 'Which conversation. Left out: all.' }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: async (_root, { conversationId, after }, { watching, reader }) =>
      liveSource(await watching.watchMessages(reader, conversationId), after),
    resolve: (item) => item as never,
  }),
  conversationStatusChanged: t.field({
    type: StatusEvent,
    nullable: true,
    visibility: 'public',
    description: 'Status changes, in one conversation or in all that the viewer may see.',
    args: {
      conversationId: t.arg.id({ description: 'Which conversation. Left out: all.' }),
      after: t.arg.string({ description: AFTER }),
    },
    subscribe: async (_root, { conversationId, after }, { watching, reader }) =>
      liveSource(await watching.watchStatus(reader, conversationId), after),
    resolve: (item) => item as never,
  }),
}));
