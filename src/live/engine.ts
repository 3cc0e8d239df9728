import type { GraphQLError } from 'graphql';
import type { Viewer, Viewers } from '../domain/core/viewer.ts';
import type { Feed } from '../feed/feed.ts';
import type { Services } from '../graphql/core/context.ts';
import { createRefCounted } from '../ref-counted.ts';
import { createCoalescedReads } from './coalesced-reads.ts';
import { createFollowedLogs } from './followed-log.ts';
import type { SubscriptionOperation } from './operation-key.ts';
import { createResultCache } from './result-cache.ts';
import type { Sink } from './send-queue.ts';
import type { StateGroup } from './state-feed.ts';
import type { SubscriberGroup } from './subscriber-group.ts';
import { LiveSubscription, type SubscriptionDependencies, type SubscriptionHandle } from './subscription.ts';
import type { SubscriptionLimit } from './subscription-limit.ts';
import { createTurns } from './turns.ts';

const REFRESH_INTERVAL_MS = 15_000;
// Refreshed in slices, so that ten thousand idle groups do not block the event loop at once.
const REFRESH_SLICES = 60;

const UNLIMITED: SubscriptionLimit = {
  openSubscription: () => () => undefined,
  openSearch: () => () => undefined,
  countFrame: async () => undefined,
};

export type SubscriptionEngine = ReturnType<typeof createSubscriptionEngine>;

export interface SubscriptionEngineOptions {
  services: Services;
  feed: Pick<Feed, 'follow' | 'catchUp' | 'readNewestPublic'>;
  viewers: Pick<Viewers, 'forget' | 'countLoads' | 'requireViewer'>;
  /** @default subscriptions are not limited */
  limit?: SubscriptionLimit;
  /** Converts an error to what the client may see. */
  mask: (error: unknown) => GraphQLError;
  /** Leaves "Did you mean" out of errors about variables. @default false */
  hideSuggestions?: boolean;
  /** Milliseconds; the present by default. */
  now?: () => number;
}

/**
 * Runs subscriptions over any transport. Each subscriber gets each event that it may see once and in order: first the missed ones,
 * read from the log at the subscriber's own pace, then, without a gap, the live ones. An event is executed once for all subscribers
 * with the same operation and visibility scope.
 */
export function createSubscriptionEngine(options: SubscriptionEngineOptions) {
  const {
    services,
    feed,
    viewers,
    limit = UNLIMITED,
    mask,
    hideSuggestions = false,
    now = Date.now,
  } = options;
  const groups = createRefCounted<SubscriberGroup>();
  const dependencies: SubscriptionDependencies = {
    services,
    feed,
    viewers,
    mask,
    limit,
    now,
    groups,
    stateGroups: createRefCounted<StateGroup>(),
    coalescedReads: createCoalescedReads(services.db),
    logs: createFollowedLogs({ feed, viewers }),
    cache: createResultCache(),
    turn: createTurns(),
  };
  let remaining = groups[Symbol.iterator]();
  const timer = setInterval(refreshSlice, REFRESH_INTERVAL_MS / REFRESH_SLICES);

  function refreshSlice() {
    for (let left = Math.ceil(groups.size() / REFRESH_SLICES); left > 0; left -= 1) {
      const { value, done } = remaining.next();
      try {
        value?.refresh();
      } catch (error) {
        // Logs it. The other groups are refreshed all the same.
        mask(error);
      }
      if (done) remaining = groups[Symbol.iterator]();
    }
  }

  return {
    open(operation: SubscriptionOperation, viewer: Viewer, sink: Sink): SubscriptionHandle {
      const subscription = new LiveSubscription(dependencies, viewer, sink);
      // The mask logs the error.
      subscription.start({ ...operation, hideSuggestions }).catch(mask);
      return subscription;
    },
    /** The share of the event loop of those who connect and catch up: live subscribers are served in between. */
    turn: dependencies.turn,
    stop() {
      clearInterval(timer);
    },
  };
}
