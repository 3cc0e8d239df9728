import type { Db } from '../db/client.ts';
import { NotFoundError } from '../errors.ts';
import type { Watch } from '../feed/catch-up.ts';
import type { Scope } from '../feed/log.ts';
import { mayHear, visibleTo } from './access.ts';
import type { Reader } from './viewer.ts';

export type Watching = ReturnType<typeof createWatching>;

/**
 * What subscriptions are to hear of. Decided by the reader alone, never by who it is: what one team member watches is
 * watched for all who ask the same.
 */
export function createWatching({ db }: { db: Db }) {
  /** New messages, of one conversation or of all that the reader may see. */
  async function watchMessages(reader: Reader, conversationId?: string | null): Promise<Watch> {
    await requireVisible(db, reader, conversationId);
    return {
      scope: scopeOf(reader, conversationId),
      accepts: (event) => event.type === 'MESSAGE_ADDED' && mayHear(reader, event),
    };
  }

  /** Status changes, of one conversation or of all that the reader may see. */
  async function watchStatus(reader: Reader, conversationId?: string | null): Promise<Watch> {
    await requireVisible(db, reader, conversationId);
    return {
      scope: scopeOf(reader, conversationId),
      accepts: (event) => event.changes.some(({ field }) => field === 'status') && mayHear(reader, event),
    };
  }

  return { watchMessages, watchStatus };
}

/** The part of the log that a subscription reads when it catches up. What of it the reader gets, mayHear says. */
function scopeOf(reader: Reader, conversationId?: string | null): Scope {
  return {
    organizationId: reader.organizationId,
    ...(conversationId == null ? {} : { conversationId }),
    ...(reader.contactId === null ? {} : { contactId: reader.contactId }),
  };
}

/** Throws NotFoundError when there is no such conversation for the reader; fine when none is given. */
async function requireVisible(db: Db, reader: Reader, conversationId?: string | null) {
  if (conversationId == null) return;
  const conversation = await db.reads.conversation.findFirst({
    where: { id: conversationId, ...visibleTo(reader) },
    select: { id: true },
  });
  if (!conversation) throw new NotFoundError('conversation', conversationId);
}
