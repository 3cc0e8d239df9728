import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runParley } from '../support/process.ts';
import { openRaw, requestText, statusOf } from '../support/raw.ts';

test('a second SIGTERM ends the wait for half a request, which is refused, and the exit code is 0', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-stop-'));
  const { child, printed, exited } = runParley(['serve'], { DATA_DIR: folder });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  });
  const [, url = ''] = await printed(/ready at (http:\S+)\/graphql/);
  const [half, idle] = [await openRaw({ url }), await openRaw({ url })];
  const headers = { 'Content-Type': 'application/json', 'Content-Length': '40', Expect: '100-continue' };
  half.send(requestText('/graphql', headers, 'POST'));
  await half.received('100 Continue');
  const began = performance.now();
  child.kill('SIGTERM');
  // The first signal has arrived: connections without a request are ended.
  await idle.ended;
  child.kill('SIGTERM');
  expect(statusOf((await half.ended).replace('HTTP/1.1 100 Continue\r\n\r\n', ''))).toBe(503);
  // Calm, it would wait 2 s for the rest.
  expect(performance.now() - began).toBeLessThan(1_900);
  expect(await exited).toBe(0);
});
