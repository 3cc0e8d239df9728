import type { GraphQLError } from 'graphql';
import type { Viewer, Viewers } from '../domain/core/viewer.ts';
import type { Feed } from '../feed/feed.ts';
import type { Services } from '../graphql/core/context.ts';
import { createLiveWords } from './caught-up-cache.ts';
import { createEventReads } from './coalesced-reads.ts';
import type { LiveOperation } from './operation-key.ts';
import { createGroups } from './ref-counted.ts';
import { createKeptOutcomes } from './result-cache.ts';
import { createRights } from './revocation.ts';
import type { Sink } from './send-queue.ts';
import type { StateGroup } from './state-feed.ts';
import type { LiveGroup } from './subscriber-group.ts';
import { type LiveParts, LiveSubscription, type Subscription } from './subscription.ts';

const REFRESH_INTERVAL_MS = 15_000;
// A part of the groups at a time: ten thousand of them that are quiet keep nobody waiting.
const REFRESH_TURNS = 60;

export type Live = ReturnType<typeof createLive>;

export interface LiveOptions {
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
export function createLive({ services, feed, viewers, mask, now = Date.now }: LiveOptions) {
  const groups = createGroups<LiveGroup>();
  const parts: LiveParts = {
    services,
    feed,
    mask,
    now,
    groups,
    stateGroups: createGroups<StateGroup>(),
    readsAfter: createEventReads(services.db),
    rights: createRights({ viewers }),
    words: createLiveWords(),
    kept: createKeptOutcomes(),
  };
  let round = groups[Symbol.iterator]();
  const timer = setInterval(refreshSome, REFRESH_INTERVAL_MS / REFRESH_TURNS);

  function refreshSome() {
    for (let left = Math.ceil(groups.size() / REFRESH_TURNS); left > 0; left -= 1) {
      const { value, done } = round.next();
      value?.refresh();
      if (done) round = groups[Symbol.iterator]();
    }
  }

  return {
    open(operation: LiveOperation, viewer: Viewer, sink: Sink): Subscription {
      const subscription = new LiveSubscription(parts, viewer, sink);
      void subscription.start(operation);
      return subscription;
    },
    stop() {
      clearInterval(timer);
    },
  };
}
