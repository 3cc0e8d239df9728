import type { Prisma } from '../../db/generated/prisma/client.ts';
import type { LogEvent } from '../../feed/event.ts';
import { isTeam, type Reader } from './viewer.ts';

// The one place that says who sees what, as conditions that lists, single objects, changes and streams all take.
// A team viewer sees the organization; a contact sees their own conversations and what belongs to them.

/** Conversations. */
export function visibleTo(reader: Reader) {
  return (
    isTeam(reader)
      ? { organizationId: reader.organizationId }
      : { organizationId: reader.organizationId, contactId: reader.contactId ?? '', deletedAt: null }
  ) satisfies Prisma.ConversationWhereInput;
}

/** Messages of a conversation that is visible: for a contact without the team's notes. */
export function messagesWithin(reader: Reader) {
  return (isTeam(reader) ? {} : { publicSeq: { not: null } }) satisfies Prisma.MessageWhereInput;
}

export function messagesVisibleTo(reader: Reader) {
  return {
    organizationId: reader.organizationId,
    ...messagesWithin(reader),
    ...(isTeam(reader) ? {} : { conversation: visibleTo(reader) }),
  } satisfies Prisma.MessageWhereInput;
}

/** Attachments of messages that are there: those of a deleted one are gone with it. */
export function attachmentsVisibleTo(reader: Reader) {
  return {
    organizationId: reader.organizationId,
    message: { ...(isTeam(reader) ? {} : messagesVisibleTo(reader)), deletedAt: null },
  } satisfies Prisma.AttachmentWhereInput;
}

/** A contact sees themselves and no other contact. */
export function contactsVisibleTo(reader: Reader) {
  return (
    isTeam(reader)
      ? { organizationId: reader.organizationId }
      : { organizationId: reader.organizationId, id: reader.contactId ?? '' }
  ) satisfies Prisma.ContactWhereInput;
}

/** A contact sees the team members who answer for their conversations or wrote to them. */
export function usersVisibleTo(reader: Reader) {
  return {
    organizationId: reader.organizationId,
    ...(isTeam(reader)
      ? {}
      : {
          OR: [
            { ownedConversations: { some: visibleTo(reader) } },
            { messages: { some: messagesVisibleTo(reader) } },
          ],
        }),
  } satisfies Prisma.UserWhereInput;
}

export function botsVisibleTo(reader: Reader) {
  return {
    organizationId: reader.organizationId,
    ...(isTeam(reader)
      ? {}
      : {
          OR: [
            { conversations: { some: visibleTo(reader) } },
            { messages: { some: messagesVisibleTo(reader) } },
          ],
        }),
  } satisfies Prisma.BotWhereInput;
}

/** Channels, websites, audiences and business units: a contact sees those of their conversations. */
export function settingsVisibleTo(reader: Reader) {
  return {
    organizationId: reader.organizationId,
    ...(isTeam(reader) ? {} : { conversations: { some: visibleTo(reader) } }),
  };
}

/** Events of a conversation that is visible: for a contact those that they may learn of. */
export function eventsWithin(reader: Reader) {
  return {
    position: { not: null },
    ...(isTeam(reader) ? {} : { isPublic: true, contactId: reader.contactId ?? '' }),
  } satisfies Prisma.EventWhereInput;
}

/** Events. What of one a contact is shown, the fields of it decide: publicChanges, and who else is visible. */
export function eventsVisibleTo(reader: Reader) {
  return {
    organizationId: reader.organizationId,
    ...eventsWithin(reader),
    ...(isTeam(reader) ? {} : { OR: [{ conversationId: null }, { conversation: visibleTo(reader) }] }),
  } satisfies Prisma.EventWhereInput;
}

/** The same rule for an event of the log. */
export function mayHear(reader: Reader, event: LogEvent): boolean {
  if (event.organizationId !== reader.organizationId) return false;
  return isTeam(reader) || (event.isPublic && event.contactId === reader.contactId);
}
