import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmptyDatabase, dropDatabase } from './database.ts';
import { startProcess } from './process.ts';

const SECRET = 'a secret of at least 32 characters, for benches';
const RUNS = 3;

/** Measures the time from process start to the first answer: on an empty folder or database, and again on the existing one. */
export async function benchStart() {
  // The baseline is a bare Node.js server.
  const baseline = await firstAnswer(
    [
      '-e',
      `require('node:http').createServer((_, r) => r.end('{}')).listen(0, function () { console.log('ready at http://127.0.0.1:' + this.address().port) })`,
    ],
    {},
  );
  console.log(
    `\nTime to the first answer\n  bare node:http                       ${baseline.toFixed(0).padStart(6)} ms`,
  );
  for (let run = 0; run < RUNS; run++) {
    const folder = await mkdtemp(join(tmpdir(), 'parley-bench-'));
    const embedded = { DATABASE_URL: '', REDIS_URL: '', AUTH_SECRET: '', PORT: '0', DATA_DIR: folder };
    report('embedded, first start with demo', await firstAnswer(['dist/main.js'], embedded), baseline);
    report('embedded, started again', await firstAnswer(['dist/main.js'], embedded), baseline);
    await rm(folder, { recursive: true });

    const url = await createEmptyDatabase('parley_bench_start');
    const server = { DATABASE_URL: url, REDIS_URL: '', AUTH_SECRET: SECRET, PORT: '0' };
    report('PostgreSQL, empty database', await firstAnswer(['dist/main.js'], server), baseline);
    report('PostgreSQL, started again', await firstAnswer(['dist/main.js'], server), baseline);
    await dropDatabase('parley_bench_start');
  }
}

async function firstAnswer(args: string[], env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const running = await startProcess(args, { LOG_LEVEL: 'error', ...env });
  const response = await fetch(`${running.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  });
  await response.text();
  const ms = performance.now() - began;
  await running.stop();
  return ms;
}

function report(what: string, ms: number, baseline: number) {
  console.log(
    `  ${what.padEnd(36)} ${ms.toFixed(0).padStart(6)} ms   ${(ms / baseline).toFixed(1)} times bare node:http`,
  );
}
