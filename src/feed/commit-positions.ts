import { LRUCache } from 'lru-cache';
import type { Db } from '../db/client.ts';

/** Where in the log an event came to stand. */
export interface Place {
  position: number;
  occurredAt: Date;
}

// Of commits that failed after all nobody asks; a change of more events than this is read.
const MAX_KEPT = 10_000;
const TOLD = /^feed (\S+) (\d+) (-?\d+)$/;

export type Places = ReturnType<typeof createPlaces>;

/** What the trigger of the feed tells at each commit (`giveEventItsPosition`), for whoever made it: that saves reading it. */
export function createPlaces(db: Db) {
  const told = new LRUCache<string, Place>({ max: MAX_KEPT });
  db.onNotice((message) => {
    const [, id, position, happened] = TOLD.exec(message) ?? [];
    if (id) told.set(id, { position: Number(position), occurredAt: new Date(Number(happened)) });
  });

  return {
    /** Of an event that was committed; undefined where it was not told. Each is given once. */
    take(id: string): Place | undefined {
      const place = told.get(id);
      told.delete(id);
      return place;
    },
  };
}
