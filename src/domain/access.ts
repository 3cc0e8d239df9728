import type { Prisma } from '../db/generated/prisma/client.ts';
import type { LogEvent } from '../feed/event.ts';
import { isTeam, type Viewer } from './viewer.ts';

// The one place that says who sees what, as conditions that lists, single objects, changes and streams all take.
// A team viewer sees the organization; a contact sees their own conversations and what belongs to them.

/** Conversations. */
export function visibleTo(viewer: Viewer) {
  return (
    isTeam(viewer)
      ? { organizationId: viewer.organizationId }
      : { organizationId: viewer.organizationId, contactId: viewer.id, deletedAt: null }
  ) satisfies Prisma.ConversationWhereInput;
}

/** Messages of a conversation that is visible: for a contact without the team's notes. */
export function messagesWithin(viewer: Viewer) {
  return (isTeam(viewer) ? {} : { publicSeq: { not: null } }) satisfies Prisma.MessageWhereInput;
}

export function messagesVisibleTo(viewer: Viewer) {
  return {
    organizationId: viewer.organizationId,
    ...messagesWithin(viewer),
    ...(isTeam(viewer) ? {} : { conversation: visibleTo(viewer) }),
  } satisfies Prisma.MessageWhereInput;
}

/** Attachments of messages that are there: those of a deleted one are gone with it. */
export function attachmentsVisibleTo(viewer: Viewer) {
  return {
    organizationId: viewer.organizationId,
    message: { ...(isTeam(viewer) ? {} : messagesVisibleTo(viewer)), deletedAt: null },
  } satisfies Prisma.AttachmentWhereInput;
}

/** A contact sees themselves and no other contact. */
export function contactsVisibleTo(viewer: Viewer) {
  return (
    isTeam(viewer)
      ? { organizationId: viewer.organizationId }
      : { organizationId: viewer.organizationId, id: viewer.id }
  ) satisfies Prisma.ContactWhereInput;
}

/** A contact sees the team members who answer for their conversations or wrote to them. */
export function usersVisibleTo(viewer: Viewer) {
  return {
    organizationId: viewer.organizationId,
    ...(isTeam(viewer)
      ? {}
      : {
          OR: [
            { ownedConversations: { some: visibleTo(viewer) } },
            { messages: { some: messagesVisibleTo(viewer) } },
          ],
        }),
  } satisfies Prisma.UserWhereInput;
}

export function botsVisibleTo(viewer: Viewer) {
  return {
    organizationId: viewer.organizationId,
    ...(isTeam(viewer)
      ? {}
      : {
          OR: [
            { conversations: { some: visibleTo(viewer) } },
            { messages: { some: messagesVisibleTo(viewer) } },
          ],
        }),
  } satisfies Prisma.BotWhereInput;
}

/** Channels, websites, audiences and business units: a contact sees those of their conversations. */
export function settingsVisibleTo(viewer: Viewer) {
  return {
    organizationId: viewer.organizationId,
    ...(isTeam(viewer) ? {} : { conversations: { some: visibleTo(viewer) } }),
  };
}

/** Events of a conversation that is visible: for a contact those that they may learn of. */
export function eventsWithin(viewer: Viewer) {
  return {
    position: { not: null },
    ...(isTeam(viewer) ? {} : { isPublic: true, contactId: viewer.id }),
  } satisfies Prisma.EventWhereInput;
}

/** Events. What of one a contact is shown, the fields of it decide: publicChanges, and who else is visible. */
export function eventsVisibleTo(viewer: Viewer) {
  return {
    organizationId: viewer.organizationId,
    ...eventsWithin(viewer),
    ...(isTeam(viewer) ? {} : { OR: [{ conversationId: null }, { conversation: visibleTo(viewer) }] }),
  } satisfies Prisma.EventWhereInput;
}

/** The same rule for an event of the log. */
export function mayHear(viewer: Viewer, event: LogEvent): boolean {
  if (event.organizationId !== viewer.organizationId) return false;
  return isTeam(viewer) || (event.isPublic && event.contactId === viewer.id);
}
