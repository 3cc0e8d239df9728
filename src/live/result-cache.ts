import { LRUCache } from 'lru-cache';
import type { FrameResult } from './executor.ts';

const MAX_BYTES = 64 * 1_048_576;
const TTL_MS = 60_000;
// A result is held as objects beside its text, and these take several times as much.
const BYTES_PER_BODY_BYTE = 8;
const ENTRY_OVERHEAD_BYTES = 500;

interface CachedResult {
  version: number;
  result: Promise<FrameResult | null>;
  /** Set when the result is there, and is kept. */
  settled?: FrameResult | null;
}

export interface ResultKey {
  /** The subscriber group: log, visibility scope and operation. */
  group: string;
  position: number;
  /** Version of what the event may show. Results of another version are not served. */
  version: number;
}

export type ResultCache = ReturnType<typeof createResultCache>;

/**
 * Executed frames of events, for subscribers who resume: when a node dies, thousands reconnect to the others, each with another cursor,
 * and most have missed the same events. One LRU cache for all groups of a node.
 */
export function createResultCache() {
  const cache = new LRUCache<string, CachedResult>({ maxSize: MAX_BYTES, ttl: TTL_MS });

  return {
    /** A kept result, or that of an execution in progress; undefined where there is neither in this version. */
    find({ group, position, version }: ResultKey): CachedResult['result'] | FrameResult | null | undefined {
      const cached = cache.get(`${group} ${position}`);
      if (cached?.version !== version) return undefined;
      return cached.settled === undefined ? cached.result : cached.settled;
    },
    /** Concurrent calls with the same key share one execution. Errors and events whose subject is gone are not cached. */
    getOrExecute(
      { group, position, version }: ResultKey,
      execute: () => Promise<FrameResult | null>,
    ): Promise<FrameResult | null> {
      const key = `${group} ${position}`;
      const cached = cache.get(key);
      if (cached?.version === version) return cached.result;
      const entry: CachedResult = { version, result: execute() };
      cache.set(key, entry, { size: ENTRY_OVERHEAD_BYTES });
      entry.result.then(
        (result) => {
          // The size of an entry that is set again is not computed again, so it is deleted first.
          if (cache.peek(key) !== entry || !cache.delete(key)) return;
          if (result && !('frame' in result)) return;
          entry.settled = result;
          cache.set(key, entry, { size: sizeOf(result) });
        },
        // Callers are told the error.
        () => cache.peek(key) === entry && cache.delete(key),
      );
      return entry.result;
    },
  };
}

function sizeOf(result: FrameResult | null): number {
  const body = result && 'frame' in result ? result.frame.body.length : 0;
  return ENTRY_OVERHEAD_BYTES + body * BYTES_PER_BODY_BYTE;
}
