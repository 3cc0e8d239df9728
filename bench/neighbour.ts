import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { subscribe } from './clients.ts';
import { dropDatabase, freshDatabase } from './database.ts';
import { checkTarget, median, quantile } from './figures.ts';
import type { NoiseAnswers, NoiseOptions } from './neighbour-noise.ts';
import { fillMessages, fillOrganization } from './organization.ts';
import { environmentOf, sendMessage, tokenFor } from './parley.ts';
import { startProcess } from './process.ts';

const DATABASE = 'parley_bench_neighbour';
const NOISY = 'ORG-NOISY';
const QUIET = 'ORG-QUIET';
const CONTACTS = 200;
const MESSAGES_EACH = 100;
// Conversations of the one contact who makes the noise.
const NOISY_CONVERSATIONS = 100;
const AGENTS = 5;
const QUERIES_PER_SECOND = 20;
const MESSAGES_PER_SECOND = 10;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const ROUND_SECONDS = Number(process.env.BENCH_ROUND_SECONDS ?? 8);
const SETTLE_MS = 2_000;
const ARRIVAL_TIMEOUT_MS = 15_000;
const AT_MOST = 2;

const PAGE = `{ conversations(first: 20) { totalCount nodes { id number name status unreadCount
  contact { id name email } owner { id displayName } lastMessage { id seq content createdAt } } } }`;
const EVENTS = `subscription { messageAdded {
  __typename ... on CaughtUp { cursor } ... on MessageAdded { message { id seq content createdAt } } } }`;

/** Milliseconds of each query, change and event of the quiet organization. */
interface Round {
  query: number[];
  send: number[];
  event: number[];
  errors: number;
}

/**
 * Measures what the agents of one organization feel of a contact of another one who does the worst they can: expensive searches, equal ids,
 * long messages, live searches and 200 connections. The node has its default limits. Rounds with and without alternate.
 */
export async function benchNeighbour() {
  const url = await freshDatabase(DATABASE, fill());
  const running = await startProcess(['--max-semi-space-size=64', 'dist/main.js'], {
    ...environmentOf(url),
    RATE_LIMITS: '',
  });
  try {
    const agents = await openAgents(running.url);
    await measure(agents, ROUND_SECONDS / 2);
    const [alone, beside]: [Round[], Round[]] = [[], []];
    let answers: NoiseAnswers = {};
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(await measure(agents, ROUND_SECONDS));
      const noise = await startNoise(running.url);
      await sleep(SETTLE_MS);
      beside.push(await measure(agents, ROUND_SECONDS));
      answers = add(answers, await noise.stop());
      await sleep(SETTLE_MS);
    }
    report(alone, beside, answers);
    agents.close();
  } finally {
    await running.stop();
    await dropDatabase(DATABASE);
  }
}

function fill(): string {
  const organizations = [NOISY, QUIET].map((id) => {
    const messages = fillMessages({ id, contacts: CONTACTS, messagesEach: MESSAGES_EACH });
    return `${fillOrganization({ id, users: AGENTS, contacts: CONTACTS })}${messages}`;
  });
  return `${organizations.join('')}
SET session_replication_role = replica;
UPDATE "Conversation" SET "contactId" = 'CTC-${NOISY}-1' WHERE "organizationId" = '${NOISY}' AND "number" <= ${NOISY_CONVERSATIONS};
SET session_replication_role = DEFAULT;
`;
}

