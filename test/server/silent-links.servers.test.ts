import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { captureLog, type LogLine } from '../support/captured-log.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { openLink } from '../support/link.ts';
import { openLiveSubscription } from '../support/live.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';

const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
const REDIS_LINKS = ['publish', 'subscribe', 'presence', 'activity', 'rates'].map((use) => `redis.${use}`);
const BEGINNING = 'a link does not work';
const END = 'a link works again';

let database: Database;
/** Reaches its database and Redis directly. */
let other: Gateway;

beforeEach(async () => {
  database = await createDatabase();
  onTestFinished(() => database.drop());
  other = await startNode(database);
  onTestFinished(async () => void (await other.stop()));
});

/** A node that finds its silent links fast, and the lines of its log. */
async function startBehind(env: Record<string, string>) {
  const { log, lines } = captureLog();
  const options = { log, answerTimeoutMs: 400, headPollIntervalMs: 200 };
  const node = await startNode(database, { RATE_LIMITS: '1000x', METRICS_PORT: '0', ...env }, options);
  onTestFinished(async () => void (await node.stop()));
  return { node, lines };
}

/** Links of which a line was told, in order of their names. */
const toldOf = (lines: LogLine[], msg: string) =>
  lines
    .filter((line) => line.msg === msg)
    .map(({ link }) => link)
    .sort();
const readReady = async ({ url }: Gateway) => (await fetch(`${url}/ready`)).json();
const readMetrics = async ({ metricsUrl }: Gateway) => (await fetch(`${metricsUrl}/metrics`)).text();

/** A team whose agent says things through the node that is not behind a link. */
async function createTeam() {
  const organization = await createOrganization(other);
  const conversationId = await openConversation(other, organization);
  const { send } = createMutations(other);
  return {
    ...organization,
    say: async (content: string) =>
      requireResult(await send(organization.agent, { conversationId, content })),
  };
}

test('a node whose Redis falls silent tells so once for each link, sends events from the log, and recovers', async () => {
  const link = await openLink(REDIS_URL);
  const { node, lines } = await startBehind({ REDIS_URL: link.url });
  await expect.poll(() => readReady(node)).toMatchObject({ status: 'ready', lagSeconds: expect.any(Number) });
  const team = await createTeam();
  const live = await openLiveSubscription(node, team.agent);

  link.freeze();
  await expect.poll(() => toldOf(lines, BEGINNING)).toEqual([...REDIS_LINKS].sort());
  const down = Object.fromEntries(REDIS_LINKS.map((name) => [name, 'down']));
  expect(await readReady(node)).toMatchObject({
    status: 'degraded',
    database: 'up',
    bus: 'down',
    links: down,
  });
  for (let count = 0; count < 3; count++) {
    await team.say(`${count}`);
    expect(await live.event()).toMatchObject({ message: { content: `${count}` } });
  }
  const metrics = await readMetrics(node);
  for (const name of REDIS_LINKS) {
    expect(metrics).toContain(`parley_link_up{link="${name}"} 0`);
    expect(metrics).toContain(`parley_link_troubles_total{link="${name}"} 1`);
  }
  expect(Number(/^parley_feed_missed_by_bus_total (\d+)/m.exec(metrics)?.[1])).toBeGreaterThanOrEqual(3);

  link.thaw();
  await expect.poll(() => toldOf(lines, END)).toEqual([...REDIS_LINKS].sort());
  expect(toldOf(lines, BEGINNING)).toEqual([...REDIS_LINKS].sort());
  expect(await readReady(node)).toMatchObject({ status: 'ready', bus: 'up' });
  await team.say('at last');
  expect(await live.event()).toMatchObject({ message: { content: 'at last' } });
});

test('an operation does not wait for a silent Redis', async () => {
  const link = await openLink(REDIS_URL);
  const { node } = await startBehind({ REDIS_URL: link.url });
  await expect.poll(() => readReady(node)).toMatchObject({ status: 'ready' });
  const { agent } = await createTeam();
  link.freeze();
  const began = performance.now();
  const { data } = await node.ask(agent, '{ viewer { identity { ... on User { isOnline } } } }');
  expect(data.viewer.identity.isOnline).toBe(false);
  expect(performance.now() - began).toBeLessThan(3_000);
});
