import { findUnknownCodes } from '../support/answer-check.ts';
import { createDatabase, SECRET, startNode } from '../support/gateway.ts';
import { secretsIn } from '../support/probe.ts';
import { createFuzzScene, type FuzzScene } from './fuzz-scene.ts';
import { type ObservedProcess, startIdleProcess, startObservedGateway } from './observed-process.ts';
import type { Request } from './requests.ts';
import { type Exchange, send } from './send.ts';

/** How long the event loop may stand still, beyond the noise of the machine. */
const MAX_STALL_MS = 100;
// A stall is one only if the same requests cause it each time.
const STALL_REPETITIONS = 3;
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

  async function start() {
    ({ gateway, url } = await startObservedGateway({
      ...{ NODE_ENV: 'production', DATABASE_URL: database.url ?? '', REDIS_URL: '', AUTH_SECRET: SECRET },
      ...{ PORT: '0', LOG_LEVEL: 'warn', INTROSPECTION: 'true', GRAPHIQL: 'true', SUGGESTIONS: 'true' },
      // Few requests would get further than the limits.
      RATE_LIMITS: 'off',
    }));
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

  async function findStall(requests: readonly Request[]): Promise<string[]> {
    let stallMs = await observeStall();
    for (let time = 1; time < STALL_REPETITIONS && stallMs > MAX_STALL_MS; time++) {
      await exchange(requests);
      stallMs = Math.min(stallMs, await observeStall());
    }
    return stallMs > MAX_STALL_MS ? [`the event loop stood still for ${Math.round(stallMs)} ms`] : [];
  }

  await start();
  scene = await createFuzzScene(helper);

  return {
    /** Sends the requests at once. Returns what went wrong. */
    async run(requests: readonly Request[]): Promise<string[]> {
      runs += 1;
      if (runs % RUNS_PER_SCENE === 0) scene = await createFuzzScene(helper);
      await observeStall();
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
    /** Memory of the gateway after garbage collection, in bytes. */
    memory: async () => (await gateway.observe({ memory: true })).memoryBytes ?? 0,
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
