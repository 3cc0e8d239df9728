import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import type { Db } from '../../db/client.ts';
import { NotFoundError } from '../../errors.ts';
import type { EventFilter } from '../../feed/catch-up.ts';
import type { LogEvent } from '../../feed/event.ts';
import type { LogScope } from '../../feed/log.ts';
import type { EventItem, StreamItem } from '../../feed/stream-item.ts';
import { mayHear, visibleTo } from '../core/access.ts';
import { toSearchTerms } from '../core/text-search.ts';
import type { ReadScope, Viewer } from '../core/viewer.ts';
import { readTransitions, type Transition } from './conversation-history.ts';
import { createCurrentValuesLoader } from './current-values.ts';
import type { ConversationFilter } from './filter.ts';
import { createLiveList } from './live-list.ts';

// Shared by live lists that match the same event, and by subscribers who catch up with the same events.
const TRANSITIONS_CACHE_MAX = 4_000;
const TRANSITION_LOADERS_MAX = 1_000;
const MAX_TRANSITIONS_READ = 64;

/**
 * Source of a subscription to the log. The path of an event: `scope` selects the part of the log to read, `accepts` filters its events,
 * and `match` (live lists only) compares the event with the list's filter.
 */
export interface SubscriptionSource extends EventFilter {
  /** The event with its effect on the list; a reset when one event can't tell the effect; null when it does not concern the list. */
  match?: (item: EventItem) => Promise<StreamItem | null>;
  /** Whether every event is searched for words. */
  isSearch?: boolean;
}

export type SubscriptionSources = ReturnType<typeof createSubscriptionSources>;

/**
 * Sources of the subscription fields. They depend on the read scope and not on the viewer, so that all team members with the same operation
 * share one subscriber group. The exception is a live list whose filter names the viewer (MINE, isUnread).
 */
export function createSubscriptionSources({ db }: { db: Db }) {
  const transitions = createTransitionCache(db);
  const currentValues = createCurrentValuesLoader(db);

  /** New messages, of one conversation or of all visible ones. */
  async function filterMessageEvents(
    readScope: ReadScope,
    conversationId?: string | null,
  ): Promise<SubscriptionSource> {
    if (conversationId != null) await requireVisible(db, readScope, conversationId);
    return {
      scope: toLogScope(readScope, conversationId),
      accepts: (event) => event.type === 'MESSAGE_ADDED' && mayHear(readScope, event),
    };
  }

  /** Status changes, of one conversation or of all visible ones. */
  async function filterStatusEvents(
    readScope: ReadScope,
    conversationId?: string | null,
  ): Promise<SubscriptionSource> {
    if (conversationId != null) await requireVisible(db, readScope, conversationId);
    return {
      scope: toLogScope(readScope, conversationId),
      accepts: (event) => event.changes.some(({ field }) => field === 'status') && mayHear(readScope, event),
    };
  }

  /** All events of one conversation and of its contact. */
  async function filterConversationEvents(
    readScope: ReadScope,
    conversationId: string,
  ): Promise<SubscriptionSource> {
    const { contactId } = await requireVisible(db, readScope, conversationId);
    return {
      scope: toLogScope(readScope, conversationId, contactId),
      accepts: (event) => mayHear(readScope, event),
    };
  }

  /** All events of the conversations in a filtered list, including those that enter and leave it. */
  function filterInboxEvents(options: {
    scope: ReadScope;
    filter: ConversationFilter;
    viewer: () => Viewer;
  }): SubscriptionSource {
    const { scope: readScope } = options;
    const list = createLiveList({ currentValues, ...options });
    return {
      isSearch: toSearchTerms(options.filter.text).length > 0,
      scope: toLogScope(readScope),
      accepts: (event) =>
        (event.conversationId !== null || event.type === 'CONTACT_CHANGED') && mayHear(readScope, event),
      async match(item) {
        if (item.event.conversationId === null) return list.matchContactEvent(item);
        return list.matchConversationEvent(item, await transitions.read(item.event));
      },
    };
  }

  return { filterMessageEvents, filterStatusEvents, filterConversationEvents, filterInboxEvents };
}

/** The part of the log that a subscription reads. `accepts` still checks what the viewer may see of it. */
function toLogScope(readScope: ReadScope, conversationId?: string | null, aboutContactId?: string): LogScope {
  // All properties are set, in the same order: V8 then shares one hidden class among the scopes of all subscribers.
  return {
    organizationId: readScope.organizationId,
    conversationId: conversationId ?? undefined,
    contactId: readScope.contactId ?? undefined,
    aboutContactId,
  };
}

/** Throws NotFoundError when the conversation does not exist in the read scope. */
async function requireVisible(db: Db, readScope: ReadScope, conversationId: string) {
  const conversation = await db.reads.conversation.findFirst({
    where: { id: conversationId, ...visibleTo(readScope) },
    select: { contactId: true },
  });
  if (!conversation) throw new NotFoundError('conversation', conversationId);
  return conversation;
}

/** Reads each transition once for all live lists of this node, and those that are asked for at the same time together. */
function createTransitionCache(db: Db) {
  const cache = new LRUCache<string, Promise<Transition>>({ max: TRANSITIONS_CACHE_MAX });
  // Events of one organization by its id: a statement is for one organization.
  const loaders = new LRUCache<string, DataLoader<LogEvent, Transition>>({ max: TRANSITION_LOADERS_MAX });

  function load(event: LogEvent): Promise<Transition> {
    const { organizationId } = event;
    const loader =
      loaders.get(organizationId) ??
      new DataLoader<LogEvent, Transition>((events) => readTransitions(db, events), {
        cache: false,
        maxBatchSize: MAX_TRANSITIONS_READ,
      });
    loaders.set(organizationId, loader);
    return loader.load(event);
  }

  return {
    read(event: LogEvent): Promise<Transition> {
      const transition = cache.get(event.id) ?? load(event);
      cache.set(event.id, transition);
      transition.catch(() => cache.delete(event.id));
      return transition;
    },
  };
}
