import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

// The end of a CI log.

const FILE = resolve('test/some.test.ts');
const passing = { fullName: 'passes', status: 'passed', failureMessages: [] };
const failing = {
  fullName: 'a group fails',
  status: 'failed',
  failureMessages: ['Error: first line\n    at somewhere'],
};
const unloaded = { name: FILE, status: 'failed', message: 'Cannot find module\nx', assertionResults: [] };

function reportOf(...assertionResults: object[]) {
  const numPassedTests = assertionResults.filter((result) => result === passing).length;
  const success = numPassedTests === assertionResults.length;
  return { success, numPassedTests, testResults: [{ name: FILE, status: 'passed', assertionResults }] };
}

async function print(runs: Record<string, [report: object | null, exitCode: number]>) {
  const folder = await mkdtemp(join(tmpdir(), 'parley-results-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const args: string[] = [];
  for (const [name, [report, exitCode]] of Object.entries(runs)) {
    const path = join(folder, `${name}.json`);
    if (report) await writeFile(path, JSON.stringify(report));
    args.push(path, String(exitCode));
  }
  const { stdout, status } = spawnSync(process.execPath, ['scripts/test-results.mjs', ...args]);
  return { lines: String(stdout).trim().split('\n'), status };
}

test('runs without a failure are counted together', async () => {
  expect(await print({ embedded: [reportOf(passing, passing), 0], servers: [reportOf(passing), 0] })).toEqual(
    { lines: ['3 passed, 0 failed'], status: 0 },
  );
});

test('failures of both runs are named with file, title and the first line of the message', async () => {
  const servers = { success: false, numPassedTests: 1, testResults: [unloaded] };
  expect(await print({ embedded: [reportOf(passing, failing), 1], servers: [servers, 1] })).toEqual({
    lines: [
      'Failed:',
      'embedded: test/some.test.ts > a group fails',
      '  Error: first line',
      'servers: test/some.test.ts',
      '  Cannot find module',
      '',
      '2 passed, 2 failed',
    ],
    status: 1,
  });
});

test.each([
  ['left no report', null, 0, 'the run left no report'],
  ['passed nothing', reportOf(), 0, 'the run passed no test'],
  ['failed without a failed test', reportOf(passing), 1, 'the run failed outside of its tests'],
])('a run that %s has failed', async (_what, report, exitCode, line) => {
  const { lines, status } = await print({ servers: [report, exitCode] });
  expect(lines).toContain(`servers: ${line}`);
  expect(lines.at(-1)).toMatch(/^\d passed, 1 failed$/);
  expect(status).toBe(1);
});
