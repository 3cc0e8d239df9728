import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type MaintenanceJob, startMaintenance } from '../../src/domain/core/maintenance.ts';
import { createLog } from '../../src/log.ts';

const INTERVAL_MS = 1_000;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

function start(...runs: MaintenanceJob['run'][]) {
  const jobs = runs.map((run, index) => ({ name: `job ${index}`, intervalMs: INTERVAL_MS, run }));
  return startMaintenance({ jobs, log: createLog('silent') });
}

test('a job runs after each interval, until it is stopped', async () => {
  const run = vi.fn(async () => {});
  const maintenance = start(run);
  await vi.advanceTimersByTimeAsync(INTERVAL_MS - 1);
  expect(run).toHaveBeenCalledTimes(0);
  await vi.advanceTimersByTimeAsync(1 + INTERVAL_MS);
  expect(run).toHaveBeenCalledTimes(2);
  await maintenance.stop();
  await vi.advanceTimersByTimeAsync(10 * INTERVAL_MS);
  expect(run).toHaveBeenCalledTimes(2);
});

test('a job that fails runs again, and does not disturb the others', async () => {
  const failing = vi.fn(() => Promise.reject(new Error('the database is away')));
  const other = vi.fn(async () => {});
  const maintenance = start(failing, other);
  await vi.advanceTimersByTimeAsync(3 * INTERVAL_MS);
  expect(failing).toHaveBeenCalledTimes(3);
  expect(other).toHaveBeenCalledTimes(3);
  await maintenance.stop();
});

test('runs of a job do not overlap, and stop waits for the one that is running', async () => {
  let finish = () => {};
  const run = vi.fn(
    () =>
      new Promise<void>((resolve) => {
        finish = resolve;
      }),
  );
  const maintenance = start(run);
  await vi.advanceTimersByTimeAsync(5 * INTERVAL_MS);
  expect(run).toHaveBeenCalledTimes(1);
  const onStopped = vi.fn();
  const stopped = maintenance.stop().then(onStopped);
  await vi.advanceTimersByTimeAsync(INTERVAL_MS);
  expect(onStopped).not.toHaveBeenCalled();
  finish();
  await stopped;
  await vi.advanceTimersByTimeAsync(5 * INTERVAL_MS);
  expect(run).toHaveBeenCalledTimes(1);
});
