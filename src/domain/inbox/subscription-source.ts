import { LRUCache } from 'lru-cache';
import type { Db } from '../../db/client.ts';
import { NotFoundError } from '../../errors.ts';
import type { Watch } from '../../feed/catch-up.ts';
import type { LogEvent } from '../../feed/event.ts';
import type { Scope } from '../../feed/log.ts';
import { mayHear, visibleTo } from '../core/access.ts';
import type { Reader, Viewer } from '../core/viewer.ts';
import { readTransition, type Transition } from './conversation-history.ts';
import type { ConversationFilter } from './filter.ts';
import { createView } from './live-list.ts';
import { createFacts } from './live-list-facts.ts';

// Of events that several views are asked about, or that many have missed.
const KEPT_TRANSITIONS = 4_000;

export type Watching = ReturnType<typeof createWatching>;

/**
 * What subscriptions are to hear of. Decided by the reader alone, never by who it is: what one team member watches is
 * watched for all who ask the same.
 */
export function createWatching({ db }: { db: Db }) {
  const transitions = createTransitions(db);
  const facts = createFacts(db);

  /** New messages, of one conversation or of all that the reader may see. */
  async function watchMessages(reader: Reader, conversationId?: string | null): Promise<Watch> {
    if (conversationId != null) await requireVisible(db, reader, conversationId);
    return {
      scope: scopeOf(reader, conversationId),
      accepts: (event) => event.type === 'MESSAGE_ADDED' && mayHear(reader, event),
    };
  }

  /** Status changes, of one conversation or of all that the reader may see. */
  async function watchStatus(reader: Reader, conversationId?: string | null): Promise<Watch> {
    if (conversationId != null) await requireVisible(db, reader, conversationId);
    return {
      scope: scopeOf(reader, conversationId),
      accepts: (event) => event.changes.some(({ field }) => field === 'status') && mayHear(reader, event),
    };
  }

  /** Everything that happens to one conversation, and to its contact. */
  async function watchConversation(reader: Reader, conversationId: string): Promise<Watch> {
    const { contactId } = await requireVisible(db, reader, conversationId);
    return {
      scope: scopeOf(reader, conversationId, contactId),
      accepts: (event) => mayHear(reader, event),
    };
  }

  /** Everything that happens to the conversations of a list, with what enters and what leaves it. */
  function watchInbox(options: { reader: Reader; filter: ConversationFilter; viewer: () => Viewer }): Watch {
    const { reader } = options;
    const view = createView({ facts, ...options });
    return {
      scope: scopeOf(reader),
      accepts: (event) =>
        (event.conversationId !== null || event.type === 'CONTACT_CHANGED') && mayHear(reader, event),
      async view(item) {
        if (item.event.conversationId === null) return view.ofContact(item);
        return view.ofConversation(item, await transitions.of(item.event));
      },
    };
  }

  return { watchMessages, watchStatus, watchConversation, watchInbox };
}

/** The part of the log that a subscription reads when it catches up. What of it the reader gets, mayHear says. */
function scopeOf(reader: Reader, conversationId?: string | null, aboutContactId?: string): Scope {
  // Of one form, whatever is in it: with a spread, V8 keeps a description of each.
  return {
    organizationId: reader.organizationId,
    conversationId: conversationId ?? undefined,
    contactId: reader.contactId ?? undefined,
    aboutContactId,
  };
}

/** Throws NotFoundError when there is no such conversation for the reader. */
async function requireVisible(db: Db, reader: Reader, conversationId: string) {
  const conversation = await db.reads.conversation.findFirst({
    where: { id: conversationId, ...visibleTo(reader) },
    select: { contactId: true },
  });
  if (!conversation) throw new NotFoundError('conversation', conversationId);
  return conversation;
}

/** Transitions, each read once for all the views of this node. */
function createTransitions(db: Db) {
  const known = new LRUCache<string, Promise<Transition>>({ max: KEPT_TRANSITIONS });
  return {
    of(event: LogEvent): Promise<Transition> {
      const transition = known.get(event.id) ?? readTransition(db, event);
      known.set(event.id, transition);
      transition.catch(() => known.delete(event.id));
      return transition;
    },
  };
}
