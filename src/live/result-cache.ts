import { LRUCache } from 'lru-cache';
import type { FrameResult } from './executor.ts';

const MAX_BYTES = 64 * 1_048_576;
// What they were made of may be gone for good by then: a text that was deleted, a conversation that was taken away.
const TTL_MS = 60_000;
// A result is kept beside its text, and takes some times as much.
const BYTES_PER_BODY_BYTE = 8;
const ENTRY_OVERHEAD_BYTES = 500;

type CachedResult = Promise<FrameResult | null>;

export type ResultCache = ReturnType<typeof createResultCache>;

/**
 * What events have come to, kept for those who come by late. When a node dies, thousands go to the others, each with another
 * cursor; and most have missed the same. Of all groups of a server together: what nobody has asked for longest is given up first.
 */
export function createResultCache() {
  const outcomes = new LRUCache<string, CachedResult>({ maxSize: MAX_BYTES, ttl: TTL_MS });

  return {
    /** The outcome for those of this key, which stands for what they ask, with which eyes, in which epoch. */
    getOrExecute(key: string, position: number, make: () => CachedResult): CachedResult {
      const one = `${key} ${position}`;
      const known = outcomes.get(one);
      if (known) return known;
      const made = make();
      outcomes.set(one, made, { size: ENTRY_OVERHEAD_BYTES });
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

function sizeOf(outcome: FrameResult | null): number {
  const body = outcome && 'payload' in outcome ? outcome.payload.body.length : 0;
  return ENTRY_OVERHEAD_BYTES + body * BYTES_PER_BODY_BYTE;
}
