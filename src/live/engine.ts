import type { GraphQLError } from 'graphql';
import type { Viewer, Viewers } from '../domain/core/viewer.ts';
import type { Feed } from '../feed/feed.ts';
import type { Services } from '../graphql/core/context.ts';
import { createLiveWords } from './caught-up-cache.ts';
import { createCoalescedReads } from './coalesced-reads.ts';
import type { SubscriptionOperation } from './operation-key.ts';
import { createRefCounted } from './ref-counted.ts';
import { createResultCache } from './result-cache.ts';
import { createRevocation } from './revocation.ts';
import type { Sink } from './send-queue.ts';
import type { StateGroup } from './state-feed.ts';
import type { SubscriberGroup } from './subscriber-group.ts';
import { LiveSubscription, type SubscriptionDependencies, type SubscriptionHandle } from './subscription.ts';

const REFRESH_INTERVAL_MS = 15_000;
// A part of the groups at a time: ten thousand of them that are quiet keep nobody waiting.
const REFRESH_SLICES = 60;

export type SubscriptionEngine = ReturnType<typeof createSubscriptionEngine>;

export interface SubscriptionEngineOptions {
  services: Services;
  feed: Pick<Feed, 'follow' | 'catchUp'>;
  viewers: Pick<Viewers, 'forget'>;
  mask: (error: unknown) => GraphQLError;
  now?: () => number;
}

/**
 * Runs subscriptions, whatever their transport. Each subscriber gets each event that they may see once and in order: first what they
 * missed, read from the log at their own pace, then, from the same tick on, what happens. An event is executed once for all who
 * ask the same with the same eyes.
 */
export function createSubscriptionEngine({
  services,
  feed,
  viewers,
  mask,
  now = Date.now,
}: SubscriptionEngineOptions) {
  const groups = createRefCounted<SubscriberGroup>();
  const parts: SubscriptionDependencies = {
    services,
    feed,
    mask,
    now,
    groups,
    stateGroups: createRefCounted<StateGroup>(),
    readsFor: createCoalescedReads(services.db),
    rights: createRevocation({ viewers }),
    words: createLiveWords(),
    kept: createResultCache(),
  };
  let round = groups[Symbol.iterator]();
  const timer = setInterval(refreshSome, REFRESH_INTERVAL_MS / REFRESH_SLICES);

  function refreshSome() {
    for (let left = Math.ceil(groups.size() / REFRESH_SLICES); left > 0; left -= 1) {
      const { value, done } = round.next();
      value?.refresh();
      if (done) round = groups[Symbol.iterator]();
    }
  }

  return {
    open(operation: SubscriptionOperation, viewer: Viewer, sink: Sink): SubscriptionHandle {
      const subscription = new LiveSubscription(parts, viewer, sink);
      void subscription.start(operation);
      return subscription;
    },
    stop() {
      clearInterval(timer);
    },
  };
}
