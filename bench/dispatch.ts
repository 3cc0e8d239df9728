import { createFrameCounter } from './clients.ts';
import { openContacts } from './contact-clients.ts';
import { dropDatabase, freshDatabase } from './database.ts';
import { checkTarget, median } from './figures.ts';
import { fillOrganization } from './organization.ts';
import { sendMessage, startPair, startParley, tokenFor } from './parley.ts';
import { cpuOf } from './usage.ts';

const DATABASE = 'parley_bench_dispatch';
const ORGANIZATION = 'ORG-DISPATCH';
const MANY = 10_000;
const FEW = 100;
const ROUNDS = 5;
const EVENTS = 200;
const CONCURRENCY = 40;
// One full cycle of the slowest upkeep of idle sockets: pings, presence, fresh cursors.
const IDLE_MS = 60_000;
const AT_MOST = 1.5;

/** Milliseconds of wall time, and of processor time of both nodes. */
interface Spent {
  ms: number;
  many: number;
  few: number;
}

/**
 * Compares the cost of the same events on a node with 10,000 contacts and on one with 100: it should depend on the receivers of an
 * event, not on the sockets of the node. Upkeep of idle sockets (pings, presence) costs per second, not per event. It is part of
 * the judged figure, and is also measured alone.
 */
export async function benchDispatch() {
  const fill = fillOrganization({ id: ORGANIZATION, users: 1, contacts: MANY });
  const url = await freshDatabase(DATABASE, fill);
  const { measured: crowded, other } = await startPair(url);
  const quiet = await startParley(url);
  try {
    const measure = async (run: () => Promise<void>): Promise<Spent> => {
      const began = performance.now();
      const before = { many: await cpuOf(crowded.pid), few: await cpuOf(quiet.pid) };
      await run();
      return {
        ms: performance.now() - began,
        many: (await cpuOf(crowded.pid)) - before.many,
        few: (await cpuOf(quiet.pid)) - before.few,
      };
    };
    const counters = { many: createFrameCounter(), few: createFrameCounter() };
    const clients = [
      ...(await openContacts(quiet.url, ORGANIZATION, { from: 1, count: FEW, counter: counters.few })),
      ...(await openContacts(crowded.url, ORGANIZATION, { from: 1, count: MANY, counter: counters.many })),
    ];
    const token = await tokenFor(ORGANIZATION, `USR-${ORGANIZATION}-1`);
    const upkeep = await measure(async () => {
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    });
    const rounds: Spent[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const text = `Round ${round}.`;
      const spent = await measure(async () => {
        const heard = Promise.all([counters.many.until(text, EVENTS), counters.few.until(text, EVENTS)]);
        await sendAll((index) =>
          sendMessage(other.url, token, {
            conversationId: `CVR-${ORGANIZATION}-${1 + (index % FEW)}`,
            content: text,
          }),
        );
        await heard;
      });
      // The first round warms up.
      if (round > 0) rounds.push(spent);
    }
    report(rounds, upkeep);
    for (const client of clients) client.terminate();
  } finally {
    await Promise.all([crowded, quiet, other].map((running) => running.stop()));
    await dropDatabase(DATABASE);
  }
}

async function sendAll(send: (index: number) => Promise<void>) {
  for (let event = 0; event < EVENTS; event += CONCURRENCY) {
    await Promise.all(Array.from({ length: CONCURRENCY }, (_, index) => send(event + index)));
  }
}

function report(rounds: Spent[], upkeep: Spent) {
  const rate = median(rounds.map(({ ms }) => (EVENTS * 1_000) / ms));
  console.log(
    `\nDispatch: ${ROUNDS * EVENTS} events, each to the one contact whom it concerns, ${rate.toFixed(0)} a second`,
  );
  for (const [count, side] of [
    [MANY, 'many'],
    [FEW, 'few'],
  ] as const) {
    const [whole, idle] = [median(rounds.map((round) => perEvent(round, side))), upkeep[side] / upkeep.ms];
    console.log(
      `  ${String(count).padStart(6)} contacts on the node   ${whole.toFixed(2)} ms of processor time per event; idle ${(idle * 1_000).toFixed(1)} ms a second`,
    );
  }
  const ratios = rounds.map((round) => perEvent(round, 'many') / perEvent(round, 'few'));
  const withoutIdle = rounds.map((round) => perEvent(round, 'many', upkeep) / perEvent(round, 'few', upkeep));
  console.log(`  many to few, without what they do when idle: ${median(withoutIdle).toFixed(3)}`);
  checkTarget({ what: 'many to few', ratio: median(ratios), atMost: AT_MOST });
}

/** Milliseconds of processor time per event. With `upkeep`, the idle cost of the same time is subtracted. */
function perEvent(round: Spent, side: 'many' | 'few', upkeep?: Spent): number {
  const idle = upkeep ? (upkeep[side] / upkeep.ms) * round.ms : 0;
  return (round[side] - idle) / EVENTS;
}
