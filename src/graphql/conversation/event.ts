import { contactsVisibleTo, visibleTo } from '../../domain/core/access.ts';
import { readSeqOf } from '../../domain/inbox/shown-change.ts';
import type { Happened } from '../../feed/stream-item.ts';
import { Contact } from '../contact/contact.ts';
import { builder } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import { Conversation } from './conversation.ts';
import { Event, MESSAGE, stillThere } from './stream-event.ts';

const CONVERSATION = {
  type: Conversation,
  visibility: 'public',
  description: 'The conversation as it stands now, which may be newer than the event.',
  resolve: async (query: object, { event }: Happened, _args: object, { db, reader }: Context) =>
    stillThere(
      await db.conversation.findFirst({
        ...query,
        where: { id: event.conversationId ?? '', ...visibleTo(reader) },
      }),
    ),
} as const;

const CONVERSATION_ID = {
  visibility: 'public',
  description: 'Which conversation.',
  resolve: ({ event }: Happened) => event.conversationId ?? '',
} as const;

export const ConversationCreated = builder.objectRef<Happened>('ConversationCreated').implement({
  description: 'A conversation has begun.',
  interfaces: [Event],
  fields: (t) => ({ conversation: t.prismaField(CONVERSATION) }),
});

export const ConversationEntered = builder.objectRef<Happened>('ConversationEntered').implement({
  description: 'It did not match the view, and now it does. Put it into the list, or replace it there.',
  interfaces: [Event],
  fields: (t) => ({ conversation: t.prismaField(CONVERSATION) }),
});

export const ConversationLeft = builder.objectRef<Happened>('ConversationLeft').implement({
  description: 'It matched the view, and no longer does. Take it out of the list, if it is there.',
  interfaces: [Event],
  fields: (t) => ({ conversationId: t.id(CONVERSATION_ID) }),
});

export const ConversationDeleted = builder.objectRef<Happened>('ConversationDeleted').implement({
  description: 'It was deleted. A team member can restore it.',
  interfaces: [Event],
  fields: (t) => ({ conversationId: t.id(CONVERSATION_ID) }),
});

export const MessageChanged = builder.objectRef<Happened>('MessageChanged').implement({
  description: 'A message was edited, delivered, filled in or deleted.',
  interfaces: [Event],
  fields: (t) => ({ message: t.prismaField(MESSAGE) }),
});

export const ConversationRead = builder.objectRef<Happened>('ConversationRead').implement({
  description: 'Someone read up to here (or, lower than before, marked as unread).',
  interfaces: [Event],
  fields: (t) => ({
    conversation: t.prismaField(CONVERSATION),
    upToSeq: t.int({
      nullable: true,
      visibility: 'public',
      description:
        'Number of the last message that they have read, as whoever hears of it counts. Null for a contact where a team member read: when, says agentLastSeenAt.',
      resolve: ({ event }, _args, { reader }) => readSeqOf(reader, event.changes),
    }),
  }),
});

export const ContactChanged = builder.objectRef<Happened>('ContactChanged').implement({
  description: 'Something about a contact changed.',
  interfaces: [Event],
  fields: (t) => ({
    contact: t.prismaField({
      type: Contact,
      visibility: 'public',
      description: 'The contact as it stands now.',
      resolve: async (query, { event }, _args, { db, reader }) =>
        stillThere(
          await db.contact.findFirst({
            ...query,
            where: { AND: [{ id: event.contactId ?? '' }, contactsVisibleTo(reader)] },
          }),
        ),
    }),
  }),
});

/** What an event is called where everything of a conversation is heard. */
export function typeOfConversationEvent({ event }: Happened): string {
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

/** What it is called in a list: one thing at a position, Deleted before Left before Entered before the change itself. */
export function typeOfInboxEvent(item: Happened): string {
  const { event, view } = item;
  if (view === 'left') return event.type === 'DELETED' ? 'ConversationDeleted' : 'ConversationLeft';
  if (view === 'entered') return event.type === 'CREATED' ? 'ConversationCreated' : 'ConversationEntered';
  return event.type === 'DELETED' ? 'ConversationChanged' : typeOfConversationEvent(item);
}
