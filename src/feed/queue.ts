/** Ends a queue whose reader was too slow; what was in it is dropped. */
export type Overflow<T> = (firstDropped: T) => T;

export type Queue<T> = ReturnType<typeof createQueue<T>>;

/**
 * Between the feed, which never waits, and one subscriber, who may be slow. It holds at most `max` items; when one more
 * comes they are all replaced by what `overflow` makes of the oldest, and the queue ends.
 */
export function createQueue<T>(max: number, overflow: Overflow<T>) {
  let items: T[] = [];
  let ended = false;
  let wake: (() => void) | undefined;

  function signal() {
    wake?.();
    wake = undefined;
  }

  return {
    push(item: T) {
      if (ended) return;
      items.push(item);
      if (items.length > max) {
        items = [overflow(items[0] as T)];
        ended = true;
      }
      signal();
    },
    end() {
      ended = true;
      signal();
    },
    /** Waits for the next item; undefined at the end. */
    async next(): Promise<T | undefined> {
      while (items.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return items.shift();
    },
  };
}
