import { eventsVisibleTo, messagesVisibleTo, visibleTo } from '../../domain/core/access.ts';
import { toVisibleChanges } from '../../domain/inbox/visible-change.ts';
import type { EventItem, StreamItem } from '../../feed/stream-item.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST } from '../core/complexity.ts';
import type { Context } from '../core/context.ts';
import { EventType, ResetReason } from '../core/enums.ts';
import { loadNode } from '../core/load-nodes.ts';
import { Actor } from '../core/node.ts';
import { orSkipEvent } from '../core/subscription-plan.ts';
import { Message } from '../message/message.ts';
import { Conversation } from './conversation.ts';
import { FieldChange, TimelineEvent } from './timeline-event.ts';

// The source value is an item of the log: ids, from which the objects are loaded at delivery.
export const Event = builder.interfaceRef<EventItem>('Event').implement({
  description:
    'An event of a subscription. Its objects are loaded at delivery and may be newer than the event.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      visibility: 'public',
      description:
        'Position of the event in the log, as an opaque string. Subscribe with it as `after` to resume with the next event.',
    }),
    entry: t.prismaField({
      type: TimelineEvent,
      complexity: STATEMENT_COST,
      nullable: true,
      visibility: 'public',
      description: 'The same event as in the timeline. Null if the viewer can no longer see it.',
      resolve: (query, { event }, _args, { db, readScope }) =>
        db.event.findFirst({ ...query, where: { AND: [{ id: event.id }, eventsVisibleTo(readScope)] } }),
    }),
    occurredAt: t.field({
      type: 'DateTime',
      visibility: 'public',
      description: 'Time at which the event happened.',
      resolve: ({ event }) => new Date(event.occurredAt),
    }),
    actor: t.field({
      type: Actor,
      complexity: STATEMENT_COST,
      nullable: true,
      visibility: 'public',
      description:
        'The team member, contact or bot that caused the event. Null if it happened automatically, or the viewer may not see the actor.',
      resolve: ({ event }, _args, context, info) =>
        event.actorId ? loadNode(event.actorId, context, info) : null,
    }),
  }),
});

/** The field `message` of events about one. */
export const MESSAGE_FIELD = {
  type: Message,
  complexity: STATEMENT_COST,
  visibility: 'public',
  description: 'The message as it is now, which may be newer than the event.',
  resolve: async (query: object, { event }: EventItem, _args: object, { db, readScope }: Context) =>
    orSkipEvent(
      await db.message.findFirst({
        ...query,
        where: { id: event.messageId ?? '', ...messagesVisibleTo(readScope) },
      }),
    ),
} as const;

export const MessageAdded = builder.objectRef<EventItem>('MessageAdded').implement({
  description: 'A message or note was added to a conversation.',
  interfaces: [Event],
  fields: (t) => ({ message: t.prismaField(MESSAGE_FIELD) }),
});

export const ConversationChanged = builder.objectRef<EventItem>('ConversationChanged').implement({
  description: 'A conversation changed; `type` has the kind of change.',
  interfaces: [Event],
  fields: (t) => ({
    type: t.field({
      type: EventType,
      visibility: 'public',
      description: 'The kind of change, such as STATUS_CHANGED.',
      resolve: ({ event }) => event.type,
    }),
    conversation: t.prismaField({
      type: Conversation,
      complexity: STATEMENT_COST,
      visibility: 'public',
      description: 'The conversation as it is now, which may be newer than the change.',
      resolve: async (query, { event }, _args, { db, readScope }) =>
        orSkipEvent(
          await db.conversation.findFirst({
            ...query,
            where: { id: event.conversationId ?? '', ...visibleTo(readScope) },
          }),
        ),
    }),
    changes: t.field({
      type: [FieldChange],
      visibility: 'public',
      description:
        'Fields that changed, with their values before and after; for a contact only those that they can see.',
      resolve: ({ event }, _args, { readScope }) => toVisibleChanges(readScope, event),
    }),
  }),
});

export const CaughtUp = builder.objectRef<Extract<StreamItem, { kind: 'caughtUp' }>>('CaughtUp').implement({
  description:
    'All missed events have been sent; the events that follow are live. Sent again after about a minute without events, with the newest cursor.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      visibility: 'public',
      description:
        'Position reached in the log; for a contact that of their newest event, or of the beginning of the hour. Subscribe with it as `after` to resume from here.',
    }),
  }),
});

export const ResetRequired = builder
  .objectRef<Extract<StreamItem, { kind: 'reset' }>>('ResetRequired')
  .implement({
    description: 'The subscription ends here, because it cannot continue without a gap.',
    fields: (t) => ({
      reason: t.expose('reason', {
        type: ResetReason,
        visibility: 'public',
        description: 'The reason for the end of the subscription.',
      }),
      resumeAfter: t.exposeString('resumeAfter', {
        nullable: true,
        visibility: 'public',
        description:
          'Subscribe again with this cursor as `after`. Null: load the state again with queries, and subscribe with their streamCursor.',
      }),
    }),
  });

/** Type name of an item in the union of a subscription. */
export function resolveItemType(item: StreamItem, typeOfEvent: (item: EventItem) => string): string {
  if (item.kind === 'event') return typeOfEvent(item);
  return item.kind === 'caughtUp' ? 'CaughtUp' : 'ResetRequired';
}

export const AFTER_DESCRIPTION =
  'Cursor of the last event that the client has seen: events missed since then are replayed first. Default: start with live events only.';
