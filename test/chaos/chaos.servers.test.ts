import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readCursor, writeCursor } from '../../src/feed/cursor.ts';
import { expectConsistent } from '../support/consistency.ts';
import { type Answer, createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { stateOf } from '../support/log.ts';
import type { Person } from '../support/mutations.ts';
import { createOrganization } from '../support/organization.ts';
import { createChance } from '../support/random.ts';
import { type ChaosClient, openChaosClient } from './clients.ts';
import { type ExpectedEvent, reconstructLog } from './model.ts';
import { startNodes, terminateConnections } from './nodes.ts';
import { startRedis } from './redis.ts';
import { createViews } from './views.ts';
import { type ChaosOrganization, createWriters } from './writers.ts';

// Short form for CI. `npm run chaos` sets higher values.
const CLIENTS = Number(process.env.CHAOS_CLIENTS ?? 40);
const WRITERS = Number(process.env.CHAOS_WRITERS ?? 8);
const SECONDS = Number(process.env.CHAOS_SECONDS ?? 18);
// Minimum of acknowledged changes: on a busy machine the writers continue until they have them.
const CHANGES = 300;
const NODES = 3;
const CONVERSATIONS = 12;
// The server refuses to replay more events than this (TOO_FAR_BEHIND).
const MAX_REPLAYED = 10_000;
const ANSWER_TIMEOUT_MS = 6_000;
// Overloaded nodes need time to work off their backlog.
const SETTLE_TIMEOUT_MS = 90_000 + SECONDS * 1_000;

let database: Database;
let gateway: Gateway;

beforeAll(async () => {
  database = await createDatabase();
  gateway = await startNode(database, { REDIS_URL: '' });
});

afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

// The pauses are the script of faults: no check waits for time.
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test(
  'whatever is killed, cut and dropped, each client hears exactly what it may see, once and in order',
  async () => {
    const chance = createChance(Number(process.env.CHAOS_SEED ?? 1));
    const { dice, pick } = chance;
    const redis = await startRedis();
    onTestFinished(redis.stop);
    const nodes = await startNodes(NODES, { databaseUrl: database.url ?? '', redisUrl: redis.url });
    onTestFinished(async () => void (await nodes.stop()));

    async function send(person: Person, query: string, variables: object): Promise<Answer> {
      const response = await fetch(`${nodes.url(dice(NODES))}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await gateway.tokenFor(person)}`,
        },
        body: JSON.stringify({ query, variables }),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      return { ...((await response.json()) as Answer), status: response.status };
    }

    const writers = createWriters({ chance, send });
    const createChaosOrganization = async (): Promise<ChaosOrganization> => {
      const organization = { ...(await createOrganization(gateway)), conversations: [] };
      for (let count = 0; count < CONVERSATIONS; count++)
        await writers.open(organization, count % 2 ? 'otherContact' : 'contact');
      return organization;
    };
    const large = await createChaosOrganization();
    const small = await createChaosOrganization();

    const views = { large: createViews(large), small: createViews(small) };
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      // One client in five belongs to the small organization.
      const isSmall = index % 5 === 4;
      const offered = isSmall ? views.small : views.large;
      const nth = Math.floor(index / 5) + (isSmall ? 0 : 3 * Math.floor(index / 5) + (index % 5));
      const watched = offered[nth % offered.length];
      if (!watched) throw new Error('no such view');
      const token = () => gateway.tokenFor(watched.viewer);
      return openChaosClient({ watched, token, url: () => nodes.url(dice(NODES)), ask: gateway.ask });
    });
    onTestFinished(async () => void (await Promise.all(clients.map((client) => client.stop()))));
    await Promise.all(clients.map(({ hasBegun }) => hasBegun));

    let isOver = false;
    const writing = Promise.all(
      Array.from({ length: WRITERS }, (_, index) =>
        writers.write(index % 4 === 3 ? small : large, `writer ${index}`, () => isOver),
      ),
    );
    writing.catch(() => {
      isOver = true;
    });

    const faultCounts = {
      ...{ nodeKills: 0, redisKills: 0, redisFreezes: 0, pubsubKills: 0, normalKills: 0 },
      ...{ postgresKills: 0, drops: 0, herds: 0, stalls: 0 },
    };
    const some = (share: number) => clients.filter(() => dice(100) < share);
    const restarts: Promise<void>[] = [];
    const faults = [
      () => {
        for (const client of some(25)) client.drop();
        faultCounts.drops += 1;
      },
      // As when a balancer restarts: all clients resume at once.
      () => {
        for (const client of clients) client.drop();
        faultCounts.herds += 1;
      },
      async () => {
        if (nodes.urls().length < NODES) return;
        const index = dice(NODES);
        faultCounts.nodeKills += 1;
        await nodes.kill(index);
        restarts.push(sleep(500).then(() => nodes.start(index)));
      },
      async () => {
        faultCounts.pubsubKills += await redis.cut('pubsub');
      },
      () => {
        for (const client of some(10)) client.stall(2_000 + dice(3_000));
        faultCounts.stalls += 1;
      },
      async () => {
        faultCounts.postgresKills += await terminateConnections(database.url ?? '');
      },
      async () => {
        faultCounts.redisKills += 1;
        await redis.kill();
        await sleep(1_500);
        await redis.start();
      },
      async () => {
        faultCounts.normalKills += await redis.cut('normal');
      },
      async () => {
        faultCounts.redisFreezes += 1;
        redis.freeze();
        await sleep(2_500);
        redis.thaw();
      },
    ];
    const end = Date.now() + SECONDS * 1_000;
    const goesOn = () => !isOver && (Date.now() < end || writers.acknowledged.length < CHANGES);
    for (let round = 0; goesOn(); round++) {
      // Each fault once, then random ones.
      await (round < faults.length ? faults[round] : pick(faults))?.();
      await sleep(500 + dice(1_000));
    }
    isOver = true;
    await writing;
    await Promise.all(restarts);

    let noted = 0;
    const expectations = new Map<string, { head: number; cursors: string[]; history: ExpectedEvent[] }>();
    for (const organization of [large, small]) {
      const last = await writers.writeLast(organization);
      const { id } = organization;
      const state = await stateOf(gateway, id);
      const positionOf = (cursor: string) => readCursor(state, cursor) ?? Number.NaN;
      const history = await reconstructLog(
        writers.acknowledged.filter(({ organizationId }) => organizationId === id),
        { positionOf, end: positionOf(last) },
      );
      expect(state.head).toBe(history.length);
      noted += history.length;
      const cursors = history.map(({ position }) => writeCursor(state, position));
      expectations.set(id, { head: state.head, cursors, history });
    }

    const expectedByClient = new Map<
      ChaosClient,
      { since: string; due: { cursor: string; type: string }[] }
    >();
    /** Events that the client must have received since it last loaded its list. */
    function expectedOf(client: ChaosClient) {
      const { watched, loadedAt } = client;
      const known = expectedByClient.get(client);
      if (known?.since === loadedAt()) return known.due;
      const { cursors = [], history = [] } = expectations.get(watched.organizationId) ?? {};
      const since = cursors.indexOf(loadedAt());
      const due = history.flatMap((happened, index) => {
        const type = index > since ? watched.typeOf(happened) : null;
        return type === null ? [] : [{ cursor: cursors[index] ?? '', type }];
      });
      expectedByClient.set(client, { since: loadedAt(), due });
      return due;
    }
    const mismatches = () => clients.flatMap(mismatchOf);
    function mismatchOf(client: ChaosClient) {
      const { watched, heard, counts } = client;
      const { cursors = [] } = expectations.get(watched.organizationId) ?? {};
      const due = expectedOf(client);
      const loadsAllowed = 1 + (cursors.length > MAX_REPLAYED ? counts.sentToLoad : 0);
      const isAsDue =
        heard.length === due.length &&
        heard.every(({ cursor, type }, index) => cursor === due[index]?.cursor && type === due[index]?.type);
      if (isAsDue && counts.loads <= loadsAllowed && counts.ends.length === 0) return [];
      const places = new Map(cursors.map((cursor, index) => [cursor, index]));
      const got = new Map(heard.map(({ cursor, type }) => [cursor, type]));
      const asked = new Map(due.map(({ cursor, type }) => [cursor, type]));
      const at = (index: number) => places.get(heard[index]?.cursor ?? '') ?? Number.NaN;
      return [
        {
          name: watched.name,
          lost: due.filter(({ cursor }) => !got.has(cursor)).length,
          twice: heard.length - got.size,
          outOfOrder: heard.filter((_, index) => index > 0 && !(at(index) > at(index - 1))).length,
          strange: heard.filter(({ cursor, type }) => asked.get(cursor) !== type),
          ...counts,
        },
      ];
    }
    const stoppedAt = Date.now();
    await expect.poll(mismatches, { timeout: SETTLE_TIMEOUT_MS, interval: 500 }).toEqual([]);
    const settledMs = Date.now() - stoppedAt;

    const listDifferences = async () => {
      const lists = await Promise.all(
        clients.map(async (client) => ({ name: client.watched.name, ...(await client.compare()) })),
      );
      return lists.filter(({ is, shouldBe }) => String(is) !== String(shouldBe));
    };
    await expect.poll(listDifferences, { timeout: 20_000, interval: 1_000 }).toEqual([]);
    for (const { id } of [large, small]) await expectConsistent(gateway, id);
    expect(nodes.crashed()).toEqual([]);

    const acknowledgedAt = new Map(
      writers.acknowledged.map(({ organizationId, cursor, acknowledgedAt: at }) => [
        `${organizationId} ${cursor}`,
        at,
      ]),
    );
    const behindMs = clients.flatMap(({ watched, heard }) =>
      heard.map(({ cursor, heardAt }) => {
        const at = acknowledgedAt.get(`${watched.organizationId} ${cursor}`);
        return at === undefined ? 0 : heardAt - at;
      }),
    );
    const longestBehindMs = behindMs.reduce((longest, ms) => Math.max(longest, ms), 0);
    expect(longestBehindMs).toBeLessThan(SETTLE_TIMEOUT_MS);

    const total = (count: (client: ChaosClient) => number) =>
      clients.reduce((sum, client) => sum + count(client), 0);
    const report = {
      ...{ nodes: NODES, clients: CLIENTS, writers: WRITERS, seconds: SECONDS },
      ...{ acknowledged: writers.acknowledged.length, events: noted, ...writers.counts, ...writers.waits() },
      ...faultCounts,
      ...{ settledMs, longestBehindMs },
      residentMb: await nodes.memory(),
      heard: total(({ heard }) => heard.length),
      resumes: total(({ counts }) => counts.sockets - 1),
      onAnotherNode: total(({ counts }) => counts.moves),
      resets: total(({ counts }) => counts.resets),
      sentToLoad: total(({ counts }) => counts.sentToLoad),
      ...{ lost: 0, twice: 0, outOfOrder: 0 },
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  },
  (SECONDS + 900) * 1_000,
);
