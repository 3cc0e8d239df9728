import { LRUCache } from 'lru-cache';
import type { Outcome } from './executor.ts';

const MAX_BYTES = 64 * 1_048_576;
// What they were made of may be gone for good by then: a text that was deleted, a conversation that was taken away.
const KEPT_MS = 60_000;
// A result is kept beside its text, and takes some times as much.
const BYTES_PER_BODY_BYTE = 8;
const LEAST_BYTES = 500;

type Made = Promise<Outcome | null>;

export type KeptOutcomes = ReturnType<typeof createKeptOutcomes>;

/**
 * What events have come to, kept for those who come by late. When a node dies, thousands go to the others, each with another
 * cursor; and most have missed the same. Of all groups of a server together: what nobody has asked for longest is given up first.
 */
export function createKeptOutcomes() {
  const outcomes = new LRUCache<string, Made>({ maxSize: MAX_BYTES, ttl: KEPT_MS });

  return {
    /** The outcome for those of this key, which stands for what they ask, with which eyes, in which epoch. */
    of(key: string, position: number, make: () => Made): Made {
      const one = `${key} ${position}`;
      const known = outcomes.get(one);
      if (known) return known;
      const made = make();
      outcomes.set(one, made, { size: LEAST_BYTES });
      void made.then((outcome) => {
        // The cache would not look at the size again of what it has.
        if (outcomes.peek(one) !== made || !outcomes.delete(one)) return;
        // What failed, or is gone, may be there for the next who asks.
        if (!outcome || 'payload' in outcome) outcomes.set(one, made, { size: sizeOf(outcome) });
      });
      return made;
    },
  };
}

function sizeOf(outcome: Outcome | null): number {
  const body = outcome && 'payload' in outcome ? outcome.payload.body.length : 0;
  return LEAST_BYTES + body * BYTES_PER_BODY_BYTE;
}
