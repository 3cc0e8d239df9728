import { createEar } from './clients.ts';
import { openContacts } from './contact-clients.ts';
import { dropDatabase, freshDatabase } from './database.ts';
import { judge, median } from './figures.ts';
import { fillOrganization } from './organization.ts';
import { sendMessage, startPair, startParley, tokenFor } from './parley.ts';
import { cpuOf } from './usage.ts';

const DATABASE = 'parley_bench_dispatch';
const ORGANIZATION = 'ORG-DISPATCH';
const MANY = 10_000;
const FEW = 100;
const ROUNDS = 5;
const EVENTS = 200;
const AT_ONCE = 8;
const AT_MOST = 1.5;

/** An event costs by those whom it concerns: a node with 10,000 contacts beside one with 100, for the same events. */
export async function benchDispatch() {
  const fill = fillOrganization({ id: ORGANIZATION, users: 1, contacts: MANY });
  const url = await freshDatabase(DATABASE, fill);
  const { measured: crowded, other } = await startPair(url);
  const quiet = await startParley(url);
  try {
    const ears = { many: createEar(), few: createEar() };
    const clients = [
      ...(await openContacts(quiet.url, ORGANIZATION, { from: 1, count: FEW, ear: ears.few })),
      ...(await openContacts(crowded.url, ORGANIZATION, { from: 1, count: MANY, ear: ears.many })),
    ];
    const token = await tokenFor(ORGANIZATION, `USR-${ORGANIZATION}-1`);
    const rounds: { many: number; few: number }[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
      const before = { many: await cpuOf(crowded.pid), few: await cpuOf(quiet.pid) };
      const text = `Round ${round}.`;
      const heard = Promise.all([ears.many.until(text, EVENTS), ears.few.until(text, EVENTS)]);
      for (let event = 0; event < EVENTS; event += AT_ONCE) {
        await Promise.all(
          Array.from({ length: AT_ONCE }, (_, index) =>
            sendMessage(other.url, token, {
              conversationId: `CVR-${ORGANIZATION}-${1 + ((event + index) % FEW)}`,
              content: text,
            }),
          ),
        );
      }
      await heard;
      const spent = {
        many: ((await cpuOf(crowded.pid)) - before.many) / EVENTS,
        few: ((await cpuOf(quiet.pid)) - before.few) / EVENTS,
      };
      // The first warms up.
      if (round > 0) rounds.push(spent);
    }
    report(rounds);
    for (const client of clients) client.terminate();
  } finally {
    await Promise.all([crowded, quiet, other].map((running) => running.stop()));
    await dropDatabase(DATABASE);
  }
}

function report(rounds: { many: number; few: number }[]) {
  console.log(`\nDispatch: ${ROUNDS * EVENTS} events, each to the one contact whom it concerns`);
  for (const [count, side] of [
    [MANY, 'many'],
    [FEW, 'few'],
  ] as const) {
    const cost = median(rounds.map((round) => round[side]));
    console.log(
      `  ${String(count).padStart(6)} contacts on the node   ${cost.toFixed(2)} ms of processor time per event`,
    );
  }
  judge({ what: 'many to few', ratio: median(rounds.map(({ many, few }) => many / few)), atMost: AT_MOST });
}
