import type { Bus } from '../bus/bus.ts';
import { CHANNELS } from '../bus/redis-names.ts';
import type { Db } from '../db/client.ts';
import type { Log } from '../log.ts';
import { createRefCounted, whenReady } from '../ref-counted.ts';
import { rotateEpoch } from './epoch.ts';
import { type LogEvent, parseEvent } from './event.ts';
import { createListeners, type LogListener } from './listeners.ts';
import { type FeedState, type LogScope, readEvents, readFeedState, readHeads } from './log.ts';
import { createLag } from './progress.ts';
import { createRecentEvents, PAGE_SIZE, type RecentEvents, type RecentLog } from './recent-events.ts';

// Nearly all gaps left by events that arrive out of order close by themselves within 10 ms.
const GAP_TIMEOUT_MS = 30;
// Longest delay of an event that the bus lost.
const HEAD_POLL_INTERVAL_MS = 2_000;

/** Tails the log of one organization: delivers each event once, in order, without a gap. */
export interface LogFollower {
  /** Unique in this process: after a rewind of the log, another follower has another id. */
  readonly id: string;
  /** Read when the follower started. `head`, `sweptTo` and `hourMark` are stale after that; epoch and key stay valid. */
  readonly state: FeedState;
  /** Position of the last event that was delivered to listeners. */
  position(): number;
  /** Newest events up to `position`. */
  readonly recent: RecentLog;
  /** The newest known head at the beginning of an hour, among those up to which all events were delivered. */
  hourMark(): number;
  /**
   * Calls the listener for the events of the scope, from the next one on. The listener must neither throw nor block. The cost of
   * an event depends on the listeners that match it, not on all listeners. Returns the function that unsubscribes.
   */
  listen(scope: LogScope, listener: LogListener): () => void;
  /**
   * Calls back once when the log was rewound, also when it has been already: events that were delivered may no longer exist, and
   * this follower delivers nothing more. Returns the function that unsubscribes.
   */
  onEpochChange(listener: () => void): () => void;
}

export interface LogFollowersOptions {
  db: Db;
  bus: Bus;
  log: Log;
  /** Called after the organization's epoch was rotated, before the listeners of its follower. */
  onEpochChange?: (organizationId: string) => void;
  headPollIntervalMs?: number | undefined;
}

/**
 * Follows the logs of organizations while somebody listens to them: one subscription on the bus and one sequence of events per
 * organization, however many listeners. Events that the bus loses are read from the log.
 */
export function createLogFollowers({
  db,
  bus,
  log,
  onEpochChange = () => {},
  headPollIntervalMs = HEAD_POLL_INTERVAL_MS,
}: LogFollowersOptions) {
  const followers = createRefCounted<RunningFollower>((follower) => follower.stop());
  const recentEvents = createRecentEvents();
  let [started, missedByBus] = [0, 0];

  bus.onReconnect(() => checkHeads());
  const timer = setInterval(() => checkHeads(), headPollIntervalMs);

  function checkHeads() {
    compareHeads().catch((error) =>
      log.warn({ err: error }, 'reading the heads of the logs failed; will retry'),
    );
  }

  async function compareHeads() {
    // Snapshot before the read: every delivered position is at most the head, unless the log was rewound.
    const before = new Map([...followers].map((follower) => [follower.organizationId, follower.snapshot()]));
    if (before.size === 0) return;
    const at = performance.now();
    for (const { organizationId, epoch, head, hourMark } of await readHeads(db, [...before.keys()])) {
      const follower = followers.get(organizationId);
      const { state, position } = before.get(organizationId) ?? {};
      if (!follower || !state || position === undefined) follower?.hearHead({ head, hourMark, at });
      else if (head >= position && Buffer.from(epoch).equals(state.epoch))
        follower.hearHead({ head, hourMark, at });
      else if (follower.snapshot().state === state) await restart(follower, state);
    }
  }

  /** Ends a follower whose log was rewound; the next call of `follow` starts another one in the new epoch. */
  async function restart(follower: RunningFollower, { epoch }: FeedState) {
    const { organizationId } = follower;
    // Old cursors must not point at new events. Of all nodes that notice, one changes the epoch.
    await rotateEpoch(db, organizationId, epoch);
    log.warn(
      { organizationId },
      'the log was rewound, as by a restored backup; its subscribers are told to load again',
    );
    followers.detach(organizationId, follower);
    onEpochChange(organizationId);
    follower.endEpoch();
  }

  return {
    /** Resolves once every later event will be delivered. Each call is ended by its `release`. */
    async follow(organizationId: string): Promise<{ follower: LogFollower; release: () => void }> {
      const start = () =>
        startFollower({
          ...{ db, bus, log, recentEvents, organizationId },
          onMissed: (count) => {
            missedByBus += count;
          },
          id: `${organizationId} ${++started}`,
        });
      const { value, release } = await whenReady(followers.acquire(organizationId, start));
      return { follower: await value.ready, release };
    },
    /** Compares all followers with the heads of their logs now instead of at the next interval. */
    checkHeads,
    /** Followed organizations, and streams that listen to them. */
    count: () => ({ organizations: followers.size(), streams: followers.countHolders() }),
    /** The longest lag of a follower, and what all of them missed. */
    readLag: () => ({
      lagSeconds: Math.max(0, ...[...followers].map((follower) => follower.readLag())),
      missedByBus,
    }),
    stop() {
      clearInterval(timer);
      for (const follower of followers) {
        followers.detach(follower.organizationId, follower);
        follower.stop();
      }
    },
  };
}

