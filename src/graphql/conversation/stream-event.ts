import { eventsVisibleTo, messagesVisibleTo, visibleTo } from '../../domain/core/access.ts';
import { toVisibleChanges } from '../../domain/inbox/visible-change.ts';
import { EventSubjectGoneError } from '../../errors.ts';
import type { EventItem, StreamItem } from '../../feed/stream-item.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { EventType, ResetReason } from '../core/enums.ts';
import { loadNode } from '../core/load-nodes.ts';
import { Actor } from '../core/node.ts';
import { Message } from '../message/message.ts';
import { Conversation } from './conversation.ts';
import { FieldChange, TimelineEvent } from './timeline-event.ts';

// An event of a subscription is an item of the stream: ids, from which objects are read as they stand at delivery.
export const Event = builder.interfaceRef<EventItem>('Event').implement({
  description: 'Something that happened.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      visibility: 'public',
      description: 'Where it stands in the stream: subscribe with it as `after` to go on behind it.',
    }),
    entry: t.prismaField({
      type: TimelineEvent,
      nullable: true,
      visibility: 'public',
      description: 'The same event as the timeline shows it. Null where that is gone for the viewer by now.',
      resolve: (query, { event }, _args, { db, readScope }) =>
        db.event.findFirst({ ...query, where: { AND: [{ id: event.id }, eventsVisibleTo(readScope)] } }),
    }),
    occurredAt: t.field({
      type: 'DateTime',
      visibility: 'public',
      description: 'When it happened.',
      resolve: ({ event }) => new Date(event.occurredAt),
    }),
    actor: t.field({
      type: Actor,
      nullable: true,
      visibility: 'public',
      description: 'Who did it; null when it happened by itself.',
      resolve: ({ event }, _args, context, info) =>
        event.actorId ? loadNode(event.actorId, context, info) : null,
    }),
  }),
});

/** The message that an event is about. */
export const MESSAGE_FIELD = {
  type: Message,
  visibility: 'public',
  description: 'The message as it stands now.',
  resolve: async (query: object, { event }: EventItem, _args: object, { db, readScope }: Context) =>
    orSkipEvent(
      await db.message.findFirst({
        ...query,
        where: { id: event.messageId ?? '', ...messagesVisibleTo(readScope) },
      }),
    ),
} as const;

export const MessageAdded = builder.objectRef<EventItem>('MessageAdded').implement({
  description: 'Somebody wrote something.',
  interfaces: [Event],
  fields: (t) => ({ message: t.prismaField(MESSAGE_FIELD) }),
});

export const ConversationChanged = builder.objectRef<EventItem>('ConversationChanged').implement({
  description: 'Something about a conversation changed.',
  interfaces: [Event],
  fields: (t) => ({
    type: t.field({
      type: EventType,
      visibility: 'public',
      description: 'What kind of change it was.',
      resolve: ({ event }) => event.type,
    }),
    conversation: t.prismaField({
      type: Conversation,
      visibility: 'public',
      description: 'The conversation as it stands now, which may be newer than the change.',
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
      description: 'The fields that changed, before and after; for a contact those that they may see.',
      resolve: ({ event }, _args, { readScope }) => toVisibleChanges(readScope, event),
    }),
  }),
});

export const CaughtUp = builder.objectRef<Extract<StreamItem, { kind: 'caughtUp' }>>('CaughtUp').implement({
  description: 'Everything that was missed has been sent; what follows is live.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      visibility: 'public',
      description: 'Where the stream stands now.',
    }),
  }),
});

export const ResetRequired = builder
  .objectRef<Extract<StreamItem, { kind: 'reset' }>>('ResetRequired')
  .implement({
    description: 'The stream ends here, because it can not go on without a hole.',
    fields: (t) => ({
      reason: t.expose('reason', { type: ResetReason, visibility: 'public', description: 'Why.' }),
      resumeAfter: t.exposeString('resumeAfter', {
        nullable: true,
        visibility: 'public',
        description:
          'Subscribe again with this as `after`. Null: load the state afresh with queries, and subscribe with their streamCursor.',
      }),
    }),
  });

/** What an event is about; where the reader can't see it any more, there is a later event that says so, and this one is left out. */
export function orSkipEvent<T>(found: T | null): T {
  if (found === null) throw new EventSubjectGoneError();
  return found;
}

/** The name of the type that a stream's item has in a union. */
export function resolveItemType(item: StreamItem, typeOfEvent: (item: EventItem) => string): string {
  if (item.kind === 'event') return typeOfEvent(item);
  return item.kind === 'caughtUp' ? 'CaughtUp' : 'ResetRequired';
}

export const AFTER_DESCRIPTION =
  'The cursor of the last event that was seen: what was missed since comes first. Left out: the stream begins now.';
