// Upper bound for a busy machine. The error names the missing item.
const WAIT_TIMEOUT_MS = 40_000;

export type ReceiveQueue<T> = ReturnType<typeof createReceiveQueue<T>>;

/** Queues received items until the test takes them one by one. */
export function createReceiveQueue<T>(what: string) {
  const items: T[] = [];
  const takers: { take: (item: T) => void; fail: (error: unknown) => void }[] = [];
  let end: { error: unknown } | undefined;

  return {
    put(item: T) {
      const taker = takers.shift();
      if (taker) taker.take(item);
      else items.push(item);
    },
    /** Ends the queue: pending and later `next` calls reject with `error`. */
    close(error: unknown = new Error(`no ${what} comes any more`)) {
      end ??= { error };
      for (const taker of takers.splice(0)) taker.fail(error);
    },
    /** The next item. Rejects after `close`, and after WAIT_TIMEOUT_MS. */
    next(): Promise<T> {
      const item = items.shift();
      if (item !== undefined) return Promise.resolve(item);
      if (end) return Promise.reject(end.error);
      return new Promise<T>((resolve, reject) => {
        const taker = { take: settle(resolve), fail: settle(reject) };
        const timer = setTimeout(() => {
          takers.splice(takers.indexOf(taker), 1);
          reject(new Error(`no ${what} came`));
        }, WAIT_TIMEOUT_MS);
        takers.push(taker);

        function settle<V>(done: (value: V) => void) {
          return (value: V) => {
            clearTimeout(timer);
            done(value);
          };
        }
      });
    },
  };
}
