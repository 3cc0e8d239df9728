import type { StreamItem } from '../../feed/stream-item.ts';
import { builder } from '../core/builder.ts';
import { planLogSubscription } from '../core/subscription-plan.ts';
import {
  ContactChanged,
  ConversationCreated,
  ConversationDeleted,
  ConversationEntered,
  ConversationLeft,
  ConversationRead,
  MessageChanged,
  resolveConversationEventType,
  resolveInboxEventType,
} from './event.ts';
import { ConversationFilter } from './list.ts';
import {
  AFTER_DESCRIPTION,
  CaughtUp,
  ConversationChanged,
  MessageAdded,
  ResetRequired,
  resolveItemType,
} from './stream-event.ts';

const MessageEvent = builder.unionType('MessageEvent', {
  description: 'What messageAdded sends.',
  types: [MessageAdded, CaughtUp, ResetRequired],
  resolveType: (item) => resolveItemType(item as StreamItem, () => 'MessageAdded'),
});

const StatusEvent = builder.unionType('StatusEvent', {
  description: 'What conversationStatusChanged sends.',
  types: [ConversationChanged, CaughtUp, ResetRequired],
  resolveType: (item) => resolveItemType(item as StreamItem, () => 'ConversationChanged'),
});

const ConversationEvent = builder.unionType('ConversationEvent', {
  description: 'What conversation sends.',
  types: [
    ContactChanged,
    ConversationChanged,
    ConversationDeleted,
    MessageAdded,
    MessageChanged,
    ConversationRead,
    CaughtUp,
    ResetRequired,
  ],
  resolveType: (item) => resolveItemType(item as StreamItem, resolveConversationEventType),
});

const InboxEvent = builder.unionType('InboxEvent', {
  description: 'What inbox sends: at most one of these for each thing that happens.',
  types: [
    ContactChanged,
    ConversationEntered,
    ConversationLeft,
    ConversationCreated,
    ConversationChanged,
    ConversationDeleted,
    MessageAdded,
    MessageChanged,
    ConversationRead,
    CaughtUp,
    ResetRequired,
  ],
  resolveType: (item) => resolveItemType(item as StreamItem, resolveInboxEventType),
});

builder.subscriptionFields((t) => ({
  inbox: t.field({
    type: InboxEvent,
    nullable: true,
    visibility: 'public',
    description:
      'A list that stays live: everything that happens to the conversations that match, with what enters the list and what leaves it. Upsert by id; take out what left.',
    args: {
      filter: t.arg({ type: ConversationFilter, description: 'As of conversations. Left out: all.' }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: (_root, { filter, after }, context) =>
      planLogSubscription(
        context.subscriptionSources.filterInboxEvents({
          scope: context.readScope,
          filter: filter ?? {},
          viewer: () => context.viewer,
        }),
        after,
      ),
    resolve: (item) => item as never,
  }),
  conversation: t.field({
    type: ConversationEvent,
    nullable: true,
    visibility: 'public',
    description: 'Everything that happens to one conversation, and to its contact.',
    args: {
      id: t.arg.id({ required: true, description: 'Which conversation.' }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: async (_root, { id, after }, { subscriptionSources, readScope }) =>
      planLogSubscription(await subscriptionSources.filterConversationEvents(readScope, id), after),
    resolve: (item) => item as never,
  }),
  messageAdded: t.field({
    type: MessageEvent,
    nullable: true,
    visibility: 'public',
    description: 'New messages, in one conversation or in all that the viewer may see.',
    args: {
      conversationId: t.arg.id({ description: 'Which conversation. Left out: all.' }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: async (_root, { conversationId, after }, { subscriptionSources, readScope }) =>
      planLogSubscription(await subscriptionSources.filterMessageEvents(readScope, conversationId), after),
    resolve: (item) => item as never,
  }),
  conversationStatusChanged: t.field({
    type: StatusEvent,
    nullable: true,
    visibility: 'public',
    description: 'Status changes, in one conversation or in all that the viewer may see.',
    args: {
      conversationId: t.arg.id({ description: 'Which conversation. Left out: all.' }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: async (_root, { conversationId, after }, { subscriptionSources, readScope }) =>
      planLogSubscription(await subscriptionSources.filterStatusEvents(readScope, conversationId), after),
    resolve: (item) => item as never,
  }),
}));
