import { expect, test } from 'vitest';
import { createStallMeter } from './stall-meter.ts';

const INTERVAL_MS = 5;

function createClock() {
  let [now, waited] = [1_000, 300];
  return {
    nowMs: () => now,
    waitedMs: () => waited,
    /** Passes time, in some of which the thread waited for a processor. */
    pass(ms: number, waitedMs = 0) {
      now += ms;
      waited += waitedMs;
    },
  };
}

function createMeter() {
  const clock = createClock();
  const meter = createStallMeter(INTERVAL_MS, clock);
  return {
    ...meter,
    tickAfter(ms: number, waitedMs?: number) {
      clock.pass(ms, waitedMs);
      meter.tick();
    },
    pass: clock.pass,
  };
}

test('the longest stall is taken once', () => {
  const meter = createMeter();
  for (const ms of [5, 405, 6, 105]) meter.tickAfter(ms);
  expect(meter.take()).toBe(400);
  expect(meter.take()).toBe(0);
  meter.tickAfter(55);
  expect(meter.take()).toBe(50);
});

test('time in which other processes had the processor is no stall', () => {
  const meter = createMeter();
  meter.tickAfter(805, 800);
  expect(meter.take()).toBe(0);
  meter.tickAfter(805, 500);
  expect(meter.take()).toBe(300);
});

test('time before a restart is no stall', () => {
  const meter = createMeter();
  meter.pass(500);
  meter.restart();
  meter.tickAfter(5);
  expect(meter.take()).toBe(0);
});
