import type { Prisma } from '../../db/generated/prisma/client.ts';
import type { LogEvent } from '../../feed/event.ts';
import { isTeam, type ReadScope } from './viewer.ts';

// The one place that says who sees what, as conditions that lists, single objects, changes and streams all take.
// A team viewer sees the organization; a contact sees their own conversations and what belongs to them.

/** Conversations. */
export function visibleTo(scope: ReadScope) {
  return (
    isTeam(scope)
      ? { organizationId: scope.organizationId }
      : { organizationId: scope.organizationId, contactId: scope.contactId ?? '', deletedAt: null }
  ) satisfies Prisma.ConversationWhereInput;
}

/** Messages of a conversation that is visible: for a contact without the team's notes. */
export function messagesWithin(scope: ReadScope) {
  return (isTeam(scope) ? {} : { publicSeq: { not: null } }) satisfies Prisma.MessageWhereInput;
}

export function messagesVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    ...messagesWithin(scope),
    ...(isTeam(scope) ? {} : { conversation: visibleTo(scope) }),
  } satisfies Prisma.MessageWhereInput;
}

/** Attachments of messages that are there: those of a deleted one are gone with it. */
export function attachmentsVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    message: { ...(isTeam(scope) ? {} : messagesVisibleTo(scope)), deletedAt: null },
  } satisfies Prisma.AttachmentWhereInput;
}

/** A contact sees themselves and no other contact. */
export function contactsVisibleTo(scope: ReadScope) {
  return (
    isTeam(scope)
      ? { organizationId: scope.organizationId }
      : { organizationId: scope.organizationId, id: scope.contactId ?? '' }
  ) satisfies Prisma.ContactWhereInput;
}

/** A contact sees the team members who answer for their conversations or wrote to them. */
export function usersVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    ...(isTeam(scope)
      ? {}
      : {
          OR: [
            { ownedConversations: { some: visibleTo(scope) } },
            { messages: { some: messagesVisibleTo(scope) } },
          ],
        }),
  } satisfies Prisma.UserWhereInput;
}

export function botsVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    ...(isTeam(scope)
      ? {}
      : {
          OR: [
            { conversations: { some: visibleTo(scope) } },
            { messages: { some: messagesVisibleTo(scope) } },
          ],
        }),
  } satisfies Prisma.BotWhereInput;
}

/** Channels, websites, audiences and business units: a contact sees those of their conversations. */
export function directoryEntriesVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    ...(isTeam(scope) ? {} : { conversations: { some: visibleTo(scope) } }),
  };
}

/** Events of a conversation that is visible: for a contact those that they may learn of. */
export function eventsWithin(scope: ReadScope) {
  return {
    position: { not: null },
    ...(isTeam(scope) ? {} : { isPublic: true, contactId: scope.contactId ?? '' }),
  } satisfies Prisma.EventWhereInput;
}

/** Events. What of one a contact is shown, the fields of it decide: publicChanges, and who else is visible. */
export function eventsVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    ...eventsWithin(scope),
    ...(isTeam(scope) ? {} : { OR: [{ conversationId: null }, { conversation: visibleTo(scope) }] }),
  } satisfies Prisma.EventWhereInput;
}

/** The same rule for an event of the log. */
export function mayHear(scope: ReadScope, event: LogEvent): boolean {
  if (event.organizationId !== scope.organizationId) return false;
  return isTeam(scope) || (event.isPublic && event.contactId === scope.contactId);
}
