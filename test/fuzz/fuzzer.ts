import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { findUnknownCodes } from '../support/answer-check.ts';
import { createDatabase, SECRET, startNode } from '../support/gateway.ts';
import { secretsIn } from '../support/probe.ts';
import { createFuzzScene, type FuzzScene } from './fuzz-scene.ts';
import { type ObservedProcess, startIdleProcess, startObservedGateway } from './observed-process.ts';
import { type Request, withComment } from './requests.ts';
import { type Exchange, send } from './send.ts';

/** How long the event loop may stand still, beyond the noise of the machine. */
const MAX_STALL_MS = 100;
// A stall is one if the same requests cause it again. It may depend on the order in which they arrive.
const STALL_REPETITIONS = 4;
// Memory is read until it falls no more for this many readings, by more than the noise.
const STILL_READINGS = 5;
const READING_INTERVAL_MS = 500;
const MEMORY_NOISE_BYTES = 1_048_576;
const METRICS_TOKEN = 'a token of the metrics, for the fuzzer only';
// Changes add up: deleted conversations, removed users. A new scene makes the requests meet something again.
const RUNS_PER_SCENE = 250;

export type Fuzzer = Awaited<ReturnType<typeof startFuzzer>>;

/** Starts a gateway of its own process, and a database with scenes to fuzz. */
export async function startFuzzer() {
  const database = await createDatabase();
  const helper = await startNode(database, { REDIS_URL: '' });
  const idle = startIdleProcess();
  let gateway: ObservedProcess;
  let url: string;
  let scene: FuzzScene;
  let runs = 0;
  const passingStalls: number[] = [];

  async function start() {
    ({ gateway, url } = await startObservedGateway({
      ...{ NODE_ENV: 'production', DATABASE_URL: database.url ?? '', REDIS_URL: '', AUTH_SECRET: SECRET },
      ...{ PORT: '0', LOG_LEVEL: 'warn', INTROSPECTION: 'true', GRAPHIQL: 'true', SUGGESTIONS: 'true' },
      // Few requests would get further than the limits.
      ...{ RATE_LIMITS: 'off', METRICS_TOKEN },
    }));
    // Loading its modules is no stall.
    await observeStall();
  }

  async function exchange(requests: readonly Request[]): Promise<Exchange[]> {
    const { ids } = scene;
    return Promise.all(
      requests.map((request) => send(request, { url, ids, authorization: scene.authorization(request.as) })),
    );
  }

  /** Time that the gateway stood still, beyond that of an idle process. */
  async function observeStall(): Promise<number> {
    const [busy, noise] = await Promise.all([gateway.observe(), idle.observe()]);
    return busy.stallMs - noise.stallMs;
  }

  /** Repeats requests after which the event loop stood still, as if for the first time: in a new scene, with documents that no cache has. */
  async function findStall(requests: readonly Request[]): Promise<string[]> {
    const firstMs = await observeStall();
    if (firstMs <= MAX_STALL_MS) return [];
    for (let time = 0; time < STALL_REPETITIONS; time++) {
      scene = await createFuzzScene(helper);
      await observeStall();
      await exchange(requests.map((request) => withComment(request, randomUUID())));
      const stallMs = Math.min(firstMs, await observeStall());
      if (stallMs > MAX_STALL_MS) return [`the event loop stood still for ${Math.round(stallMs)} ms`];
    }
    passingStalls.push(Math.round(firstMs));
    return [];
  }

  /** Memory of the gateway once it falls no more: answers to clients that left are still being made for a while. */
  async function readMemory(): Promise<number> {
    let least = Number.POSITIVE_INFINITY;
    for (let still = 0; still < STILL_READINGS; still++) {
      const { memoryBytes = 0 } = await gateway.observe({ memory: true });
      if (memoryBytes < least - MEMORY_NOISE_BYTES) still = 0;
      least = Math.min(least, memoryBytes);
      await setTimeout(READING_INTERVAL_MS);
    }
    return least;
  }

  /** Websockets and subscriptions that the gateway has open. */
  async function countOpen(): Promise<number> {
    const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    const counts = [...(await response.text()).matchAll(/^parley_(?:websockets|streams) (\d+)$/gm)];
    if (counts.length !== 2) throw new Error(`no metrics, but status ${response.status}`);
    return counts.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  await start();
  scene = await createFuzzScene(helper);

  return {
    /** Sends the requests at once. Returns what went wrong. */
    async run(requests: readonly Request[]): Promise<string[]> {
      runs += 1;
      if (runs % RUNS_PER_SCENE === 0) scene = await createFuzzScene(helper);
      const exchanges = await exchange(requests);
      const found = exchanges.flatMap((one, index) =>
        findProblems(one, scene.secrets(requests[index]?.as ?? 'nobody')),
      );
      const stalls = await findStall(requests);
      await readLog();
      const end = gateway.ended();
      if (end !== null) {
        await start();
        return [...found, end];
      }
      return [...found, ...stalls, ...gateway.takeErrors()];
    },
    runs: () => runs,
    /** Times for which the event loop stood still once, and not again when the same requests were repeated, in ms. */
    passingStalls: (): readonly number[] => passingStalls,
    readMemory,
    countOpen,
    async stop() {
      await Promise.all([gateway.stop(), idle.stop()]);
      await helper.stop();
      await database.drop();
    },
  };
}

/** Lets this process read what the gateway has logged: two turns of the event loop suffice. */
async function readLog() {
  for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
}

function findProblems({ sent, received, isSilent }: Exchange, secrets: readonly string[]): string[] {
  const [head = '', ...rest] = received.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
  const body = rest.join('\r\n\r\n');
  // An error may repeat what was asked.
  const told = secretsIn(received, secrets).filter((secret) => !sent.includes(secret));
  const isRefusal = body.includes('"BUSY"') || body.includes('"RATE_LIMITED"');
  return [
    ...(received.includes('INTERNAL_SERVER_ERROR') ? [`INTERNAL_SERVER_ERROR: ${body.slice(0, 500)}`] : []),
    ...(status >= 500 && !isRefusal ? [`status ${status}: ${body.slice(0, 500)}`] : []),
    ...(isSilent ? [`no answer: ${received.slice(0, 500)}`] : []),
    ...told.map((secret) => `the answer contains ${secret}`),
    ...(body.startsWith('{') ? findUnknownCodes(body, status) : []),
  ];
}
