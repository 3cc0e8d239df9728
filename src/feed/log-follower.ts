import type { Bus } from '../bus/bus.ts';
import type { Db } from '../db/client.ts';
import type { Log } from '../log.ts';
import { rotateEpoch } from './epoch.ts';
import { type LogEvent, parseEvent } from './event.ts';
import { createListeners, type LogListener } from './listeners.ts';
import { type FeedState, type LogScope, readEvents, readFeedState, readHeads } from './log.ts';

// Of the events that arrive out of order nearly all gaps close by themselves within 10 ms.
const GAP_TIMEOUT_MS = 30;
// How long an event takes at most when the bus lost it.
const HEAD_POLL_INTERVAL_MS = 2_000;
const PAGE_SIZE = 500;

export type LogFollowers = ReturnType<typeof createLogFollowers>;

/** Hears each event of an organization once, in order, without a hole. */
export interface LogFollower {
  readonly state: FeedState;
  /** Position of the last event that was given to listeners. */
  position(): number;
  /**
   * Calls the listener for the events of the scope, from the next one on; it must not throw, and must not wait. An event costs by
   * those whom it concerns, not by all who listen. Returns how to end that.
   */
  listen(scope: LogScope, listener: LogListener): () => void;
  /** Calls back when the log was set back: what was heard may not have happened, and nothing comes any more. Returns how to end that. */
  onEpochChange(listener: () => void): () => void;
}

export function channelOf(organizationId: string, epoch: Uint8Array): string {
  return `parley:${organizationId}:${Buffer.from(epoch).toString('hex')}`;
}

/**
 * Follows organizations as long as somebody listens to them: one subscription on the bus and one line of events per
 * organization, however many listeners. What the bus does not bring is read from the log.
 */
export function createLogFollowers({
  db,
  bus,
  log,
  onEpochChange = () => {},
}: {
  db: Db;
  bus: Bus;
  log: Log;
  /** The epoch of the organization is another. */
  onEpochChange?: (organizationId: string) => void;
}) {
  const followed = new Map<string, Following>();

  bus.onReconnect(() => checkHeads());
  const timer = setInterval(() => checkHeads(), HEAD_POLL_INTERVAL_MS);

  function checkHeads() {
    readAllHeads().catch((error) =>
      log.warn({ err: error }, 'could not read where the feeds stand; trying again'),
    );
  }

  async function readAllHeads() {
    if (followed.size === 0) return;
    // What has been heard by now is in the log that is read, or is not in it any more.
    const heard = new Map([...followed].map(([id, following]) => [id, following.heard()]));
    for (const { organizationId, epoch, head } of await readHeads(db, [...heard.keys()])) {
      const following = followed.get(organizationId);
      const { state, position } = heard.get(organizationId) ?? {};
      if (!following || !state || position === undefined) following?.hearHead(head);
      else if (head >= position && Buffer.from(epoch).equals(state.epoch)) following.hearHead(head);
      else if (following.heard().state === state) await setBack(organizationId, { following, state });
    }
  }

  async function setBack(
    organizationId: string,
    { following, state }: { following: Following; state: FeedState },
  ) {
    // Of all nodes that see it one gives the log its new epoch: old cursors would point to what happens from now on.
    await rotateEpoch(db, organizationId, state.epoch);
    log.warn(
      { organizationId },
      'the log was set back, as by a restored backup; all who follow it load afresh',
    );
    if (followed.get(organizationId) === following) followed.delete(organizationId);
    onEpochChange(organizationId);
    following.setBack();
  }

  return {
    /** Resolves once every event from now on will be heard. Each call is ended by `release`. */
    async follow(organizationId: string): Promise<{ follower: LogFollower; release: () => void }> {
      const following = followed.get(organizationId) ?? startFollowing({ db, bus, log, organizationId });
      followed.set(organizationId, following);
      following.users += 1;
      let released = false;
      function release() {
        if (released) return;
        released = true;
        following.users -= 1;
        if (following.users > 0) return;
        if (followed.get(organizationId) === following) followed.delete(organizationId);
        following.stop();
      }
      try {
        return { follower: await following.started, release };
      } catch (error) {
        release();
        throw error;
      }
    },
    /** Looks at once where the logs stand. */
    checkHeads,
    /** How many organizations are followed, and how many streams listen to them. */
    count() {
      const all = [...followed.values()];
      return { organizations: all.length, streams: all.reduce((sum, { users }) => sum + users, 0) };
    },
    stop() {
      clearInterval(timer);
      for (const following of followed.values()) following.stop();
      followed.clear();
    },
  };
}

