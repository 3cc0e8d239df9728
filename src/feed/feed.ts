import type { Db, Tx } from '../db/client.ts';
import { createTransact } from '../db/transaction.ts';
import type { Log } from '../log.ts';
import type { Bus } from './bus.ts';
import { writeCursor } from './cursor.ts';
import type { Author, LogEvent, NewEvent } from './event.ts';
import { channelOf, createFollowers } from './follow.ts';
import { appendEvents, type FeedState, readEventsById, readFeedState } from './log.ts';
import { openStream, type StreamOptions } from './stream.ts';

export type Feed = ReturnType<typeof createFeed>;

/** What a change comes to: its result, and where in the stream it stands. */
export interface Recorded<T> {
  result: T;
  /** Cursor of the change; of the present, where nothing was changed. */
  cursor: string;
}

/** The one door for changes, and the way to hear of them. */
export function createFeed({ db, bus, log }: { db: Db; bus: Bus; log: Log }) {
  const transact = createTransact(db);
  const followers = createFollowers({ db, bus, log });
  // Epoch and key of an organization; they change only when the database is set back.
  const states = new Map<string, FeedState>();

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

  return {
    /**
     * Makes a change and writes its events, in one transaction: both or neither. `change` may be run again when
     * another transaction was in the way, so it must touch nothing but the database.
     */
    async record<T>(
      author: Author,
      change: (tx: Tx) => Promise<{ result: T; events: NewEvent[] }>,
    ): Promise<Recorded<T>> {
      const { organizationId } = author;
      const { result, ids } = await transact(organizationId, async (tx) => {
        const { result, events } = await change(tx);
        return { result, ids: events.length > 0 ? await appendEvents(tx, author, events) : [] };
      });
      const announced = ids.length > 0 ? await announce(organizationId, ids) : [];
      const last = announced.at(-1);
      const cursor = last
        ? writeCursor(await stateOf(organizationId), last.position)
        : await headCursor(organizationId);
      return { result, cursor };
    },
    /** Where the stream stands now: what a later read shows is no older than this. */
    headCursor,
    open: (options: StreamOptions) => openStream({ db, followers }, options),
    counts: followers.counts,
    stop: () => followers.stop(),
  };
}
