import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fuzzer, startFuzzer } from './fuzzer.ts';
import { anyRequest, type Request } from './requests.ts';

// Short form for CI, with the same requests each time. `npm run fuzz` sets a longer time and takes a new seed.
const { FUZZ_SECONDS, FUZZ_SEED, FUZZ_PATH } = process.env;
const SECONDS = Number(FUZZ_SECONDS ?? 45);
const FIXED_SEED = 1;
const SEED = FUZZ_SEED ? Number(FUZZ_SEED) : FUZZ_SECONDS ? randomInt(2 ** 31) : FIXED_SEED;
// Part of the time that fills caches, before memory is measured.
const WARM_UP = 0.2;
// Caches keep what they may: parsed documents, results of events, viewers, tokens.
const MAX_GROWTH_BYTES = 64 * 1_048_576;
const SETTLE_TIMEOUT_MS = 60_000;

let fuzzer: Fuzzer;

beforeAll(async () => {
  fuzzer = await startFuzzer();
});

afterAll(() => fuzzer.stop());

/** Kind of a problem: the same for all requests that cause it. */
const kindOf = (problem: string) =>
  (problem.split('\n')[0] ?? '').slice(0, 160).replaceAll(/[0-9A-F]{4,}|\d+|"requestId.*/gi, '#');

const known = new Set<string>();
const failures: string[] = [];

/** Sends random requests for a time. A problem is reduced to the shortest requests that cause it, and is then not reported again. */
async function fuzz(seed: number, seconds: number) {
  const end = Date.now() + seconds * 1_000;
  for (let round = seed; Date.now() < end; round++) {
    const property = fc.asyncProperty(
      fc.array(anyRequest, { minLength: 1, maxLength: 6 }),
      async (requests) => {
        const problems = await fuzzer.run(requests);
        const news = problems.filter((problem) => !known.has(kindOf(problem)));
        if (news.length > 0) throw new Error(news.join('\n'));
      },
    );
    const result = await fc.check(property, {
      seed: round,
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: Math.max(1, end - Date.now()),
      ...(FUZZ_PATH ? { path: FUZZ_PATH } : {}),
    });
    if (!result.failed || !result.counterexample) continue;
    const [requests] = result.counterexample as [Request[]];
    const problem =
      result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
    for (const line of problem.split('\n')) known.add(kindOf(line));
    const failure = `${problem}\n  ${JSON.stringify(requests)}\n  FUZZ_SEED=${round} FUZZ_PATH=${result.counterexamplePath} npm run fuzz`;
    process.stderr.write(`${failure}\n`);
    failures.push(failure);
  }
}

test(
  `no request of any viewer breaks the gateway, halts it, or tells what is not theirs (FUZZ_SEED=${SEED})`,
  async () => {
    await fuzz(SEED + 1_000_000, SECONDS * WARM_UP);
    const before = await fuzzer.memory();
    await fuzz(SEED, SECONDS * (1 - WARM_UP));
    expect(failures.join('\n')).toBe('');
    await expect
      .poll(async () => (await fuzzer.memory()) - before, { timeout: SETTLE_TIMEOUT_MS })
      .toBeLessThan(MAX_GROWTH_BYTES);
    process.stderr.write(
      `${fuzzer.runs()} runs, memory ${Math.round(((await fuzzer.memory()) - before) / 1_048_576)} MB more than before\n`,
    );
  },
  SECONDS * 1_000 + 300_000,
);
