// Preloaded into a process that the fuzzer observes (`node --expose-gc --import`). Answers each message of its parent with figures.

/** Figures of an observed process. */
export interface Observation {
  /** Longest time since the last observation in which the event loop stood still while the process computed, in ms. */
  stallMs: number;
  /** Memory after garbage collection, in bytes. Undefined unless it was asked for. */
  memoryBytes: number | undefined;
}

const TICK_MS = 5;

let stallMs = 0;
let tickedAt = performance.now();
let usage = process.cpuUsage();

// A busy machine also delays ticks. But then the process has computed for less time than it was late.
const timer = setInterval(() => {
  const now = performance.now();
  const { user, system } = process.cpuUsage(usage);
  stallMs = Math.max(stallMs, Math.min(now - tickedAt - TICK_MS, (user + system) / 1_000));
  tickedAt = now;
  usage = process.cpuUsage();
}, TICK_MS);
timer.unref();

process.on('message', (request: { memory: boolean }) => {
  const observed: Observation = { stallMs, memoryBytes: request.memory ? collectGarbage() : undefined };
  process.send?.(observed);
  // Collecting garbage is no fault of the gateway.
  stallMs = 0;
  tickedAt = performance.now();
  usage = process.cpuUsage();
});
// The channel must not keep a process alive that has nothing else to do.
process.channel?.unref();

function collectGarbage(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
