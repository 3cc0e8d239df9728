import type { Bus } from '../bus/bus.ts';
import { CHANNELS } from '../bus/redis-names.ts';
import type { Db, Tx } from '../db/client.ts';
import { createTransact } from '../db/transaction.ts';
import type { Log } from '../log.ts';
import { type CatchUpOptions, catchUp } from './catch-up.ts';
import { createCommitPositions } from './commit-positions.ts';
import { writeCursor } from './cursor.ts';
import type { Author, LogEvent, NewEvent } from './event.ts';
import { claimKey, type IdempotentRequest, type StoredResult, storeResult } from './idempotency.ts';
import {
  appendEvents,
  type ContactScope,
  type FeedState,
  readContactState,
  readEventsById,
  readFeedState,
  readNewestPublic,
  type WrittenEvent,
  withPosition,
} from './log.ts';
import { createLogFollowers, type LogFollower } from './log-follower.ts';
import { createReplayCounts, type FeedProgress } from './progress.ts';
import { shareReads } from './shared-reads.ts';

export type Feed = ReturnType<typeof createFeed>;

/** The result of a change, and its position in the log. */
export interface ChangeReceipt<T> {
  result: T;
  /** Cursor of the change's last event; where the change wrote none, that of the newest event that its author may see. */
  cursor: string;
  /** The result was stored by an earlier request with the same idempotency key. */
  isReplayed: boolean;
}

/** Viewers who get the same cursor: the team of an organization, or one contact. */
export interface CursorScope {
  organizationId: string;
  /** Null: the team. */
  contactId: string | null;
}

/** A change in its transaction: its events have no positions before the commit. */
interface WrittenChange<T> {
  result: T;
  events: WrittenEvent[];
}

export interface FeedOptions {
  db: Db;
  bus: Bus;
  log: Log;
  /** Called with the events of each change right after its commit, before it is broadcast. Must not throw. */
  onCommit?: ((events: readonly WrittenEvent[]) => void) | undefined;
  /** Longest delay of an event that the bus lost; 2 s by default. */
  headPollIntervalMs?: number | undefined;
}

/** The only way to change data that has a log, and to follow that log. */
export function createFeed({ db, bus, log, onCommit, headPollIntervalMs }: FeedOptions) {
  const transact = createTransact(db);
  // Epoch and key of organizations: constant until the log is rewound.
  const states = new Map<string, FeedState>();
  const commitPositions = createCommitPositions(db);
  const followers = createLogFollowers({
    db,
    bus,
    log,
    onEpochChange: (organizationId) => states.delete(organizationId),
    headPollIntervalMs,
  });

  const replays = createReplayCounts();
  const catchUpDependencies = {
    db,
    readState: shareReads((organizationId) => readFeedState(db, organizationId)),
    onEpochMismatch: followers.checkHeads,
  };

  async function loadState(organizationId: string): Promise<FeedState> {
    const known = states.get(organizationId);
    if (known) return known;
    const state = await readFeedState(db, organizationId);
    states.set(organizationId, state);
    return state;
  }

  async function readStreamCursor({ organizationId, contactId }: CursorScope): Promise<string> {
    if (contactId === null) {
      const state = await readFeedState(db, organizationId);
      states.set(organizationId, state);
      return writeCursor(state, state.head);
    }
    const state = await readContactState(db, { organizationId, contactId });
    return writeCursor(state, state.newest);
  }

  /** Committed events with their positions: as the trigger reported them, else as the log has them. */
  async function locate(organizationId: string, written: readonly WrittenEvent[]): Promise<LogEvent[]> {
    const located = written.flatMap((event) => {
      const position = commitPositions.take(event.id);
      return position ? [withPosition(event, position)] : [];
    });
    if (located.length === written.length) return located;
    const ids = written.map(({ id }) => id);
    return readEventsById(db, organizationId, ids);
  }

  /** Broadcasts committed events. Never rejects: followers read from the log what is not broadcast. */
  async function broadcast(organizationId: string, written: readonly WrittenEvent[]): Promise<LogEvent[]> {
    try {
      const events = await locate(organizationId, written);
      const { epoch } = await loadState(organizationId);
      const channel = CHANNELS.log(organizationId, epoch);
      for (const event of events) bus.publish(channel, JSON.stringify(event));
      return events;
    } catch (error) {
      log.warn({ err: error, organizationId }, 'a change was not broadcast; followers read it from the log');
      return [];
    }
  }

  async function cursorAfter(
    { organizationId, kind, id }: Author,
    events: readonly LogEvent[],
  ): Promise<string> {
    const last = events.at(-1);
    if (last) return writeCursor(await loadState(organizationId), last.position);
    return readStreamCursor({ organizationId, contactId: kind === 'contact' ? id : null });
  }

  return {
    /**
     * Makes a change and writes its events in one transaction, then broadcasts them. `change` runs again after a deadlock, a
     * serialization failure or a lock timeout, so it must have no effects outside of the transaction. With `request`, it runs once per
     * idempotency key: a repeated request gets the stored result, which is the id of an object.
     */
    async record<T extends string | undefined>(
      author: Author,
      change: (tx: Tx) => Promise<{ result: T; events: NewEvent[] }>,
      request?: IdempotentRequest,
    ): Promise<ChangeReceipt<T>> {
      const { organizationId } = author;
      const outcome = await transact(organizationId, async (tx): Promise<WrittenChange<T> | StoredResult> => {
        const stored = request && (await claimKey(tx, author, request));
        if (stored) return stored;
        const { result, events } = await change(tx);
        const written = events.length > 0 ? await appendEvents(tx, author, events) : [];
        if (request && result !== undefined) {
          await storeResult(tx, author, request, { id: result, eventId: written.at(-1)?.id ?? null });
        }
        return { result, events: written };
      });
      if ('events' in outcome) {
        const { result, events } = outcome;
        onCommit?.(events);
        const located = events.length > 0 ? await broadcast(organizationId, events) : [];
        return { result, isReplayed: false, cursor: await cursorAfter(author, located) };
      }
      const { id, eventId } = outcome;
      const events = eventId === null ? [] : await readEventsById(db, organizationId, [eventId]);
      return { result: id as T, isReplayed: true, cursor: await cursorAfter(author, events) };
    },
    /**
     * Cursor of the newest event that is visible in the scope. Whatever is read after this call is at least as new. For a contact it
     * moves with their own events, and otherwise once an hour, so that it does not count those of others.
     */
    readStreamCursor,
    /** Position of a contact's newest public event in a part of the log. */
    readNewestPublic: (scope: ContactScope, range: { after: number; upTo: number }) =>
      readNewestPublic(db, scope, range),
    /** Follows the organization's log from now on, until `release`. */
    follow: followers.follow,
    /** Replays the events that a subscriber missed, up to the position of the follower. */
    catchUp: (follower: LogFollower, options: CatchUpOptions) =>
      replays.run(options.scope.organizationId, catchUp(catchUpDependencies, follower, options)),
    count: followers.count,
    readProgress: (): FeedProgress => ({ ...followers.readLag(), catchingUp: replays.byOrganization() }),
    /** Changes that wait for their organization's share of the connections. */
    countWaitingChanges: transact.countWaiting,
    stop: () => followers.stop(),
  };
}
