// Work beside which the event loop still serves others: the longest delay that it causes them.
const SLICE_MS = 5;

export type Turn = () => Promise<void> | undefined;

/**
 * Shares the event loop between work in many small steps and everything else. Each step awaits its turn: when all steps together have
 * taken 5 ms, the next ones wait until the loop has served what else is ready.
 */
export function createTurns(): Turn {
  let began = 0;
  let next: Promise<void> | undefined;

  function start() {
    next = undefined;
    began = performance.now();
  }

  return function turn() {
    if (!next && performance.now() - began < SLICE_MS) return;
    next ??= new Promise((resolve) =>
      setImmediate(() => {
        start();
        resolve();
      }),
    );
    return next;
  };
}
