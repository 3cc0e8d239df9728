import type { Db, Tx } from '../db/client.ts';
import { createTransact } from '../db/transaction.ts';
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';
import { type CatchUp, catchUp } from './catch-up.ts';
import { writeCursor } from './cursor.ts';
import type { Author, LogEvent, NewEvent } from './event.ts';
import { channelOf, createFollowers, type Follower } from './follow.ts';
import { keepOutcome, type Once, type Outcome, takeKey } from './idempotency.ts';
import { appendEvents, type FeedState, readEventsById, readFeedState } from './log.ts';

export type Feed = ReturnType<typeof createFeed>;

/** What a change comes to: its result, and where in the stream it stands. */
export interface Recorded<T> {
  result: T;
  /** Cursor of the change; of the present, where nothing was changed. */
  cursor: string;
  /** The change had been made before, and was not made again. */
  isReplayed: boolean;
}

/** What a transaction came to, before it is known where in the stream it stands. */
interface Made<T> {
  result: T;
  eventIds: string[];
  isReplayed: boolean;
}

/** The one door for changes, and the way to hear of them. */
export function createFeed({ db, bus, log }: { db: Db; bus: Bus; log: Log }) {
  const transact = createTransact(db);
  // Epoch and key of an organization; they change only when the database is set back.
  const states = new Map<string, FeedState>();
  const followers = createFollowers({ db, bus, log, onSetBack: (id) => states.delete(id) });

  async function stateOf(organizationId: string): Promise<FeedState> {
    const known = states.get(organizationId);
    if (known) return known;
    const state = await readFeedState(db, organizationId);
    states.set(organizationId, state);
    return state;
  }

  async function headCursor(organizationId: string): Promise<string> {
    const state = await readFeedState(db, organizationId);
    states.set(organizationId, state);
    return writeCursor(state, state.head);
  }

  /** Tells the other nodes. Never fails: the log has it already, and whoever follows reads it there. */
  async function announce(organizationId: string, ids: string[]): Promise<LogEvent[]> {
    try {
      const events = await readEventsById(db, organizationId, ids);
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

  async function cursorOf(organizationId: string, { eventIds, isReplayed }: Made<unknown>): Promise<string> {
    if (eventIds.length === 0) return headCursor(organizationId);
    const events = isReplayed
      ? await readEventsById(db, organizationId, eventIds)
      : await announce(organizationId, eventIds);
    const last = events.at(-1);
    return last
      ? writeCursor(await stateOf(organizationId), last.position)
      : await headCursor(organizationId);
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
      once?: Once,
    ): Promise<Recorded<T>> {
      const { organizationId } = author;
      const made = await transact(organizationId, async (tx): Promise<Made<T>> => {
        const earlier = once && (await takeKey(tx, author, once));
        if (earlier) return replayed(earlier) as Made<T>;
        const { result, events } = await change(tx);
        const eventIds = events.length > 0 ? await appendEvents(tx, author, events) : [];
        if (once && result !== undefined) {
          await keepOutcome(tx, author, once, { id: result, eventId: eventIds.at(-1) ?? null });
        }
        return { result, eventIds, isReplayed: false };
      });
      const { result, isReplayed } = made;
      return { result, isReplayed, cursor: await cursorOf(organizationId, made) };
    },
    /** Where the stream stands now: what a later read shows is no older than this. */
    headCursor,
    /** Hears everything of an organization from now on, until `release`. */
    follow: followers.follow,
    /** What a subscriber missed, up to where the follower is. */
    catchUp: (follower: Follower, missed: CatchUp) =>
      catchUp(db, follower, { ...missed, onForeign: followers.checkHeads }),
    counts: followers.counts,
    stop: () => followers.stop(),
  };
}

function replayed({ id, eventId }: Outcome): Made<string> {
  return { result: id, eventIds: eventId === null ? [] : [eventId], isReplayed: true };
}
