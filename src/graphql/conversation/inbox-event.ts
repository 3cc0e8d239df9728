import { contactsVisibleTo, visibleTo } from '../../domain/core/access.ts';
import type { LiveListItem } from '../../domain/inbox/live-list.ts';
import { findReadSeq } from '../../domain/inbox/visible-change.ts';
import type { EventItem } from '../../feed/stream-item.ts';
import { Contact } from '../contact/contact.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST } from '../core/complexity.ts';
import type { Context } from '../core/context.ts';
import { orSkipEvent } from '../core/subscription-plan.ts';
import { Conversation } from './conversation.ts';
import { Event, MESSAGE_FIELD } from './stream-event.ts';

const CONVERSATION = {
  complexity: STATEMENT_COST,
  type: Conversation,
  visibility: 'public',
  description: 'The conversation as it is now, which may be newer than the event.',
  resolve: async (query: object, { event }: EventItem, _args: object, { db, readScope }: Context) =>
    orSkipEvent(
      await db.conversation.findFirst({
        ...query,
        where: { id: event.conversationId ?? '', ...visibleTo(readScope) },
      }),
    ),
} as const;

const CONVERSATION_ID = {
  visibility: 'public',
  description: 'Id of the conversation, such as CVR-01JD8X….',
  resolve: ({ event }: EventItem) => event.conversationId ?? '',
} as const;

export const ConversationCreated = builder.objectRef<EventItem>('ConversationCreated').implement({
  description: 'A conversation was created. Put it into the list, or replace it there.',
  interfaces: [Event],
  fields: (t) => ({ conversation: t.prismaField(CONVERSATION) }),
});

export const ConversationEntered = builder.objectRef<EventItem>('ConversationEntered').implement({
  description: 'A conversation now matches the filter. Put it into the list, or replace it there.',
  interfaces: [Event],
  fields: (t) => ({ conversation: t.prismaField(CONVERSATION) }),
});

export const ConversationLeft = builder.objectRef<EventItem>('ConversationLeft').implement({
  description: 'A conversation no longer matches the filter. Remove it from the list if it is there.',
  interfaces: [Event],
  fields: (t) => ({ conversationId: t.id(CONVERSATION_ID) }),
});

export const ConversationDeleted = builder.objectRef<EventItem>('ConversationDeleted').implement({
  description:
    'A conversation was deleted; a team member can restore it. Remove it from the list if it is there.',
  interfaces: [Event],
  fields: (t) => ({ conversationId: t.id(CONVERSATION_ID) }),
});

export const MessageChanged = builder.objectRef<EventItem>('MessageChanged').implement({
  description: 'A message was edited or deleted, its delivery status changed, or its form was filled in.',
  interfaces: [Event],
  fields: (t) => ({ message: t.prismaField(MESSAGE_FIELD) }),
});

export const ConversationRead = builder.objectRef<EventItem>('ConversationRead').implement({
  description: 'Somebody has read up to a message, or has marked messages as unread.',
  interfaces: [Event],
  fields: (t) => ({
    conversation: t.prismaField(CONVERSATION),
    upToSeq: t.int({
      nullable: true,
      visibility: 'public',
      description:
        "`seq` of the last message that they have read, in the viewer's own numbering; lower than before if messages were marked as unread. Null for a contact if a team member read: agentLastSeenAt has the time.",
      resolve: ({ event }, _args, { readScope }) => findReadSeq(readScope, event.changes),
    }),
  }),
});

export const ContactChanged = builder.objectRef<EventItem>('ContactChanged').implement({
  description: 'Fields of a contact changed, or a new contact was created.',
  interfaces: [Event],
  fields: (t) => ({
    contact: t.prismaField({
      type: Contact,
      complexity: STATEMENT_COST,
      visibility: 'public',
      description: 'The contact as it is now, which may be newer than the event.',
      resolve: async (query, { event }, _args, { db, readScope }) =>
        orSkipEvent(
          await db.contact.findFirst({
            ...query,
            where: { AND: [{ id: event.contactId ?? '' }, contactsVisibleTo(readScope)] },
          }),
        ),
    }),
  }),
});

/** Type name of an event in the subscription `conversation`. */
export function resolveConversationEventType({ event }: EventItem): string {
  switch (event.type) {
    case 'CONTACT_CHANGED':
      return 'ContactChanged';
    case 'DELETED':
      return 'ConversationDeleted';
    case 'MESSAGE_ADDED':
      return 'MessageAdded';
    case 'MESSAGE_CHANGED':
      return 'MessageChanged';
    case 'READ':
      return 'ConversationRead';
    default:
      return 'ConversationChanged';
  }
}

/** Type name of an event in a live list. The first that applies: ConversationDeleted, ConversationLeft, ConversationCreated
 * or ConversationEntered, else the type of the change. */
export function resolveInboxEventType(item: LiveListItem): string {
  const { event, effect } = item;
  if (effect === 'left') return event.type === 'DELETED' ? 'ConversationDeleted' : 'ConversationLeft';
  if (effect === 'entered') return event.type === 'CREATED' ? 'ConversationCreated' : 'ConversationEntered';
  return event.type === 'DELETED' ? 'ConversationChanged' : resolveConversationEventType(item);
}
