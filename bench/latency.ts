import { setTimeout as sleep } from 'node:timers/promises';
import { openBareSocket, subscribe } from './clients.ts';
import { dropDatabase, freshDatabase } from './database.ts';
import { channelOf, startBaseline } from './fanout-baselines.ts';
import { median, quantile } from './figures.ts';
import { fillOrganization } from './organization.ts';
import { connectRedis, sendMessage, startPair, tokenFor } from './parley.ts';

const DATABASE = 'parley_bench_latency';
// Ten organizations, because one may use only a quarter of a node's write connections.
const ORGANIZATIONS = Array.from({ length: 10 }, (_, index) => `ORG-LATENCY${index}`);
const PER_SECOND = 200;
const ROUNDS = 5;
const ROUND_SECONDS = 4;
const ARRIVAL_TIMEOUT_MS = 5_000;

const QUERY = `subscription { messageAdded {
  __typename ... on CaughtUp { cursor } ... on MessageAdded { message { id seq content createdAt } }
} }`;

interface Round {
  perSecond: number;
  delays: number[];
}

type Publish = (event: number, text: string) => Promise<unknown>;

/** Measures the time from a mutation's answer on one node to its event at a client of another, compared with Redis and a bare websocket. */
export async function benchLatency() {
  const fill = ORGANIZATIONS.map((id) => fillOrganization({ id, users: 1, contacts: 1 })).join('');
  const url = await freshDatabase(DATABASE, fill);
  const redis = connectRedis();
  const { measured, other } = await startPair(url);
  const baseline = await startBaseline('ws');
  try {
    const arrivals = createArrivals();
    const tokens = await Promise.all(ORGANIZATIONS.map((id) => tokenFor(id, `USR-${id}-1`)));
    const clients = await Promise.all([
      openBareSocket(baseline.url, arrivals),
      ...tokens.map((token) => subscribe(measured.url, { token, query: QUERY }, arrivals)),
    ]);
    const publishers: Record<'parley' | 'baseline', Publish> = {
      parley: (event, content) => {
        const index = event % ORGANIZATIONS.length;
        const conversationId = `CVR-${ORGANIZATIONS[index]}-1`;
        return sendMessage(other.url, tokens[index] as string, { conversationId, content });
      },
      baseline: (_event, text) => redis.publish(channelOf('ws'), JSON.stringify({ text })),
    };
    const rounds: { parley: Round; baseline: Round }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const pair = {
        parley: await fire(publishers.parley, arrivals),
        baseline: await fire(publishers.baseline, arrivals),
      };
      // The first round warms up.
      if (round > 0) rounds.push(pair);
    }
    report(rounds);
    for (const client of clients) client.terminate();
  } finally {
    await Promise.all([measured, other, baseline].map((running) => running.stop()));
    redis.disconnect();
    await dropDatabase(DATABASE);
  }
}

function createArrivals() {
  const times = new Map<string, number>();
  return {
    times,
    count(frame: Buffer) {
      const text = /No [\w-]+/.exec(String(frame))?.[0];
      if (text) times.set(text, performance.now());
    },
  };
}

let made = 0;

async function fire(publish: Publish, { times }: ReturnType<typeof createArrivals>): Promise<Round> {
  const answered = new Map<string, number>();
  const began = performance.now();
  const all: Promise<unknown>[] = [];
  for (let event = 0; event < PER_SECOND * ROUND_SECONDS; event++) {
    await sleep(Math.max(0, began + (event * 1_000) / PER_SECOND - performance.now()));
    const text = `No ${++made}`;
    all.push(publish(event, text).then(() => answered.set(text, performance.now())));
  }
  await Promise.all(all);
  const perSecond = all.length / ((performance.now() - began) / 1_000);
  const deadline = performance.now() + ARRIVAL_TIMEOUT_MS;
  while ([...answered.keys()].some((text) => !times.has(text))) {
    if (performance.now() > deadline) throw new Error('an event did not arrive');
    await sleep(5);
  }
  // An event that arrives before the answer counts as 0 ms.
  const delays = [...answered].map(([text, time]) => Math.max(0, (times.get(text) as number) - time));
  return { perSecond, delays };
}

function report(rounds: { parley: Round; baseline: Round }[]) {
  console.log(
    `\nLatency at ${PER_SECOND} events a second, from the answer on one node to the client of another`,
  );
  for (const [name, side] of [
    ['Parley', 'parley'],
    ['Redis and ws', 'baseline'],
  ] as const) {
    const of = (share: number) =>
      median(rounds.map((round) => quantile(round[side].delays, share))).toFixed(1);
    const rate = median(rounds.map((round) => round[side].perSecond)).toFixed(0);
    console.log(
      `  ${name.padEnd(14)} p50 ${of(0.5).padStart(6)} ms   p99 ${of(0.99).padStart(6)} ms   (${rate} a second)`,
    );
  }
}
