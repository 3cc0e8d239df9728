import { createFrameCounter, openAll, openBareSocket } from './clients.ts';
import { openContacts } from './contact-clients.ts';
import { dropDatabase, freshDatabase } from './database.ts';
import { startBaseline } from './fanout-baselines.ts';
import { checkTarget } from './figures.ts';
import { fillOrganization } from './organization.ts';
import { startParley } from './parley.ts';
import { COLLECTING, memoryOf } from './usage.ts';

const DATABASE = 'parley_bench_sockets';
const ORGANIZATION = 'ORG-SOCKETS';
const SOCKETS = 5_000;
const WARM_UP = 1_000;
const AT_MOST = 3;

/** Measures the memory of a websocket with one idle subscription, compared with a bare websocket. */
export async function benchSockets() {
  const fill = fillOrganization({ id: ORGANIZATION, users: 1, contacts: WARM_UP + SOCKETS });
  const url = await freshDatabase(DATABASE, fill);
  const parley = await startParley(url, COLLECTING);
  const baseline = await startBaseline('ws', COLLECTING);
  try {
    const counter = createFrameCounter();
    const bytes = {
      parley: await perSocket(parley.pid, (from, count) =>
        openContacts(parley.url, ORGANIZATION, { from, count, counter }),
      ),
      baseline: await perSocket(baseline.pid, (_from, count) =>
        openAll(count, () => openBareSocket(baseline.url, counter)),
      ),
    };
    console.log(`\nMemory of one of ${SOCKETS} idle websockets`);
    console.log(
      `  a contact who watches a conversation ${(bytes.parley / 1_024).toFixed(1).padStart(6)} KiB`,
    );
    console.log(
      `  bare ws                              ${(bytes.baseline / 1_024).toFixed(1).padStart(6)} KiB`,
    );
    checkTarget({ what: 'Parley to bare ws', ratio: bytes.parley / bytes.baseline, atMost: AT_MOST });
  } finally {
    await Promise.all([parley.stop(), baseline.stop()]);
    await dropDatabase(DATABASE);
  }
}

type Open = (from: number, count: number) => Promise<{ terminate(): void }[]>;

/** Bytes per socket: memory of SOCKETS more sockets, after a warm-up, divided by their number. */
async function perSocket(pid: number, open: Open): Promise<number> {
  const clients = await open(1, WARM_UP);
  const before = await memoryOf(pid);
  clients.push(...(await open(1 + WARM_UP, SOCKETS)));
  const after = await memoryOf(pid);
  for (const client of clients) client.terminate();
  return (after - before) / SOCKETS;
}
