import { startApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { writeCursor } from '../src/feed/cursor.ts';
import { createLog } from '../src/log.ts';
import { createFrameCounter, openAll, subscribe } from './clients.ts';
import { dropDatabase, freshDatabase } from './database.ts';
import { openBaseline, type Side, startBaseline } from './fanout-baselines.ts';
import { checkTarget, median } from './figures.ts';
import { CURSOR_KEYS, fillOrganization } from './organization.ts';
import { connectRedis, environmentOf, sendMessage, startPair, tokenFor } from './parley.ts';
import type { Running } from './process.ts';
import { cpuOf } from './usage.ts';

const DATABASE = 'parley_bench_fanout';
const ORGANIZATION = 'ORG-FANOUT';
const CONVERSATION = `CVR-${ORGANIZATION}-1`;
const CLIENTS = 1_000;
const AGENTS = 100;
const EARLIER_EVENTS = 1_000;
const EVENTS = 100;
const AGENTS_EVENTS = 20;
const ROUNDS = 5;
const AT_MOST = 1.5;
const STATEMENTS_AT_MOST = 1;

const SENDER = 'sender { __typename ... on User { id displayName } }';
// Three different documents for the same events, so that three executions are needed.
const OPERATIONS = [
  `message { id seq content createdAt ${SENDER} }`,
  `message { id seq content contentType createdAt ${SENDER} }`,
  `message { id seq content direction createdAt ${SENDER} }`,
].map(operationOf);
const PERSONAL = operationOf('message { id content conversation { id unreadCount viewerCan } }');

function operationOf(selection: string): string {
  return `subscription ($after: String) { messageAdded(after: $after) {
    __typename ... on CaughtUp { cursor } ... on MessageAdded { ${selection} }
  } }`;
}

/** Measures the server's processor time per event delivered to one of 1,000 clients, compared with bare ws and Socket.IO. */
export async function benchFanout() {
  const fill = fillOrganization({ id: ORGANIZATION, users: AGENTS, contacts: 1, events: EARLIER_EVENTS });
  const url = await freshDatabase(DATABASE, fill);
  const redis = connectRedis();
  const { measured, other } = await startPair(url);
  const [ws, socketIo] = await Promise.all([startBaseline('ws'), startBaseline('socket.io')]);
  try {
    const tokens = await Promise.all(
      Array.from({ length: AGENTS }, (_, agent) =>
        tokenFor(ORGANIZATION, `USR-${ORGANIZATION}-${agent + 1}`),
      ),
    );
    const publish = (content: string) =>
      sendMessage(other.url, tokens[0] as string, { conversationId: CONVERSATION, content });

    const parley = await openParley(measured, tokens, publish);
    const frame = await sampleFrame(parley);
    const options = { redis, count: CLIENTS, frame };
    const sides = [
      parley,
      await openBaseline('ws', ws, options),
      await openBaseline('socket.io', socketIo, options),
    ];
    await compare(sides);
    for (const { clients } of sides) for (const client of clients) client.terminate();
    await measureAgents(url, tokens, publish);
  } finally {
    await Promise.all([measured, other, ws, socketIo].map((running) => running.stop()));
    redis.disconnect();
    await dropDatabase(DATABASE);
  }
}

async function openParley(
  running: Running,
  tokens: string[],
  publish: (text: string) => Promise<void>,
): Promise<Side> {
  const counter = createFrameCounter();
  const clients = await openAll(CLIENTS, (index) =>
    subscribe(
      running.url,
      {
        token: tokens[index % AGENTS] as string,
        query: OPERATIONS[index % OPERATIONS.length] as string,
        // A different cursor each. The subscription delivers none of the events behind them.
        variables: { after: writeCursor(CURSOR_KEYS, (index % EARLIER_EVENTS) + 1) },
      },
      counter,
    ),
  );
  return { name: 'Parley', running, counter, clients, publish };
}

/** Captures a frame of Parley and returns a function that puts another text into it. */
async function sampleFrame({ counter, publish }: Side): Promise<(text: string) => string> {
  const sample = textOf(0, 0);
  const heard = counter.until(sample, CLIENTS);
  await publish(sample);
  await heard;
  const frame = counter.last();
  return (text) => frame.replace(sample, text);
}

// Constant length, so that all frames have the same size.
function textOf(round: number, event: number): string {
  return `Round ${round + 100}, event ${event + 1_000}: the parcel of this order has not arrived yet.`;
}

async function compare(sides: Side[]) {
  const rounds: number[][] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const costs: number[] = [];
    for (const side of sides) costs.push(await measure(side, round + 1));
    // The first round warms up.
    if (round > 0) rounds.push(costs);
  }
  console.log(`\nFan-out: ${EVENTS} events to ${CLIENTS} clients, one event after the other`);
  sides.forEach(({ name }, side) => {
    const cost = median(rounds.map((costs) => costs[side] as number));
    console.log(
      `  ${name.padEnd(10)} ${cost.toFixed(2).padStart(6)} µs of processor time per delivered event`,
    );
  });
  const ratioTo = (side: number) =>
    median(rounds.map((costs) => (costs[0] as number) / (costs[side] as number)));
  checkTarget({ what: 'Parley to Socket.IO', ratio: ratioTo(2), atMost: AT_MOST });
  checkTarget({ what: 'Parley to bare ws', ratio: ratioTo(1), atMost: AT_MOST });
}

/** Microseconds per delivered event. Each event is sent after all clients have received the previous one. */
async function measure({ running, counter, clients, publish }: Side, round: number): Promise<number> {
  const before = await cpuOf(running.pid);
  for (let event = 0; event < EVENTS; event++) {
    const text = textOf(round, event);
    const heard = counter.until(text, clients.length);
    await publish(text);
    await heard;
  }
  return ((await cpuOf(running.pid)) - before) / ((EVENTS * clients.length) / 1_000);
}

/** Measures a document with viewer-dependent fields: one execution per viewer, but one SQL statement for all. */
async function measureAgents(
  databaseUrl: string,
  tokens: string[],
  publish: (text: string) => Promise<void>,
) {
  let statements = 0;
  // Runs in this process, so that statements can be counted.
  const node = await startApp(loadConfig(environmentOf(databaseUrl)), {
    log: createLog('error'),
    onStatement: (sql) => {
      if (/^\s*SELECT/.test(sql) && sql.includes('"Message"')) statements += 1;
    },
  });
  try {
    const counter = createFrameCounter();
    const clients = await openAll(AGENTS, (agent) =>
      subscribe(node.url, { token: tokens[agent] as string, query: PERSONAL }, counter),
    );
    // The first event reveals that the document depends on the viewer, and is not counted.
    for (let event = 0; event <= AGENTS_EVENTS; event++) {
      if (event === 1) statements = 0;
      const text = textOf(900, event);
      const heard = counter.until(text, AGENTS);
      await publish(text);
      await heard;
    }
    for (const client of clients) client.terminate();
  } finally {
    await node.stop();
  }
  console.log(`\nFan-out to ${AGENTS} agents, each with unreadCount and viewerCan of their own`);
  checkTarget({
    what: 'statements per event',
    ratio: statements / AGENTS_EVENTS,
    atMost: STATEMENTS_AT_MOST,
  });
}
