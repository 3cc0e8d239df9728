import { expect, onTestFinished, test } from 'vitest';
import { type ObservedProcess, startIdleProcess, startObservedScript } from './observed-process.ts';

const STALL_MS = 400;

function start(script: string): ObservedProcess {
  const observed = startObservedScript(script);
  onTestFinished(() => observed.stop());
  return observed;
}

/** Starts a process that runs the script once it is asked for the second time: its start is no part of the figures. */
async function startWhenAsked(script: string): Promise<ObservedProcess> {
  const observed = start(
    `process.once('message', () => process.once('message', () => { ${script} })); setInterval(() => {}, 1000)`,
  );
  await observed.observe();
  return observed;
}

const STALLS = {
  // Of processor time: on a busy machine this takes longer.
  computes: `const start = process.cpuUsage(); while (process.cpuUsage(start).user < ${STALL_MS * 1_000});`,
  'waits for the kernel': `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${STALL_MS});`,
};

for (const [what, script] of Object.entries(STALLS)) {
  test(`an event loop that ${what} stands still, also if it is asked meanwhile`, async () => {
    const observed = await startWhenAsked(`setImmediate(() => { ${script} })`);
    const [first, second] = await Promise.all([observed.observe(), observed.observe()]);
    expect(Math.max(first.stallMs, second.stallMs)).toBeGreaterThan(STALL_MS * 0.7);
    expect((await observed.observe()).stallMs).toBeLessThan(STALL_MS / 2);
  });
}

test('memory is told when it is asked for, and each question has its own answer', async () => {
  const observed = start('globalThis.kept = Buffer.alloc(50 * 1_048_576, 1); setInterval(() => {}, 1000)');
  const [without, withMemory] = await Promise.all([observed.observe(), observed.observe({ memory: true })]);
  expect(without.memoryBytes).toBeUndefined();
  expect(withMemory.memoryBytes).toBeGreaterThan(50 * 1_048_576);
});

const ENDS = {
  'process.exit(3)': /ended with 3/,
  "Promise.reject(new TypeError('nobody waits'))": /ended with 1: TypeError: nobody waits/,
  "process.kill(process.pid, 'SIGKILL')": /ended with SIGKILL/,
};

for (const [script, end] of Object.entries(ENDS)) {
  test(`a process that ends is told: ${script}`, async () => {
    const observed = await startWhenAsked(`setImmediate(() => { ${script} })`);
    await observed.observe();
    await expect.poll(() => observed.ended()).toMatch(end);
  });
}

test('a process ends with the one that observes it', async () => {
  const observed = start('setInterval(() => {}, 1000); process.disconnect()');
  await expect.poll(() => observed.ended()).toMatch(/ended with 0/);
});

test('an idle process does not stand still', async () => {
  const idle = startIdleProcess();
  onTestFinished(() => idle.stop());
  await idle.observe();
  expect((await idle.observe()).stallMs).toBeLessThan(STALL_MS / 4);
});
