import type { Tx } from '../../db/client.ts';
import { COLUMNS } from '../../db/columns.ts';
import { type Contact, type Conversation, Prisma } from '../../db/generated/prisma/client.ts';
import { NotFoundError } from '../../errors.ts';
import { isTeam, type Viewer } from './viewer.ts';

// Locks are taken in one order, so that two changes never wait for each other: contact, conversation, then whatever
// belongs to it; last, at the commit, the feed. FOR NO KEY UPDATE, since other rows refer to these.

export interface LockedConversation extends Conversation {
  /** The database's clock. */
  now: Date;
}

/** The conversation as it stands, kept so until the commit. The same conditions as visibleTo, in SQL. */
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
  /** The database's clock. */
  now: Date;
}

/** A contact of the organization as it stands, kept so until the commit. */
export async function lockContact(tx: Tx, organizationId: string, contactId: string): Promise<LockedContact> {
  const [contact] = await tx.$queryRaw<LockedContact[]>`
    SELECT ${COLUMNS.Contact}, clock_timestamp() AS "now" FROM "Contact"
     WHERE "organizationId" = ${organizationId} AND "id" = ${contactId}
       FOR NO KEY UPDATE`;
  if (!contact) throw new NotFoundError('contact', contactId);
  return contact;
}
