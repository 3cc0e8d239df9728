import { LRUCache } from 'lru-cache';
import type { Executor, FrameResult } from './executor.ts';

// Each is asked for by all who have caught up at the same event.
const KEPT = 1_000;

export type LiveWords = ReturnType<typeof createLiveWords>;

/**
 * The word that somebody has caught up, with a cursor. It is the same for all who show the same of it, whatever they watch, so that it
 * is executed once for them: ten thousand contacts who are quiet for a minute ask for it once a document.
 */
export function createLiveWords() {
  const known = new LRUCache<string, Promise<FrameResult | null>>({ max: KEPT });

  return {
    /** Null when it depends on who asks. */
    caughtUp(execution: Executor, shownKey: string, cursor: string): Promise<FrameResult | null> {
      // A cursor is of one organization.
      const key = `${cursor} ${shownKey}`;
      const word = known.get(key) ?? execution.forAnybody({ kind: 'caughtUp', cursor });
      known.set(key, word);
      return word;
    },
  };
}
