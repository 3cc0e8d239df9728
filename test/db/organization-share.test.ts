import { expect, test } from 'vitest';
import { createOrganizationShares } from '../../src/db/organization-share.ts';
import { BusyError } from '../../src/errors.ts';
import { times } from '../support/times.ts';

/** A task that runs until `end` is called. */
function createTask() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const task = { isRunning: false, end };
  const run = async () => {
    task.isRunning = true;
    await ended;
  };
  return Object.assign(task, { run });
}

const running = (tasks: { isRunning: boolean }[]) => tasks.filter(({ isRunning }) => isRunning).length;
const soon = () => new Promise((resolve) => setImmediate(resolve));

test('a flood in one organization takes its share, and leaves the rest to the others', async () => {
  const runInShare = createOrganizationShares({ max: 3 });
  const [flood, other] = [times(20, createTask), createTask()];
  const all = [...flood.map(({ run }) => runInShare('ORG-1', run)), runInShare('ORG-2', other.run)];
  await soon();
  expect([running(flood), running([other])]).toEqual([3, 1]);
  for (const { end } of [...flood, other]) end();
  await Promise.all(all);
  expect(running(flood)).toBe(20);
});

test('more tasks than may wait are refused at once, and those that wait go on', async () => {
  const runInShare = createOrganizationShares({ max: 1, maxWaiting: 2 });
  const [first, second, third, fourth] = times(4, createTask);
  const accepted = [first, second, third].map((task) => runInShare('ORG-1', task?.run ?? (soon as never)));
  await expect(runInShare('ORG-1', fourth?.run ?? (soon as never))).rejects.toThrow(BusyError);
  for (const task of [first, second, third]) task?.end();
  await Promise.all(accepted);
  expect(running([first, second, third, fourth] as { isRunning: boolean }[])).toBe(3);
});

test('a task that has waited too long is refused, and does not run', async () => {
  let now = 0;
  const runInShare = createOrganizationShares({ max: 1, maxWaitMs: 5_000, now: () => now });
  const [slow, late] = times(2, createTask);
  const running = runInShare('ORG-1', slow?.run as never);
  const waiting = runInShare('ORG-1', late?.run as never);
  await soon();
  now = 5_001;
  slow?.end();
  await expect(waiting).rejects.toThrow(BusyError);
  await running;
  expect(late?.isRunning).toBe(false);
});
