import type { Tx } from '../../db/client.ts';
import { COLUMNS } from '../../db/columns.ts';
import { type Contact, type Conversation, Prisma } from '../../db/generated/prisma/client.ts';
import { ContactBlockedError, NotFoundError } from '../../errors.ts';
import { isTeam, type Viewer } from './viewer.ts';

// Lock order, the same in all transactions to avoid deadlocks: contact, conversation, rows of the conversation, and last (in the
// commit trigger) the feed. FOR NO KEY UPDATE does not block the foreign keys that refer to these rows.

export interface LockedConversation extends Conversation {
  /** Time of the lock, by the database's clock. */
  now: Date;
}

/**
 * Locks the conversation until the commit. The conditions are those of visibleTo, in SQL. Throws NotFoundError when the viewer does not
 * see it, or when it was deleted and `includeDeleted` is false. `field` is the input field in the error text.
 */
export async function lockVisible(
  tx: Tx,
  viewer: Viewer,
  conversationId: string,
  { includeDeleted = false, field = 'conversationId' } = {},
): Promise<LockedConversation> {
  const what = `conversation for input.${field}`;
  const own = isTeam(viewer)
    ? Prisma.empty
    : Prisma.sql`AND "contactId" = ${viewer.id} AND "deletedAt" IS NULL`;
  const [conversation] = await tx.$queryRaw<LockedConversation[]>`
    SELECT ${COLUMNS.Conversation}, clock_timestamp() AS "now" FROM "Conversation"
     WHERE "organizationId" = ${viewer.organizationId} AND "id" = ${conversationId} ${own}
       FOR NO KEY UPDATE`;
  if (!conversation) throw new NotFoundError(what, conversationId);
  if (conversation.deletedAt && !includeDeleted) {
    throw new NotFoundError(what, conversationId, 'It was deleted; restore it first.');
  }
  return conversation;
}

export interface LockedContact extends Contact {
  /** Time of the lock, by the database's clock. */
  now: Date;
}

/** Locks a contact of the organization until the commit. Throws NotFoundError. */
export async function lockContact(tx: Tx, organizationId: string, contactId: string): Promise<LockedContact> {
  const [contact] = await tx.$queryRaw<LockedContact[]>`
    SELECT ${COLUMNS.Contact}, clock_timestamp() AS "now" FROM "Contact"
     WHERE "organizationId" = ${organizationId} AND "id" = ${contactId}
       FOR NO KEY UPDATE`;
  if (!contact) throw new NotFoundError('contact', contactId);
  return contact;
}

/** Locks the contact of a contact viewer and throws ContactBlockedError when they are blocked. Does nothing for other viewers. */
export async function requireUnblocked(tx: Tx, viewer: Viewer) {
  if (viewer.kind !== 'contact') return;
  const { blocked } = await lockContact(tx, viewer.organizationId, viewer.id);
  if (blocked) throw new ContactBlockedError();
}
