import { LRUCache } from 'lru-cache';
import type { Db } from '../db/client.ts';

/** Where in the log an event came to stand. */
export interface LogPosition {
  position: number;
  occurredAt: Date;
}

// Of commits that failed after all nobody asks; a change of more events than this is read.
const CACHE_MAX = 10_000;
const NOTICE_PATTERN = /^feed (\S+) (\d+) (-?\d+)$/;

export type CommitPositions = ReturnType<typeof createCommitPositions>;

/** What the trigger of the feed tells at each commit (`giveEventItsPosition`), for whoever made it: that saves reading it. */
export function createCommitPositions(db: Db) {
  const reported = new LRUCache<string, LogPosition>({ max: CACHE_MAX });
  db.onNotice((message) => {
    const [, id, position, happened] = NOTICE_PATTERN.exec(message) ?? [];
    if (id) reported.set(id, { position: Number(position), occurredAt: new Date(Number(happened)) });
  });

  return {
    /** Of an event that was committed; undefined where it was not told. Each is given once. */
    take(id: string): LogPosition | undefined {
      const place = reported.get(id);
      reported.delete(id);
      return place;
    },
  };
}
