import type { Db } from '../db/client.ts';
import { NotFoundError } from '../errors.ts';
import type { Scope } from '../feed/log.ts';
import { visibleTo } from './access.ts';
import { isTeam, type Viewer } from './viewer.ts';

/** The part of the log that a subscription reads when it catches up. What of it the viewer gets, mayHear says. */
export function scopeOf(viewer: Viewer, conversationId?: string | null): Scope {
  return {
    organizationId: viewer.organizationId,
    ...(conversationId == null ? {} : { conversationId }),
    ...(isTeam(viewer) ? {} : { contactId: viewer.id }),
  };
}

/** Throws NotFoundError when there is no such conversation for the viewer; fine when none is given. */
export async function requireVisible(db: Db, viewer: Viewer, conversationId?: string | null) {
  if (conversationId == null) return;
  const conversation = await db.reads.conversation.findFirst({
    where: { id: conversationId, ...visibleTo(viewer) },
    select: { id: true },
  });
  if (!conversation) throw new NotFoundError('conversation', conversationId);
}
