import type { Db } from '../../db/client.ts';
import type { LogFollower } from '../../feed/log-follower.ts';
import type { Log } from '../../log.ts';
import { isTeam, type ReadScope, type Viewer } from '../core/viewer.ts';
import type { StateSource, StateSubscriber } from '../presence/state-source.ts';
import { type CountsFilter, readCounts, readCountsForViewers, toFilterKey } from './counts.ts';
import { requireValidFilter } from './filter.ts';

// At most five times a second.
const INTERVAL_MS = 200;
const RETRY_MS = 1_000;

export type InboxCounts = ReturnType<typeof createInboxCounts>;

interface CountsSubscriber extends StateSubscriber {
  /** What they were told last, as text. */
  told?: string;
}

/** How many conversations stand in each view, once and live. */
export function createInboxCounts({ db, log }: { db: Db; log: Log }) {
  // Whoever counts the same is counted for together.
  const groups = new Map<string, CountGroup>();

  return {
    readCounts: (viewer: Viewer, filter: CountsFilter) => readCounts(db, viewer, filter),
    /** The counts now, and then whenever one of them changes, at most five times a second. */
    createCountsSource(readScope: ReadScope, filter: CountsFilter): StateSource {
      requireValidFilter(readScope, filter);
      const key = `${readScope.organizationId} ${readScope.contactId ?? ''} ${toFilterKey(filter)}`;
      return {
        async subscribe(listener) {
          const group =
            groups.get(key) ?? startCountGroup({ db, log, filter, follower: listener.follower, readScope });
          groups.set(key, group);
          const leave = group.join(listener);
          return () => {
            if (leave() && groups.get(key) === group) groups.delete(key);
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
  const listeners = new Set<CountsSubscriber>();
  let timer: NodeJS.Timeout | undefined;
  let isCounting = false;
  let isStale = false;
  let lastAt = Number.NEGATIVE_INFINITY;

  const { organizationId, contactId } = readScope;
  const scope = isTeam(readScope) || contactId === null ? { organizationId } : { organizationId, contactId };
  const stopListening = follower.listen(scope, (event) => {
    if (event.conversationId !== null) countSoon();
  });

  function countSoon(pauseMs = Math.max(0, lastAt + INTERVAL_MS - performance.now())) {
    isStale = true;
    if (!isCounting && listeners.size > 0) timer ??= setTimeout(count, pauseMs);
  }

  async function count() {
    timer = undefined;
    isCounting = true;
    isStale = false;
    lastAt = performance.now();
    let pauseMs: number | undefined;
    try {
      await tellChanged();
    } catch (error) {
      log.warn({ err: error }, 'conversations could not be counted; trying again');
      isStale = true;
      pauseMs = RETRY_MS;
    }
    isCounting = false;
    if (isStale) countSoon(pauseMs);
  }

  async function tellChanged() {
    const [first, ...rest] = new Map([...listeners].map(({ viewer }) => [viewer.id, viewer])).values();
    if (!first) return;
    const counts = await readCountsForViewers(db, [first, ...rest], filter);
    for (const listener of listeners) {
      const own = counts.get(listener.viewer.id);
      const text = JSON.stringify(own);
      if (!own || text === listener.told) continue;
      listener.told = text;
      listener.emit('counts', own);
    }
  }

  return {
    /** Returns how to leave, which says whether nobody is left. */
    join(listener: CountsSubscriber): () => boolean {
      const counted = { ...listener };
      listeners.add(counted);
      countSoon();
      return () => {
        listeners.delete(counted);
        if (listeners.size > 0) return false;
        clearTimeout(timer);
        stopListening();
        return true;
      };
    },
  };
}