type RunningFollower = ReturnType<typeof startFollower>;

function startFollower({
  db,
  bus,
  log,
  recentEvents,
  organizationId,
  id,
  onMissed,
}: {
  db: Db;
  bus: Bus;
  log: Log;
  recentEvents: RecentEvents;
  organizationId: string;
  id: string;
  /** Called with the number of events that were read from the log, as the bus did not bring them. */
  onMissed: (count: number) => void;
}) {
  const listeners = createListeners(log);
  const epochListeners = new Set<() => void>();
  const lag = createLag();
  const recent = recentEvents.ofLog(id, ({ after, upTo }) =>
    readEvents(db, { organizationId }, { after, upTo, limit: PAGE_SIZE }),
  );
  /** Events that arrived before their predecessors, by position. */
  const early = new Map<number, LogEvent>();
  let position = 0;
  /** The highest position that is known to exist. */
  let known = 0;
  /** The newest hour mark, and the newest of those that `position` has reached. */
  let [heardMark, reachedMark] = [0, 0];
  let state: FeedState | undefined;
  let isStopped = false;
  let hasEpochEnded = false;
  let isFilling = false;
  let gapTimer: NodeJS.Timeout | undefined;
  let unsubscribe: (() => Promise<void>) | undefined;

  async function start(): Promise<LogFollower> {
    const initial = await readFeedState(db, organizationId);
    unsubscribe = await bus.subscribe(CHANNELS.log(organizationId, initial.epoch), (message) => {
      const event = parseEvent(message);
      if (event) hear(event);
      else log.warn({ organizationId }, 'a message on the bus is no event; the log is read instead');
    });
    // Read after the bus has confirmed: events that are committed later than this arrive over it.
    const current = await readFeedState(db, organizationId);
    position = current.head;
    heardMark = current.hourMark;
    known = Math.max(known, position);
    state = initial;
    drain();
    if (isStopped) await unsubscribe();
    return {
      id,
      state,
      position: () => position,
      recent,
      hourMark,
      listen: listeners.add,
      onEpochChange: addEpochListener,
    };
  }

  function hourMark(): number {
    if (heardMark <= position) reachedMark = heardMark;
    return reachedMark;
  }

  function addEpochListener(listener: () => void): () => void {
    if (hasEpochEnded) queueMicrotask(listener);
    else epochListeners.add(listener);
    return () => {
      epochListeners.delete(listener);
    };
  }

  function stop() {
    isStopped = true;
    clearGap();
    listeners.clear();
    void unsubscribe?.();
  }

  function hear(event: LogEvent) {
    if (isStopped || event.position <= position) return;
    early.set(event.position, event);
    known = Math.max(known, event.position);
    if (state) drain();
  }

  function hearHead({ head, hourMark: mark, at }: { head: number; hourMark: number; at: number }) {
    // The last mark counts, if it was reached, until this one is.
    hourMark();
    heardMark = Math.max(heardMark, mark);
    lag.check(head, at, position);
    known = Math.max(known, head);
    if (state && known > position) void fillGap();
  }

  /** Delivers the events that are next in line. Starts the gap timeout when one of them is missing. */
  function drain() {
    for (let event = early.get(position + 1); event; event = early.get(position + 1)) deliver(event);
    for (const at of early.keys()) if (at <= position) early.delete(at);
    if (known > position) gapTimer ??= setTimeout(() => void fillGap(), GAP_TIMEOUT_MS);
    else clearGap();
  }

  function deliver(event: LogEvent) {
    position = event.position;
    early.delete(event.position);
    recent.add(event);
    listeners.emit(event);
  }

  async function fillGap() {
    clearGap();
    if (isFilling || isStopped) return;
    isFilling = true;
    try {
      while (known > position && !isStopped) {
        const range = { after: position, upTo: known, limit: PAGE_SIZE };
        const page = await readEvents(db, { organizationId }, range);
        if (page.length === 0) break;
        const before = position;
        for (const event of page) if (event.position === position + 1) deliver(event);
        onMissed(position - before);
        drain();
      }
    } catch (error) {
      // The next comparison of heads tries again.
      log.warn({ err: error, organizationId }, 'reading missing events from the log failed');
    } finally {
      isFilling = false;
    }
  }

  function clearGap() {
    clearTimeout(gapTimer);
    gapTimer = undefined;
  }

  return {
    organizationId,
    ready: start(),
    /** Takes the position of the log's last event and the hour mark, and reads from the log what is missing up to the former. */
    hearHead,
    readLag: () => lag.readSeconds(position),
    /** `state` is undefined until the follower has started. */
    snapshot: () => ({ state, position }),
    /** Stops, and calls the listeners for a change of epoch. */
    endEpoch() {
      hasEpochEnded = true;
      stop();
      const called = [...epochListeners];
      epochListeners.clear();
      for (const listener of called) listener();
    },
    stop,
  };
}