type Following = ReturnType<typeof startFollowing>;

function startFollowing({
  db,
  bus,
  log,
  organizationId,
}: {
  db: Db;
  bus: Bus;
  log: Log;
  organizationId: string;
}) {
  const listeners = createListeners(log);
  /** Heard ahead of their turn. */
  const early = new Map<number, LogEvent>();
  let position = 0;
  let ready = false;
  let stopped = false;
  let gapTimer: NodeJS.Timeout | undefined;
  let filling = false;
  /** The highest position that is known to exist. */
  let known = 0;
  let unsubscribe: (() => Promise<void>) | undefined;
  let current: FeedState | undefined;
  const setBackListeners = new Set<() => void>();

  async function start(): Promise<LogFollower> {
    const state = await readFeedState(db, organizationId);
    unsubscribe = await bus.subscribe(channelOf(organizationId, state.epoch), (message) => {
      const event = parseEvent(message);
      if (event) hear(event);
      else log.warn({ organizationId }, 'what came over the bus is no event; it is read from the log');
    });
    // Read after the bus has confirmed: what is committed later than this is heard.
    position = (await readFeedState(db, organizationId)).head;
    known = Math.max(known, position);
    ready = true;
    current = state;
    drain();
    if (stopped) await unsubscribe();
    return { state, position: () => position, listen: listeners.add, onEpochChange: hearSetBack };
  }

  function hearSetBack(listener: () => void): () => void {
    setBackListeners.add(listener);
    return () => {
      setBackListeners.delete(listener);
    };
  }

  function stop() {
    stopped = true;
    clearGap();
    listeners.clear();
    void unsubscribe?.();
  }

  function hear(event: LogEvent) {
    if (stopped || event.position <= position) return;
    early.set(event.position, event);
    known = Math.max(known, event.position);
    if (ready) drain();
  }

  function hearHead(head: number) {
    known = Math.max(known, head);
    if (ready && known > position) void fill();
  }

  /** Gives out what is next, and sees to it that a hole gets filled. */
  function drain() {
    for (let event = early.get(position + 1); event; event = early.get(position + 1)) deliver(event);
    for (const at of early.keys()) if (at <= position) early.delete(at);
    if (known > position) gapTimer ??= setTimeout(() => void fill(), GAP_TIMEOUT_MS);
    else clearGap();
  }

  function deliver(event: LogEvent) {
    position = event.position;
    early.delete(event.position);
    listeners.emit(event);
  }

  async function fill() {
    clearGap();
    if (filling || stopped) return;
    filling = true;
    try {
      while (known > position && !stopped) {
        const page = await readEvents(
          db,
          { organizationId },
          { after: position, upTo: known, limit: PAGE_SIZE },
        );
        if (page.length === 0) break;
        for (const event of page) if (event.position === position + 1) deliver(event);
        drain();
      }
    } catch (error) {
      // The next check of the heads tries again.
      log.warn({ err: error, organizationId }, 'could not read missing events from the log');
    } finally {
      filling = false;
    }
  }

  function clearGap() {
    clearTimeout(gapTimer);
    gapTimer = undefined;
  }

  return {
    users: 0,
    started: start(),
    hearHead,
    /** Where it is, once it has started. */
    heard: () => ({ state: current, position }),
    setBack() {
      stop();
      const told = [...setBackListeners];
      setBackListeners.clear();
      for (const listener of told) listener();
    },
    stop,
  };
}
