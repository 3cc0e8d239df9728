import type { Prisma } from '../../db/generated/prisma/client.ts';
import { ForbiddenError } from '../../errors.ts';
import type { LogEvent } from '../../feed/event.ts';
import { isTeam, type ReadScope } from './viewer.ts';

// Visibility rules as Prisma conditions, shared by lists, single objects, mutations and subscriptions.
// A team viewer sees the whole organization. A contact sees their own conversations and what belongs to them; a blocked contact sees
// only themselves, and everything else throws ForbiddenError.

/** Throws ForbiddenError for a blocked contact. */
export function requireNotBlocked({ isBlocked }: Pick<ReadScope, 'isBlocked'>) {
  if (isBlocked) {
    throw new ForbiddenError(
      'This contact is blocked: their conversations are hidden from them, and they can change nothing. A team member can unblock them.',
    );
  }
}

function seesAll(scope: ReadScope): boolean {
  requireNotBlocked(scope);
  return isTeam(scope);
}

export function visibleTo(scope: ReadScope) {
  return (
    seesAll(scope)
      ? { organizationId: scope.organizationId }
      : { organizationId: scope.organizationId, contactId: scope.contactId ?? '', deletedAt: null }
  ) satisfies Prisma.ConversationWhereInput;
}

/** Messages within a visible conversation. A contact does not see team notes. */
export function messagesWithin(scope: ReadScope) {
  return (seesAll(scope) ? {} : { publicSeq: { not: null } }) satisfies Prisma.MessageWhereInput;
}

export function messagesVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    ...messagesWithin(scope),
    ...(seesAll(scope) ? {} : { conversation: visibleTo(scope) }),
  } satisfies Prisma.MessageWhereInput;
}

/** Attachments of visible messages. Attachments of a deleted message are hidden from everybody. */
export function attachmentsVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    message: { ...(seesAll(scope) ? {} : messagesVisibleTo(scope)), deletedAt: null },
  } satisfies Prisma.AttachmentWhereInput;
}

/** A contact sees no contact but themselves, also when they are blocked. */
export function contactsVisibleTo(scope: ReadScope) {
  return (
    isTeam(scope)
      ? { organizationId: scope.organizationId }
      : { organizationId: scope.organizationId, id: scope.contactId ?? '' }
  ) satisfies Prisma.ContactWhereInput;
}

/** A contact sees the users who own one of their conversations or wrote in one. */
export function usersVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    ...(seesAll(scope)
      ? {}
      : {
          OR: [
            { ownedConversations: { some: visibleTo(scope) } },
            { messages: { some: messagesVisibleTo(scope) } },
          ],
        }),
  } satisfies Prisma.UserWhereInput;
}

/** A contact sees the bots that are assigned to one of their conversations or wrote in one. */
export function botsVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    ...(seesAll(scope)
      ? {}
      : {
          OR: [
            { conversations: { some: visibleTo(scope) } },
            { messages: { some: messagesVisibleTo(scope) } },
          ],
        }),
  } satisfies Prisma.BotWhereInput;
}

/** Channels, websites, audiences and business units. A contact sees those that their conversations use. */
export function directoryEntriesVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    ...(seesAll(scope) ? {} : { conversations: { some: visibleTo(scope) } }),
  };
}

/** Committed events within a visible conversation. A contact sees the public ones. */
export function eventsWithin(scope: ReadScope) {
  return {
    position: { not: null },
    ...(seesAll(scope) ? {} : { isPublic: true, contactId: scope.contactId ?? '' }),
  } satisfies Prisma.EventWhereInput;
}

/** Committed events. The changes inside a visible event are filtered separately, by toVisibleChanges. */
export function eventsVisibleTo(scope: ReadScope) {
  return {
    organizationId: scope.organizationId,
    ...eventsWithin(scope),
    ...(seesAll(scope) ? {} : { OR: [{ conversationId: null }, { conversation: visibleTo(scope) }] }),
  } satisfies Prisma.EventWhereInput;
}

/** The condition of eventsVisibleTo for an event in memory. Never throws: a blocked contact has no subscription. */
export function mayHear(scope: ReadScope, event: LogEvent): boolean {
  if (event.organizationId !== scope.organizationId) return false;
  return isTeam(scope) || (event.isPublic && event.contactId === scope.contactId);
}