async function openAgents(url: string) {
  const arrivals = new Map<string, number>();
  const tokens = await Promise.all(
    Array.from({ length: AGENTS }, (_, index) => tokenFor(QUIET, `USR-${QUIET}-${index + 1}`)),
  );
  const count = (frame: Buffer) => {
    const text = /No [\w-]+/.exec(String(frame))?.[0];
    if (text) arrivals.set(text, performance.now());
  };
  const sockets = await Promise.all(
    tokens.map((token) => subscribe(url, { token, query: EVENTS }, { count })),
  );
  return {
    url,
    tokens,
    arrivals,
    close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

type Agents = Awaited<ReturnType<typeof openAgents>>;

let sent = 0;

async function measure({ url, tokens, arrivals }: Agents, seconds: number): Promise<Round> {
  const round: Round = { query: [], send: [], event: [], errors: 0 };
  const answered = new Map<string, number>();
  const token = (index: number) => tokens[index % AGENTS] as string;
  async function time(durations: number[], run: () => Promise<unknown>) {
    const began = performance.now();
    try {
      await run();
      durations.push(performance.now() - began);
    } catch {
      round.errors += 1;
    }
  }
  const load = [
    repeat({ perSecond: QUERIES_PER_SECOND, seconds }, (index) =>
      time(round.query, () => loadPage(url, token(index))),
    ),
    repeat({ perSecond: MESSAGES_PER_SECOND, seconds }, (index) => {
      const content = `No ${++sent}`;
      const input = { conversationId: `CVR-${QUIET}-${1 + (index % CONTACTS)}`, content };
      return time(round.send, async () => {
        await sendMessage(url, token(index), input);
        answered.set(content, performance.now());
      });
    }),
  ];
  await Promise.all(load);
  const deadline = performance.now() + ARRIVAL_TIMEOUT_MS;
  for (const [text, at] of answered) {
    while (!arrivals.has(text) && performance.now() < deadline) await sleep(5);
    const arrival = arrivals.get(text);
    if (arrival === undefined) round.errors += 1;
    // An event that arrives before the answer counts as 0 ms.
    else round.event.push(Math.max(0, arrival - at));
  }
  return round;
}

async function repeat(
  { perSecond, seconds }: { perSecond: number; seconds: number },
  run: (index: number) => Promise<void>,
) {
  const began = performance.now();
  const all: Promise<void>[] = [];
  for (let index = 0; index < perSecond * seconds; index++) {
    await sleep(Math.max(0, began + (index * 1_000) / perSecond - performance.now()));
    all.push(run(index));
  }
  await Promise.all(all);
}

async function loadPage(url: string, token: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: PAGE }),
  });
  const answer = await response.text();
  if (answer.includes('"errors"')) throw new Error(answer);
}

async function startNoise(url: string) {
  const options: NoiseOptions = {
    url,
    token: await tokenFor(NOISY, `CTC-${NOISY}-1`),
    conversationId: `CVR-${NOISY}-1`,
  };
  const child = fork('bench/neighbour-noise.ts', { execArgv: ['--import', 'tsx'] });
  child.send(options);
  return {
    stop: () =>
      new Promise<NoiseAnswers>((resolve) => {
        child.once('message', (answers) => resolve(answers as NoiseAnswers));
        child.send('stop');
      }),
  };
}

function add(one: NoiseAnswers, other: NoiseAnswers): NoiseAnswers {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}

function report(alone: Round[], beside: Round[], answers: NoiseAnswers) {
  console.log(
    `\nNeighbour: ${AGENTS} agents of one organization, alone and beside a contact of another one at its worst`,
  );
  const errors = [...alone, ...beside].reduce((sum, round) => sum + round.errors, 0);
  for (const what of ['query', 'send', 'event'] as const) {
    const p99 = (rounds: Round[]) =>
      quantile(
        rounds.flatMap((round) => round[what]),
        0.99,
      );
    const p50 = (rounds: Round[]) => median(rounds.flatMap((round) => round[what]));
    const show = (rounds: Round[]) => `p50 ${p50(rounds).toFixed(1)} p99 ${p99(rounds).toFixed(1)} ms`;
    console.log(`  ${what.padEnd(6)} alone ${show(alone)}   beside ${show(beside)}`);
    checkTarget({ what: `p99 of a ${what}`, ratio: p99(beside) / p99(alone), atMost: AT_MOST });
  }
  checkTarget({ what: 'errors of the agents', ratio: errors, atMost: 0 });
  const told = Object.entries(answers).sort(([, one], [, other]) => other - one);
  console.log(`  the contact got: ${told.map(([name, count]) => `${name} ${count}`).join(', ')}`);
}
