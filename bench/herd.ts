import { setTimeout as sleep } from 'node:timers/promises';
import { writeCursor } from '../src/feed/cursor.ts';
import { dropDatabase, freshDatabase } from './database.ts';
import { checkTarget, median, quantile } from './figures.ts';
import { createHerd, type Herd } from './herd-clients.ts';
import { CURSOR_KEYS, fillOrganization } from './organization.ts';
import { sendMessage, startPair, tokenFor } from './parley.ts';
import type { Running } from './process.ts';
import { cpuOf } from './usage.ts';

const DATABASE = 'parley_bench_herd';
const ORGANIZATION = 'ORG-HERD';
const BEHIND = 'ORG-BEHIND';
const CONVERSATIONS = 100;
const SIZES = (process.env.BENCH_CLIENTS ?? '100,300,1000').split(',').filter(Boolean).map(Number);
const STAYERS = 5;
const WRITES_PER_SECOND = 80;
const AWAY_MS = 1_000;
const BEFORE_MS = 3_000;
// A herd that never catches up is let off: the writes end, and the figure is at least this.
const PATIENCE_MS = 20_000;
const MISSED = 10_000;
const FAR_BEHIND_CLIENTS = 100;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const TIME_AT_MOST = 2;
const LAG_AT_MOST = 3;

interface Round {
  /** Milliseconds from the first connection to the last CaughtUp. */
  ms: number;
  /** Milliseconds from a change's answer to its event at clients that stayed: before the herd comes back, and while it does. */
  lagBefore: number[];
  lag: number[];
}

/**
 * Measures clients of one organization that lose their connections at once and resume: how long the last takes to be live, while
 * others write and while nobody does, and what those feel who stayed connected. Then clients that missed many events each.
 */
export async function benchHerd() {
  const url = await freshDatabase(DATABASE, fill());
  const { measured, other } = await startPair(url);
  try {
    const writers = await createWriters(other.url);
    const stayers = await createHerd({
      ...{ organization: ORGANIZATION, url: measured.url, count: STAYERS },
      onEvent: writers.noteArrival,
    });
    await stayers.connectGently();
    for (const count of SIZES) {
      const herd = await createHerd({ organization: ORGANIZATION, url: measured.url, count });
      await herd.connectGently();
      const [quiet, busy]: [Round[], Round[]] = [[], []];
      // The first round warms up.
      for (let round = 0; round <= ROUNDS; round++) {
        const pair = {
          quiet: await comeBack(herd, writers, false),
          busy: await comeBack(herd, writers, true),
        };
        if (round > 0) quiet.push(pair.quiet);
        if (round > 0) busy.push(pair.busy);
      }
      await checkEvents(herd);
      herd.drop();
      report(count, quiet, busy);
    }
    await checkEvents(stayers);
    stayers.drop();
    await benchFarBehind(measured);
  } finally {
    await Promise.all([measured.stop(), other.stop()]);
    await dropDatabase(DATABASE);
  }
}

function fill(): string {
  const sizes = { users: 50, contacts: CONVERSATIONS };
  // The missed events are spread over all conversations.
  return `${fillOrganization({ id: ORGANIZATION, ...sizes })}${fillOrganization({ id: BEHIND, ...sizes, events: MISSED })}
UPDATE "Event" SET "conversationId" = 'CVR-${BEHIND}-' || 1 + "position" % ${CONVERSATIONS},
    "contactId" = 'CTC-${BEHIND}-' || 1 + "position" % ${CONVERSATIONS}
  WHERE "organizationId" = '${BEHIND}';`;
}

async function comeBack(herd: Herd, writers: Writers, isBusy: boolean): Promise<Round> {
  const before = writers.start();
  await sleep(BEFORE_MS);
  const lagBefore = await before.stop();
  const away = writers.start();
  herd.drop();
  await sleep(AWAY_MS);
  if (!isBusy) await away.stop();
  const during = isBusy ? away : undefined;
  const began = performance.now();
  const caughtUp = herd.connect();
  const patience = AbortSignal.timeout(PATIENCE_MS);
  await Promise.race([caughtUp, new Promise((resolve) => patience.addEventListener('abort', resolve))]);
  const ms = performance.now() - began;
  const lag = (await during?.stop()) ?? [];
  await caughtUp;
  return { ms, lagBefore, lag };
}

