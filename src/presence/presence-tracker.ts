import type { Log } from '../log.ts';
import { createRefCounted, whenReady } from '../ref-counted.ts';
import type { PresenceListener } from './presence.ts';

/** Reads who is online in the organization; with `ids`, which of these are. */
export type ReadOnline = (
  organizationId: string,
  ids?: readonly string[],
) => Promise<{
  found: ReadonlySet<string>;
  /** Others may be online as well: only this node could be read. */
  isPartial: boolean;
}>;

/** Subscribes to changes of the organization's presence; resolves to the function that unsubscribes. */
type SubscribeToChanges = () => Promise<() => unknown>;

/** Trackers of organizations, each for as long as somebody listens to it. */
export function createPresenceTrackers({ read, log }: { read: ReadOnline; log: Log }) {
  const trackers = createRefCounted<PresenceTracker>((tracker) => tracker.stop());

  function refresh(tracker: PresenceTracker | undefined, ids?: readonly string[]) {
    tracker?.refresh(ids).catch((error: unknown) => log.error({ err: error }, 'presence was not read'));
  }

  return {
    /** Reads this actor again, who may have come online or gone offline. */
    refresh: (organizationId: string, id: string) => refresh(trackers.get(organizationId), [id]),
    /** Reads everybody again: this finds actors whose change was not broadcast, as those of a crashed node. */
    refreshAll() {
      for (const tracker of trackers) refresh(tracker);
    },
    async listen(
      organizationId: string,
      listener: PresenceListener,
      subscribe: SubscribeToChanges,
    ): Promise<() => void> {
      const start = () => startTracker({ read, organizationId, subscribe });
      const { value, release } = await whenReady(trackers.acquire(organizationId, start));
      const unsubscribe = value.listen(listener);
      return () => {
        unsubscribe();
        release();
      };
    },
  };
}

type PresenceTracker = ReturnType<typeof startTracker>;

/** The actors of one organization that this node has reported as online to its listeners. */
function startTracker({
  read,
  organizationId,
  subscribe,
}: {
  read: ReadOnline;
  organizationId: string;
  subscribe: SubscribeToChanges;
}) {
  const online = new Set<string>();
  const listeners = new Set<PresenceListener>();
  const stale = new Set<string>();
  let isAllStale = false;
  let reading: Promise<void> | undefined;

  function apply(id: string, isOnline: boolean) {
    if (online.has(id) === isOnline) return;
    if (isOnline) online.add(id);
    else online.delete(id);
    for (const listener of listeners) listener(id, isOnline);
  }

  // One read at a time: an earlier result never overwrites a later one.
  async function readStale() {
    try {
      while (isAllStale || stale.size > 0) {
        const ids = isAllStale ? undefined : [...stale];
        isAllStale = false;
        stale.clear();
        const { found, isPartial } = await read(organizationId, ids);
        for (const id of found) apply(id, true);
        if (isPartial) continue;
        for (const id of ids ?? [...online]) if (!found.has(id)) apply(id, false);
      }
    } finally {
      reading = undefined;
    }
  }

  /** Reads these actors again; everybody, without `ids`. */
  function refresh(ids?: readonly string[]): Promise<void> {
    if (!ids) isAllStale = true;
    for (const id of ids ?? []) stale.add(id);
    reading ??= readStale();
    return reading;
  }

  const subscribed = subscribe();
  return {
    // Read after the subscription is confirmed: whatever changes later than this is broadcast to it.
    ready: subscribed.then(() => refresh()),
    refresh,
    /** Calls back for everybody who is online, and then for each change. Returns the function that unsubscribes. */
    listen(listener: PresenceListener): () => void {
      for (const id of online) listener(id, true);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => void subscribed.then((unsubscribe) => unsubscribe()).catch(() => undefined),
  };
}
