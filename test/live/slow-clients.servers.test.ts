import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { startClientProcess } from '../support/client-process.ts';
import type { Received } from '../support/client-process-main.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';
import { times } from '../support/times.ts';

// SLOW_CLIENTS=500 is the full form.
const CLIENTS = Number(process.env.SLOW_CLIENTS ?? 50);
const SLOW = CLIENTS / 10;
const SOCKETS_A_USER = 50;
const EVENTS = 150;
// Events between measurements of memory.
const MEASURED_EVERY = 10;
// Large enough for the frames of the slow clients to fill the network buffers.
const CONTENT_BYTES = 25_000;
const TIMES_SELECTED = 16;
// Each socket buffers 64 kB and at most two frames more. The send queues hold 1 MB and one frame each, but share the frames, since
// all slow clients have the same operation. The rest is for other changes of the heap.
const FRAME_BYTES = CONTENT_BYTES * TIMES_SELECTED;
const WAITING_BYTES = SLOW * (65_536 + 2 * FRAME_BYTES) + 1_048_576 + FRAME_BYTES;
const OTHER_BYTES = 24 * 1_048_576;

const LIVE = (
  selected: string,
) => `subscription ($after: String) { live: messageAdded(after: $after) { __typename
  ... on MessageAdded { message { ${selected} } } ... on ResetRequired { reason resumeAfter } } }`;
const LIGHT = LIVE('id');
const HEAVY = LIVE(times(TIMES_SELECTED, (index) => `c${index}: content`).join(' '));

let database: Database;
let gateway: Gateway;

beforeAll(async () => {
  database = await createDatabase();
  // A client that does not read answers no ping; here the ping must not cut it off.
  gateway = await startNode(database, {}, { pingIntervalMs: 600_000 });
});

afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heldBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

test('one client in ten stops reading: the others get all events meanwhile, memory is bounded, and the slow ones lose nothing', async () => {
  const organization = await createOrganization(gateway);
  const conversationId = await openConversation(gateway, organization);
  const tokens = async (count: number) => {
    const all: string[] = [];
    for (let from = 0; from < count; from += SOCKETS_A_USER) {
      const id = newId('User');
      const names = { name: id, displayName: id, email: `${id}@example.com` };
      await gateway.db.writes.user.create({
        data: { id, organizationId: organization.id, role: 'AGENT', ...names },
      });
      const token = await gateway.tokenFor({ id, organizationId: organization.id });
      all.push(...times(Math.min(SOCKETS_A_USER, count - from), () => token));
    }
    return all;
  };
  const content = 'x'.repeat(CONTENT_BYTES);
  const { send } = createMutations(gateway);
  const now = () => performance.timeOrigin + performance.now();

  async function writeAll() {
    const written: number[] = [];
    let mostHeld = 0;
    while (written.length < EVENTS) {
      if (written.length % MEASURED_EVERY === 0) mostHeld = Math.max(mostHeld, heldBytes());
      written.push(now());
      requireResult(await send(organization.agent, { conversationId, content }));
    }
    return { written, mostHeld };
  }

  function p99(written: number[], received: Received[]): number {
    const waits = received.flatMap(({ times }) => times.map((time, index) => time - (written[index] ?? 0)));
    return waits.sort((one, other) => one - other)[Math.floor(waits.length * 0.99)] ?? Number.NaN;
  }

  const order = startClientProcess();
  const { url } = gateway;
  const common = { url, variables: {} };
  await order({
    do: 'open',
    group: 'others',
    opening: { ...common, query: LIGHT, tokens: await tokens(CLIENTS - SLOW) },
  });
  const withoutSlow = await writeAll();
  const before = await order({ do: 'await', group: 'others', frames: EVENTS });
  await order({
    do: 'open',
    group: 'slow',
    opening: { ...common, query: HEAVY, tokens: await tokens(SLOW) },
  });
  await order({ do: 'pause', group: 'slow' });

  const withSlow = await writeAll();
  // All that the others are sent arrives while the slow clients still do not read.
  const others = await order({ do: 'await', group: 'others', frames: EVENTS });
  const slow = await order({ do: 'resume', group: 'slow' });

  const grown = withSlow.mostHeld - withoutSlow.mostHeld;
  expect(grown).toBeLessThan(WAITING_BYTES + OTHER_BYTES);
  const [{ cursors } = { cursors: [] }] = others;
  expect(cursors).toHaveLength(EVENTS);
  for (const received of others) expect(received.cursors).toEqual(cursors);
  for (const received of slow) expect(received).toMatchObject({ resets: ['SLOW_CONSUMER'], cursors });
  const [without, beside] = [p99(withoutSlow.written, before), p99(withSlow.written, others)];
  const report = {
    clients: CLIENTS,
    slow: SLOW,
    events: EVENTS,
    p99WithoutMs: without,
    p99Ms: beside,
    grownMb: grown / 1_048_576,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}, 240_000);