async function createWriters(url: string) {
  const arrivals = new Map<string, number>();
  const token = await tokenFor(ORGANIZATION, `USR-${ORGANIZATION}-1`);
  let made = 0;

  /** Writes until `stop`, which resolves with the lag of each event at a client that stayed. */
  function start() {
    const began = performance.now();
    const answered = new Map<string, number>();
    let isOver = false;
    const writing = write();

    async function write() {
      const all: Promise<unknown>[] = [];
      for (let index = 0; !isOver; index++) {
        const content = `No ${++made}.`;
        const conversationId = `CVR-${ORGANIZATION}-${1 + (made % CONVERSATIONS)}`;
        const sent = sendMessage(url, token, { conversationId, content });
        all.push(sent.then(() => answered.set(content, performance.now())));
        await sleep(Math.max(0, began + ((index + 1) * 1_000) / WRITES_PER_SECOND - performance.now()));
      }
      await Promise.all(all);
    }

    return {
      async stop(): Promise<number[]> {
        isOver = true;
        await writing;
        while ([...answered.keys()].some((content) => !arrivals.has(content))) await sleep(5);
        return [...answered].map(([content, at]) => Math.max(0, (arrivals.get(content) ?? 0) - at));
      },
    };
  }

  return {
    start,
    made: () => made,
    noteArrival(frame: Buffer) {
      const content = /No \d+\./.exec(String(frame))?.[0];
      if (content && !arrivals.has(content)) arrivals.set(content, performance.now());
    },
  };
}

type Writers = Awaited<ReturnType<typeof createWriters>>;

/** Each client has to have as many events as the others. */
async function checkEvents({ clients }: Herd) {
  const most = Math.max(...clients.map((client) => client.events()));
  const deadline = performance.now() + PATIENCE_MS;
  while (clients.some((client) => client.events() !== most)) {
    if (performance.now() > deadline) throw new Error('clients have different numbers of events');
    await sleep(50);
  }
}

/** 100 clients resume from the beginning of a log, without writes. */
async function benchFarBehind({ url, pid }: Running) {
  const herd = await createHerd({
    ...{ organization: BEHIND, url, count: FAR_BEHIND_CLIENTS },
    after: writeCursor(CURSOR_KEYS, 0),
  });
  const [began, before] = [performance.now(), await cpuOf(pid)];
  await herd.connect();
  const [ms, cpuMs] = [performance.now() - began, (await cpuOf(pid)) - before];
  const missed = herd.clients.map((client) => client.events());
  if (missed.some((count) => count !== MISSED)) throw new Error(`missed events: ${missed.join(' ')}`);
  herd.drop();
  console.log(
    `\nFar behind: ${FAR_BEHIND_CLIENTS} clients that missed ${MISSED} events each are live after ${(ms / 1_000).toFixed(1)} s, ${(cpuMs / 1_000).toFixed(1)} s of processor time`,
  );
}

function report(count: number, quiet: Round[], busy: Round[]) {
  const time = (rounds: Round[]) => median(rounds.map(({ ms }) => ms));
  const of = (lags: number[][], share: number) => quantile(lags.flat(), share);
  const before = [...quiet, ...busy].map(({ lagBefore }) => lagBefore);
  const during = busy.map(({ lag }) => lag);
  console.log(
    `\nHerd: ${count} clients resume at once, beside ${WRITES_PER_SECOND} writes a second and without`,
  );
  console.log(
    `  the last is live after ${time(quiet).toFixed(0)} ms without, ${time(busy).toFixed(0)} ms beside writes`,
  );
  for (const [name, lags] of [
    ['before', before],
    ['during', during],
  ] as const)
    console.log(
      `  lag of those who stayed, ${name}: p50 ${of(lags, 0.5).toFixed(1)} ms, p99 ${of(lags, 0.99).toFixed(1)} ms`,
    );
  checkTarget({
    what: 'time beside writes to without',
    ratio: time(busy) / time(quiet),
    atMost: TIME_AT_MOST,
  });
  checkTarget({
    what: 'p99 of the lag, during to before',
    ratio: of(during, 0.99) / of(before, 0.99),
    atMost: LAG_AT_MOST,
  });
}
