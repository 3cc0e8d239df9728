import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Fuzzer, startFuzzer } from './fuzzer.ts';
import { anyRequest, type Request } from './requests.ts';

// Short form for CI, with the same requests each time. `npm run fuzz` sets a longer time and takes a new seed.
const { FUZZ_SECONDS, FUZZ_SEED, FUZZ_PATH } = process.env;
const SECONDS = Number(FUZZ_SECONDS ?? 120);
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

const isNew = (problem: string) => !known.has(kindOf(problem));

function report(problem: string, requests: readonly Request[], variables: string) {
  for (const line of problem.split('\n')) known.add(kindOf(line));
  const failure = `${problem}\n  ${JSON.stringify(requests)}\n  ${variables} npm run fuzz`;
  process.stderr.write(`${failure}\n`);
  failures.push(failure);
}

/** Sends random requests until `end`, or until a problem: it is reduced to the shortest requests that cause it, and then not reported again. */
async function fuzzOnce(seed: number, end: number) {
  let last: { requests: Request[]; problems: Promise<string[]> } | undefined;
  const property = fc.asyncProperty(
    fc.array(anyRequest, { minLength: 1, maxLength: 6 }),
    async (requests) => {
      const problems = fuzzer.run(requests);
      last = { requests, problems };
      const news = (await problems).filter(isNew);
      if (news.length > 0) throw new Error(news.join('\n'));
    },
  );
  const result = await fc.check(property, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: Math.max(1, end - Date.now()),
    ...(FUZZ_PATH ? { path: FUZZ_PATH } : {}),
  });
  if (result.failed && result.counterexample) {
    const [requests] = result.counterexample as [Request[]];
    const { errorInstance: error } = result;
    const problem = error instanceof Error ? error.message : String(error);
    report(problem, requests, `FUZZ_SEED=${seed} FUZZ_PATH=${result.counterexamplePath}`);
  }
  // The end of the time interrupts fast-check, not the run.
  const problem = ((await last?.problems) ?? []).filter(isNew).join('\n');
  if (last && problem !== '') report(problem, last.requests, `FUZZ_SEED=${seed}`);
}

async function fuzz(firstSeed: number, seconds: number) {
  const end = Date.now() + seconds * 1_000;
  for (let seed = firstSeed; Date.now() < end; seed++) await fuzzOnce(seed, end);
}

/** Websockets and subscriptions that stay open when all clients have left; 0 if they end in time. */
async function settleOpen(): Promise<number> {
  const end = Date.now() + SETTLE_TIMEOUT_MS;
  let open: number;
  do open = await fuzzer.countOpen();
  while (open > 0 && Date.now() < end);
  return open;
}

/** Fuzzes for a time, and adds to the failures if memory does not come back, or something stays open. */
async function fuzzWithMemory() {
  await fuzz(SEED + 1_000_000, SECONDS * WARM_UP);
  const before = await fuzzer.readMemory();
  await fuzz(SEED, SECONDS * (1 - WARM_UP));
  const open = await settleOpen();
  if (open > 0) failures.push(`${open} websockets and subscriptions stay open without a client`);
  const growth = await settleMemory(before);
  const summary = `${fuzzer.runs()} runs, memory ${toMegabytes(growth)} more than before`;
  process.stderr.write(`${summary}, event loop once behind by [${fuzzer.passingStalls()}] ms\n`);
  if (growth > MAX_GROWTH_BYTES) failures.push(`memory grew by ${toMegabytes(growth)}`);
}

const toMegabytes = (bytes: number) => `${Math.round(bytes / 1_048_576)} MB`;

/** Growth of memory since `before`, after caches had time to forget what they keep for a minute. */
async function settleMemory(before: number): Promise<number> {
  const end = Date.now() + SETTLE_TIMEOUT_MS;
  let growth: number;
  do growth = (await fuzzer.readMemory()) - before;
  while (growth > MAX_GROWTH_BYTES && Date.now() < end);
  return growth;
}

test(
  `no request of any viewer breaks the gateway, halts it, or tells what is not theirs (FUZZ_SEED=${SEED})`,
  async () => {
    // A path is one of a single seed: its requests are sent again, and nothing else.
    if (FUZZ_PATH) await fuzzOnce(SEED, Date.now() + SECONDS * 1_000);
    else await fuzzWithMemory();
    expect(failures.join('\n')).toBe('');
  },
  SECONDS * 1_000 + 300_000,
);
