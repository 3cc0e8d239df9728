import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { readCursor } from '../../src/feed/cursor.ts';
import type { Person } from '../support/change.ts';
import { expectConsistent } from '../support/consistency.ts';
import { type Answer, createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { stateOf } from '../support/log.ts';
import { createOrganization, openConversation } from '../support/organization.ts';
import { createChance } from '../support/random.ts';
import { openRedisLink } from '../support/redis-link.ts';
import { openStormClient, type StormClient, viewsOf } from '../support/storm-clients.ts';
import { startNodes, terminateConnections } from '../support/storm-nodes.ts';
import { createWriters, type StormOrganization } from '../support/storm-writers.ts';

// `npm run storm` sets these higher.
const CLIENTS = Number(process.env.STORM_CLIENTS ?? 30);
const WRITERS = Number(process.env.STORM_WRITERS ?? 8);
const SECONDS = Number(process.env.STORM_SECONDS ?? 15);
const NODES = 3;
const CONVERSATIONS = 12;
const ANSWER_TIMEOUT_MS = 6_000;
const CALM_TIMEOUT_MS = 90_000;

let database: Database;
let gateway: Gateway;

beforeAll(async () => {
  database = await createDatabase();
  gateway = await startNode(database);
});

afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function createStormOrganization(): Promise<StormOrganization> {
  const organization = await createOrganization(gateway);
  const conversations: StormOrganization['conversations'] = [];
  for (let count = 0; count < CONVERSATIONS; count++) {
    const contactId = (count % 2 ? organization.otherContact : organization.contact).id;
    conversations.push({ id: await openConversation(gateway, organization, { contactId }), contactId });
  }
  return { ...organization, conversations };
}

test(
  'whatever is killed, cut and dropped, each client hears all that it may see once and in order',
  async () => {
    const chance = createChance(Number(process.env.STORM_SEED ?? 1));
    const { dice, pick } = chance;
    const redis = await openRedisLink(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379');
    const nodes = await startNodes(NODES, { databaseUrl: database.url ?? '', redisUrl: redis.url });
    onTestFinished(async () => void (await nodes.stop()));
    const organizations = [await createStormOrganization(), await createStormOrganization()] as const;

    async function send(url: string, person: Person, query: string, variables: object): Promise<Answer> {
      const response = await fetch(`${url}/graphql`, {
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

    const clients: StormClient[] = [];
    onTestFinished(async () => void (await Promise.all(clients.map((client) => client.stop()))));
    for (let index = 0; index < CLIENTS; index++) {
      // One in five is of the other organization.
      const views = viewsOf(organizations[index % 5 === 4 ? 1 : 0]);
      const watched = views[Math.floor(index / (index % 5 === 4 ? 5 : 1)) % views.length];
      if (!watched) throw new Error('no such view');
      const token = () => gateway.tokenFor(watched.viewer);
      clients.push(openStormClient({ watched, token, url: () => nodes.url(dice(NODES)), ask: gateway.ask }));
    }
    await Promise.all(clients.map(({ hasBegun }) => hasBegun));

    const writers = createWriters({ chance, send: (...asked) => send(nodes.url(dice(NODES)), ...asked) });
    let isOver = false;
    const writing = Array.from({ length: WRITERS }, (_, index) =>
      writers.write(organizations[index % 4 === 3 ? 1 : 0], `writer ${index}`, () => isOver),
    );

    const blows = { kills: 0, redisCuts: 0, redisOutages: 0, connections: 0, drops: 0, stalls: 0 };
    const some = (share: number) => clients.filter(() => dice(100) < share);
    const restarts: Promise<void>[] = [];
    const strike = [
      () => {
        for (const client of some(25)) client.drop();
        blows.drops += 1;
      },
      async () => {
        const index = dice(NODES);
        if (nodes.urls().length < NODES) return;
        blows.kills += 1;
        await nodes.kill(index);
        restarts.push(sleep(500).then(() => nodes.start(index)));
      },
      () => {
        redis.cut();
        blows.redisCuts += 1;
      },
      () => {
        for (const client of some(10)) client.stall(2_000 + dice(3_000));
        blows.stalls += 1;
      },
      async () => {
        blows.connections += await terminateConnections(database.url ?? '');
      },
      async () => {
        blows.redisOutages += 1;
        await redis.lower();
        await sleep(1_500);
        await redis.raise();
      },
    ];
    for (const end = Date.now() + SECONDS * 1_000, round = { at: 0 }; Date.now() < end; round.at++) {
      // Each of them at least once, then by chance.
      await (round.at < strike.length ? strike[round.at] : pick(strike))?.();
      await sleep(500 + dice(1_000));
    }
    isOver = true;
    await Promise.all(writing);
    await Promise.all(restarts);

    const faults = () => clients.flatMap((client) => faultsOf(client));
    const states = new Map(
      await Promise.all(organizations.map(async ({ id }) => [id, await stateOf(gateway, id)] as const)),
    );
    function faultsOf({ watched, heard, counts }: StormClient) {
      const { organizationId, mustHear, isAll, name } = watched;
      const state = states.get(organizationId);
      const positions = heard.map((cursor) => (state ? readCursor(state, cursor) : null) ?? Number.NaN);
      const due = writers.acknowledged.filter(
        (made) => made.organizationId === organizationId && mustHear(made),
      );
      const got = new Set(heard);
      const dueCursors = new Set(due.map(({ cursor }) => cursor));
      const found = {
        name,
        lost: due.filter(({ cursor }) => !got.has(cursor)).length,
        twice: heard.length - got.size,
        outOfOrder: positions.filter(
          (position, index) => index > 0 && !(position > (positions[index - 1] ?? 0)),
        ).length,
        strange: isAll ? heard.filter((cursor) => !dueCursors.has(cursor)).length : 0,
        reloads: counts.loads - 1,
        ends: counts.ends,
      };
      const sum =
        found.lost + found.twice + found.outOfOrder + found.strange + found.reloads + found.ends.length;
      return sum > 0 ? [found] : [];
    }
    await expect.poll(faults, { timeout: CALM_TIMEOUT_MS, interval: 500 }).toEqual([]);

    const unlike = async () => {
      const lists = await Promise.all(
        clients.map(async (client) => ({ name: client.watched.name, ...(await client.compare()) })),
      );
      return lists.filter(({ isInbox, is, shouldBe }) => isInbox && String(is) !== String(shouldBe));
    };
    await expect.poll(unlike, { timeout: 20_000, interval: 1_000 }).toEqual([]);
    for (const { id } of organizations) await expectConsistent(gateway, id);
    expect(nodes.fallen()).toEqual([]);

    const total = (count: (client: StormClient) => number) =>
      clients.reduce((sum, client) => sum + count(client), 0);
    const report = {
      ...{ nodes: NODES, clients: CLIENTS, writers: WRITERS, seconds: SECONDS },
      ...{ acknowledged: writers.acknowledged.length, ...writers.counts, ...writers.waits(), ...blows },
      residentMb: await nodes.memory(),
      events: total(({ heard }) => heard.length),
      resumes: total(({ counts }) => counts.sockets - 1),
      resets: total(({ counts }) => counts.resets),
      ...{ lost: 0, twice: 0, outOfOrder: 0 },
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  },
  (SECONDS + 300) * 1_000,
);
