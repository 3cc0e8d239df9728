import type { Db } from '../../db/client.ts';
import type { LogFollower } from '../../feed/log-follower.ts';
import type { Log } from '../../log.ts';
import { createRefCounted } from '../../ref-counted.ts';
import { isTeam, type ReadScope, type Viewer } from '../core/viewer.ts';
import type { StateSource, StateSubscriber } from '../presence/state-source.ts';
import { type CountsFilter, readCounts, readCountsForViewers, toFilterKey } from './counts.ts';
import { requireValidFilter } from './filter.ts';

// Throttle: at most five reads a second.
const THROTTLE_MS = 200;
const RETRY_DELAY_MS = 1_000;

export type InboxCounts = ReturnType<typeof createInboxCounts>;

interface CountsSubscriber extends StateSubscriber {
  /** JSON of the counts that were emitted last. */
  lastEmitted?: string;
}

/** Conversation counts, once and live. Subscribers with the same scope and filter share one group and its reads. */
export function createInboxCounts({ db, log }: { db: Db; log: Log }) {
  const groups = createRefCounted<CountGroup>((group) => group.stop());

  return {
    readCounts: (viewer: Viewer, filter: CountsFilter) => readCounts(db, viewer, filter),
    /** Emits the current counts, and then again when one of them changed, at most five times a second. */
    createCountsSource(readScope: ReadScope, filter: CountsFilter): StateSource {
      requireValidFilter(readScope, filter);
      const scopeKey = `${readScope.contactId ?? ''} ${toFilterKey(filter)}`;
      return {
        async subscribe(subscriber) {
          const { follower } = subscriber;
          const start = () => startCountGroup({ db, log, filter, follower, readScope });
          // A rewind of the log ends the follower: later subscribers need a group of the next one.
          const { value: group, release } = groups.acquire(`${follower.id} ${scopeKey}`, start);
          const leave = group.join(subscriber);
          return () => {
            leave();
            release();
          };
        },
      };
    },
  };
}

type CountGroup = ReturnType<typeof startCountGroup>;

function startCountGroup(options: {
  db: Db;
  log: Log;
  filter: CountsFilter;
  follower: LogFollower;
  readScope: ReadScope;
}) {
  const { db, log, filter, follower, readScope } = options;
  const subscribers = new Set<CountsSubscriber>();
  let timer: NodeJS.Timeout | undefined;
  let isCounting = false;
  let isStale = false;
  let lastAt = Number.NEGATIVE_INFINITY;

  const { organizationId, contactId } = readScope;
  const scope = isTeam(readScope) || contactId === null ? { organizationId } : { organizationId, contactId };
  const stopListening = follower.listen(scope, (event) => {
    if (event.conversationId !== null) scheduleCount();
  });

  function scheduleCount(delayMs = Math.max(0, lastAt + THROTTLE_MS - performance.now())) {
    isStale = true;
    if (!isCounting && subscribers.size > 0) timer ??= setTimeout(count, delayMs);
  }

  async function count() {
    timer = undefined;
    isCounting = true;
    isStale = false;
    lastAt = performance.now();
    let delayMs: number | undefined;
    try {
      await emitChanged();
    } catch (error) {
      log.warn({ err: error }, 'reading live counts failed; retrying');
      isStale = true;
      delayMs = RETRY_DELAY_MS;
    }
    isCounting = false;
    if (isStale) scheduleCount(delayMs);
  }

  async function emitChanged() {
    const [first, ...rest] = new Map([...subscribers].map(({ viewer }) => [viewer.id, viewer])).values();
    if (!first) return;
    const counts = await readCountsForViewers(db, [first, ...rest], filter);
    for (const subscriber of subscribers) {
      const own = counts.get(subscriber.viewer.id);
      const text = JSON.stringify(own);
      if (!own || text === subscriber.lastEmitted) continue;
      subscriber.lastEmitted = text;
      subscriber.emit('counts', own);
    }
  }

  return {
    /** Emits the current counts to the subscriber, and then each change. Returns the function that ends this. */
    join(subscriber: StateSubscriber): () => void {
      const joined: CountsSubscriber = { ...subscriber };
      subscribers.add(joined);
      scheduleCount();
      return () => {
        subscribers.delete(joined);
      };
    },
    stop() {
      clearTimeout(timer);
      stopListening();
    },
  };
}
