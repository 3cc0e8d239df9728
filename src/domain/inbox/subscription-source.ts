import { LRUCache } from 'lru-cache';
import type { Db } from '../../db/client.ts';
import { NotFoundError } from '../../errors.ts';
import type { EventFilter } from '../../feed/catch-up.ts';
import type { LogEvent } from '../../feed/event.ts';
import type { LogScope } from '../../feed/log.ts';
import { mayHear, visibleTo } from '../core/access.ts';
import type { ReadScope, Viewer } from '../core/viewer.ts';
import { readTransition, type Transition } from './conversation-history.ts';
import { createCurrentValuesLoader } from './current-values.ts';
import type { ConversationFilter } from './filter.ts';
import { createLiveList } from './live-list.ts';

// Of events that several views are asked about, or that many have missed.
const TRANSITIONS_CACHE_MAX = 4_000;

export type SubscriptionSources = ReturnType<typeof createSubscriptionSources>;

/**
 * What subscriptions are to hear of. Decided by the readScope alone, never by who it is: what one team member watches is
 * watched for all who ask the same.
 */
export function createSubscriptionSources({ db }: { db: Db }) {
  const transitions = createTransitionCache(db);
  const facts = createCurrentValuesLoader(db);

  /** New messages, of one conversation or of all that the readScope may see. */
  async function filterMessageEvents(
    readScope: ReadScope,
    conversationId?: string | null,
  ): Promise<EventFilter> {
    if (conversationId != null) await requireVisible(db, readScope, conversationId);
    return {
      scope: scopeOf(readScope, conversationId),
      accepts: (event) => event.type === 'MESSAGE_ADDED' && mayHear(readScope, event),
    };
  }

  /** Status changes, of one conversation or of all that the readScope may see. */
  async function filterStatusEvents(
    readScope: ReadScope,
    conversationId?: string | null,
  ): Promise<EventFilter> {
    if (conversationId != null) await requireVisible(db, readScope, conversationId);
    return {
      scope: scopeOf(readScope, conversationId),
      accepts: (event) => event.changes.some(({ field }) => field === 'status') && mayHear(readScope, event),
    };
  }

  /** Everything that happens to one conversation, and to its contact. */
  async function filterConversationEvents(
    readScope: ReadScope,
    conversationId: string,
  ): Promise<EventFilter> {
    const { contactId } = await requireVisible(db, readScope, conversationId);
    return {
      scope: scopeOf(readScope, conversationId, contactId),
      accepts: (event) => mayHear(readScope, event),
    };
  }

  /** Everything that happens to the conversations of a list, with what enters and what leaves it. */
  function filterInboxEvents(options: {
    scope: ReadScope;
    filter: ConversationFilter;
    viewer: () => Viewer;
  }): EventFilter {
    const { scope: readScope } = options;
    const view = createLiveList({ facts, ...options });
    return {
      scope: scopeOf(readScope),
      accepts: (event) =>
        (event.conversationId !== null || event.type === 'CONTACT_CHANGED') && mayHear(readScope, event),
      async view(item) {
        if (item.event.conversationId === null) return view.ofContact(item);
        return view.ofConversation(item, await transitions.of(item.event));
      },
    };
  }

  return { filterMessageEvents, filterStatusEvents, filterConversationEvents, filterInboxEvents };
}

/** The part of the log that a subscription reads when it catches up. What of it the readScope gets, mayHear says. */
function scopeOf(readScope: ReadScope, conversationId?: string | null, aboutContactId?: string): LogScope {
  // Of one form, whatever is in it: with a spread, V8 keeps a description of each.
  return {
    organizationId: readScope.organizationId,
    conversationId: conversationId ?? undefined,
    contactId: readScope.contactId ?? undefined,
    aboutContactId,
  };
}

/** Throws NotFoundError when there is no such conversation for the readScope. */
async function requireVisible(db: Db, readScope: ReadScope, conversationId: string) {
  const conversation = await db.reads.conversation.findFirst({
    where: { id: conversationId, ...visibleTo(readScope) },
    select: { contactId: true },
  });
  if (!conversation) throw new NotFoundError('conversation', conversationId);
  return conversation;
}

/** Transitions, each read once for all the views of this node. */
function createTransitionCache(db: Db) {
  const known = new LRUCache<string, Promise<Transition>>({ max: TRANSITIONS_CACHE_MAX });
  return {
    of(event: LogEvent): Promise<Transition> {
      const transition = known.get(event.id) ?? readTransition(db, event);
      known.set(event.id, transition);
      transition.catch(() => known.delete(event.id));
      return transition;
    },
  };
}
