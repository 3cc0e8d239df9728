// Preloaded into a process that the fuzzer observes (`node --expose-gc --import`). Answers each message of its parent with figures.
import { openSync, readSync } from 'node:fs';
import { createStallMeter } from './stall-meter.ts';

/** Figures of an observed process. */
export interface Observation {
  /** Longest time since the last observation in which the event loop stood still, without the time in which it waited for a processor, in ms. */
  stallMs: number;
  /** Memory after garbage collection, in bytes. Undefined unless it was asked for. */
  memoryBytes: number | undefined;
}

export interface Question {
  id: number;
  /** Whether to collect garbage and to tell the memory. */
  memory: boolean;
}

export type Answer = Observation & Pick<Question, 'id'>;

const TICK_MS = 5;
// The iteration of the event loop in which a question arrives is measured, too.
const TICKS_TO_ANSWER = 2;
const NS_PER_MS = 1e6;

const schedule = openSchedule();
const meter = createStallMeter(TICK_MS, { nowMs: () => performance.now(), waitedMs: readWaitedMs });
const questions: (Question & { ticks: number })[] = [];

const timer = setInterval(() => {
  meter.tick();
  for (const question of questions) question.ticks -= 1;
  while (questions[0]?.ticks === 0) answer(questions.shift() as Question);
}, TICK_MS);
timer.unref();

process.on('message', ({ id, memory }: Question) => {
  questions.push({ id, memory, ticks: TICKS_TO_ANSWER });
});
// Without its parent nobody would end it.
process.on('disconnect', () => process.exit());
// The channel must not keep a process alive that has nothing else to do.
process.channel?.unref();

function answer({ id, memory }: Question) {
  const stallMs = meter.take();
  const answered: Answer = { id, stallMs, memoryBytes: memory ? collectGarbage() : undefined };
  // Collecting garbage is no fault of the gateway.
  meter.restart();
  process.send?.(answered);
}

/** Opens the kernel's figures of the main thread; undefined where there are none: then the noise is that of the idle process alone. */
function openSchedule(): number | undefined {
  try {
    return openSync('/proc/self/schedstat', 'r');
  } catch {
    return undefined;
  }
}

function readWaitedMs(): number {
  if (schedule === undefined) return 0;
  const buffer = Buffer.alloc(100);
  const length = readSync(schedule, buffer, 0, buffer.length, 0);
  return Number(buffer.toString('latin1', 0, length).split(' ')[1]) / NS_PER_MS;
}

function collectGarbage(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
