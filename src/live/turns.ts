// Longest delay that the steps cause to everything else.
const SLICE_MS = 5;

/** Resolves when the next step may run; undefined: at once. */
export type Turn = () => Promise<void> | undefined;

/**
 * Shares the event loop between work in many small steps, such as a thousand subscribers that connect at once, and everything else. Each step
 * awaits its turn. The first one runs at once; those that come before the loop has gone round wait in line, and run for 5 ms at a time.
 */
export function createTurns(): Turn {
  const waiting: (() => void)[] = [];
  let isScheduled = false;

  async function runSlice() {
    const end = performance.now() + SLICE_MS;
    for (let next = waiting.shift(); next; next = performance.now() < end ? waiting.shift() : undefined) {
      next();
      await afterMicrotasks();
    }
    if (waiting.length > 0) schedule();
    else isScheduled = false;
  }

  function schedule() {
    isScheduled = true;
    setImmediate(() => void runSlice());
  }

  return function turn() {
    if (isScheduled) return new Promise((resolve) => waiting.push(resolve));
    schedule();
    return undefined;
  };
}

/** Resolves when the step has run as far as it can: after all promise callbacks. */
function afterMicrotasks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
