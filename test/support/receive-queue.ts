// Long enough for a busy machine; a test that waits for what never comes then says so, and what it was.
const WAIT_TIMEOUT_MS = 40_000;

export type ReceiveQueue<T> = ReturnType<typeof createReceiveQueue<T>>;

/** Keeps what arrives until a test takes it, one by one. */
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
    /** Nothing comes any more; `error` says why. */
    close(error: unknown = new Error(`no ${what} comes any more`)) {
      end ??= { error };
      for (const taker of takers.splice(0)) taker.fail(error);
    },
    /** The next item; rejects when there will be none. */
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
