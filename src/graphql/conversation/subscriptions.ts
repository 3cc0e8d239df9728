import type { StreamItem } from '../../feed/stream-item.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST, weighFilter } from '../core/complexity.ts';
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
} from './inbox-event.ts';
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
  description:
    'Items of the subscription messageAdded: new messages, and the control items CaughtUp and ResetRequired.',
  types: [MessageAdded, CaughtUp, ResetRequired],
  resolveType: (item) => resolveItemType(item as StreamItem, () => 'MessageAdded'),
});

const StatusEvent = builder.unionType('StatusEvent', {
  description:
    'Items of the subscription conversationStatusChanged: status changes, and the control items CaughtUp and ResetRequired.',
  types: [ConversationChanged, CaughtUp, ResetRequired],
  resolveType: (item) => resolveItemType(item as StreamItem, () => 'ConversationChanged'),
});

const ConversationEvent = builder.unionType('ConversationEvent', {
  description:
    'Items of the subscription conversation: its events, and the control items CaughtUp and ResetRequired.',
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
  description:
    'Items of the subscription inbox: at most one for each event, and the control items CaughtUp and ResetRequired.',
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
    complexity: ({ filter }) => STATEMENT_COST + weighFilter(filter),
    visibility: 'public',
    description:
      'A live list: all events of the conversations that match the filter, and those that enter or leave the list. Insert or replace conversations by id, and remove those that left or were deleted.',
    args: {
      filter: t.arg({
        type: ConversationFilter,
        description:
          'Conditions of the live list, as in the query `conversations`. Default: all conversations that are not deleted.',
      }),
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
    complexity: STATEMENT_COST,
    visibility: 'public',
    description: 'All events of one conversation and of its contact that the viewer can see.',
    args: {
      id: t.arg.id({ required: true, description: 'Id of the conversation, such as CVR-01JD8X….' }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: async (_root, { id, after }, { subscriptionSources, readScope }) =>
      planLogSubscription(await subscriptionSources.filterConversationEvents(readScope, id), after),
    resolve: (item) => item as never,
  }),
  messageAdded: t.field({
    type: MessageEvent,
    nullable: true,
    complexity: STATEMENT_COST,
    visibility: 'public',
    description: 'New messages in one conversation, or in all that the viewer can see.',
    args: {
      conversationId: t.arg.id({
        description: 'Id of one conversation, CVR-…. Default: all conversations that the viewer can see.',
      }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: async (_root, { conversationId, after }, { subscriptionSources, readScope }) =>
      planLogSubscription(await subscriptionSources.filterMessageEvents(readScope, conversationId), after),
    resolve: (item) => item as never,
  }),
  conversationStatusChanged: t.field({
    type: StatusEvent,
    nullable: true,
    complexity: STATEMENT_COST,
    visibility: 'public',
    description: 'Changes of the status of one conversation, or of all that the viewer can see.',
    args: {
      conversationId: t.arg.id({
        description: 'Id of one conversation, CVR-…. Default: all conversations that the viewer can see.',
      }),
      after: t.arg.string({ description: AFTER_DESCRIPTION }),
    },
    subscribe: async (_root, { conversationId, after }, { subscriptionSources, readScope }) =>
      planLogSubscription(await subscriptionSources.filterStatusEvents(readScope, conversationId), after),
    resolve: (item) => item as never,
  }),
}));
