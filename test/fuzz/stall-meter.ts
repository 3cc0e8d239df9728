export interface Clock {
  nowMs(): number;
  /** Time for which the thread was ready to run and had no processor, in all. */
  waitedMs(): number;
}

/** Measures how long an event loop stands still: how late a timer is, without the time in which other processes had the processor. */
export function createStallMeter(intervalMs: number, { nowMs, waitedMs }: Clock) {
  let longestMs = 0;
  let tickedAt = nowMs();
  let waitedAtTick = waitedMs();

  function restart() {
    tickedAt = nowMs();
    waitedAtTick = waitedMs();
  }

  return {
    /** Call this by the timer. */
    tick() {
      const lateMs = nowMs() - tickedAt - intervalMs;
      longestMs = Math.max(longestMs, lateMs - (waitedMs() - waitedAtTick));
      restart();
    },
    /** Longest stall since the last call. */
    take(): number {
      const taken = longestMs;
      longestMs = 0;
      return taken;
    },
    /** Forgets the time since the last tick. */
    restart,
  };
}
