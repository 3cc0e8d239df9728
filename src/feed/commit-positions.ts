import { LRUCache } from 'lru-cache';
import type { Db } from '../db/client.ts';

/** Position and time of an event, both given by the database at the commit. */
export interface LogPosition {
  /** Counts 1, 2, 3 … per organization. */
  position: number;
  occurredAt: Date;
}

// Entries of commits that failed, and of changes whose events are read from the log, are never taken.
const CACHE_MAX = 10_000;
const NOTICE_PATTERN = /^feed (\S+) (\d+) (-?\d+)$/;

/**
 * Positions of events, as the database reports them during COMMIT, which saves a round trip per change. The deferred trigger
 * `giveEventItsPosition` runs `RAISE INFO 'feed <event id> <position> <occurredAt, in ms since 1970>'` once for each event. PostgreSQL sends
 * that as a NoticeResponse message of severity INFO on the connection of the transaction, before it answers COMMIT; INFO is sent whatever
 * `client_min_messages` says. A report of a COMMIT that then fails is never asked for. The embedded database passes on no notices.
 */
export function createCommitPositions(db: Db) {
  const reported = new LRUCache<string, LogPosition>({ max: CACHE_MAX });
  db.onNotice((message) => {
    const [, id, position, occurredAtMs] = NOTICE_PATTERN.exec(message) ?? [];
    if (id) reported.set(id, { position: Number(position), occurredAt: new Date(Number(occurredAtMs)) });
  });

  return {
    /** Removes and returns the position of a committed event; undefined where it was not reported. */
    take(id: string): LogPosition | undefined {
      const position = reported.get(id);
      reported.delete(id);
      return position;
    },
  };
}
