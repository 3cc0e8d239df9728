import type { Bus } from '../bus/bus.ts';
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
  type FeedState,
  readEventsById,
  readFeedState,
  type WrittenEvent,
  withPosition,
} from './log.ts';
import { channelOf, createLogFollowers, type LogFollower } from './log-follower.ts';

export type Feed = ReturnType<typeof createFeed>;

/** What a change comes to: its result, and where in the stream it stands. */
export interface ChangeReceipt<T> {
  result: T;
  /** Cursor of the change; of the present, where nothing was changed. */
  cursor: string;
  /** The change had been made before, and was not made again. */
  isReplayed: boolean;
}

/** What a transaction came to, before it is known where in the stream it stands. */
interface WrittenChange<T> {
  result: T;
  events: WrittenEvent[];
}

/** The one door for changes, and the way to hear of them. */
export function createFeed({ db, bus, log }: { db: Db; bus: Bus; log: Log }) {
  const transact = createTransact(db);
  // Epoch and key of an organization; they change only when the database is set back.
  const states = new Map<string, FeedState>();
  const commitPositions = createCommitPositions(db);
  const followers = createLogFollowers({ db, bus, log, onEpochChange: (id) => states.delete(id) });

  async function stateOf(organizationId: string): Promise<FeedState> {
    const known = states.get(organizationId);
    if (known) return known;
    const state = await readFeedState(db, organizationId);
    states.set(organizationId, state);
    return state;
  }

  async function readHeadCursor(organizationId: string): Promise<string> {
    const state = await readFeedState(db, organizationId);
    states.set(organizationId, state);
    return writeCursor(state, state.head);
  }

  /** These events as they now stand in the log. */
  async function readPlaced(organizationId: string, events: readonly WrittenEvent[]): Promise<LogEvent[]> {
    const told = events.flatMap((event) => {
      const place = commitPositions.take(event.id);
      return place ? [withPosition(event, place)] : [];
    });
    if (told.length === events.length) return told;
    return readEventsById(
      db,
      organizationId,
      events.map(({ id }) => id),
    );
  }

  /** Tells the other nodes. Never fails: the log has it already, and whoever follows reads it there. */
  async function announce(organizationId: string, written: readonly WrittenEvent[]): Promise<LogEvent[]> {
    try {
      const events = await readPlaced(organizationId, written);
      const { epoch } = await stateOf(organizationId);
      const channel = channelOf(organizationId, epoch);
      for (const event of events) bus.publish(channel, JSON.stringify(event));
      return events;
    } catch (error) {
      log.warn(
        { err: error, organizationId },
        'a change was not announced; followers will read it from the log',
      );
      return [];
    }
  }

  async function cursorAfter(organizationId: string, events: readonly LogEvent[]): Promise<string> {
    const last = events.at(-1);
    return last
      ? writeCursor(await stateOf(organizationId), last.position)
      : await readHeadCursor(organizationId);
  }

  return {
    /**
     * Makes a change and writes its events, in one transaction: both or neither. `change` may be run again when
     * another transaction was in the way, so it must touch nothing but the database. With `once` it is made once for its
     * key, and asked again gives the same result, the id of an object.
     */
    async record<T extends string | undefined>(
      author: Author,
      change: (tx: Tx) => Promise<{ result: T; events: NewEvent[] }>,
      once?: IdempotentRequest,
    ): Promise<ChangeReceipt<T>> {
      const { organizationId } = author;
      const made = await transact(organizationId, async (tx): Promise<WrittenChange<T> | StoredResult> => {
        const earlier = once && (await claimKey(tx, author, once));
        if (earlier) return earlier;
        const { result, events } = await change(tx);
        const written = events.length > 0 ? await appendEvents(tx, author, events) : [];
        if (once && result !== undefined) {
          await storeResult(tx, author, once, { id: result, eventId: written.at(-1)?.id ?? null });
        }
        return { result, events: written };
      });
      if ('events' in made) {
        const { result, events } = made;
        const announced = events.length > 0 ? await announce(organizationId, events) : [];
        return { result, isReplayed: false, cursor: await cursorAfter(organizationId, announced) };
      }
      const { id, eventId } = made;
      const events = eventId === null ? [] : await readEventsById(db, organizationId, [eventId]);
      return { result: id as T, isReplayed: true, cursor: await cursorAfter(organizationId, events) };
    },
    /** Where the stream stands now: what a later read shows is no older than this. */
    readHeadCursor,
    /** Hears everything of an organization from now on, until `release`. */
    follow: followers.follow,
    /** What a subscriber missed, up to where the follower is. */
    catchUp: (follower: LogFollower, missed: CatchUpOptions) =>
      catchUp(db, follower, { ...missed, onForeign: followers.checkHeads }),
    count: followers.count,
    stop: () => followers.stop(),
  };
}
