/**
 * Shares reads with equal keys: a read begins no earlier than it was asked for, and all who ask while one is running get the next one
 * together.
 */
export function shareReads<Value>(read: (key: string) => Promise<Value>): (key: string) => Promise<Value> {
  const running = new Map<string, Promise<unknown>>();
  const waiting = new Map<string, Promise<Value>>();

  function start(key: string): Promise<Value> {
    waiting.delete(key);
    const value = read(key);
    const ended = value
      .catch(() => undefined)
      .then(() => {
        if (running.get(key) === ended) running.delete(key);
      });
    running.set(key, ended);
    return value;
  }

  return function readShared(key) {
    const before = running.get(key);
    if (!before) return start(key);
    const next = waiting.get(key) ?? before.then(() => start(key));
    waiting.set(key, next);
    return next;
  };
}
