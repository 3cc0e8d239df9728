import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runScript } from '../support/process.ts';

// A supervisor knows the process of npm alone, and sends its signals there.

/** Ids of the processes that this one has started, and of those that they have started. */
function descendantsOf(pid: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const children = rows.flatMap(([id, parent]) => (parent === pid && id !== undefined ? [id] : []));
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each(['start', 'dev'])(
  'SIGTERM to `npm run %s` stops all its processes, with exit code 0',
  async (script) => {
    const DATA_DIR = await mkdtemp(join(tmpdir(), 'parley-script-'));
    const npm = runScript(script, { DATA_DIR });
    const { pid } = npm.child;
    if (pid === undefined) throw new Error('npm was not started');
    const exit = once(npm.child, 'exit');
    await npm.printed(/Parley is ready at/);
    const started = descendantsOf(pid);
    onTestFinished(async () => {
      for (const id of started.filter(isAlive)) process.kill(id, 'SIGKILL');
      await rm(DATA_DIR, { recursive: true, force: true, maxRetries: 5 });
    });
    expect(started.length).toBeGreaterThan(0);

    npm.child.kill('SIGTERM');

    expect({ exit: await exit, orphans: started.filter(isAlive) }).toEqual({ exit: [0, null], orphans: [] });
  },
);
