import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { connectLive, keepLive } from '../../examples/live-list.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { openLink } from '../support/link.ts';
import { type LiveEvent, MESSAGES, openLiveSubscription } from '../support/live.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';

const redisUrl = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

let database: Database;
let other: Gateway;

beforeAll(async () => {
  database = await createDatabase();
  other = await startNode(database);
});

afterAll(async () => {
  await other.stop();
  await database.drop();
});

async function startBehind(env: Record<string, string>) {
  const node = await startNode(database, env);
  onTestFinished(async () => void (await node.stop()));
  return node;
}

async function createTeam() {
  const organization = await createOrganization(other);
  const conversationId = await openConversation(other, organization);
  const say = async (content: string) =>
    requireResult(await createMutations(other).send(organization.agent, { conversationId, content }));
  return { ...organization, say };
}

async function ready({ url }: Gateway) {
  const response = await fetch(`${url}/ready`);
  return { status: response.status, body: await response.json() };
}

test('a message published while the connection is down is lost to a plain Redis subscriber', async () => {
  const link = await openLink(redisUrl);
  const [subscriber, publisher] = [new Redis(link.url), new Redis(redisUrl)];
  onTestFinished(() => {
    subscriber.disconnect();
    publisher.disconnect();
  });
  subscriber.on('error', () => {});
  const messages = createReceiveQueue<string>('message');
  subscriber.on('message', (_channel, message) => messages.put(message));
  const channel = `test:${randomUUID()}`;
  await subscriber.subscribe(channel);
  await link.lower();
  await publisher.publish(channel, 'meanwhile');
  await link.raise();
  await expect.poll(() => publisher.publish(channel, 'later')).toBe(1);
  expect(await messages.next()).toBe('later');
});

test('events written while the connection to Redis is down arrive from the log, and the node reports that it is degraded', async () => {
  const link = await openLink(redisUrl);
  const node = await startBehind({ REDIS_URL: link.url });
  const team = await createTeam();
  const live = await openLiveSubscription(node, team.agent);
  await team.say('first');
  expect(await live.event()).toMatchObject({ message: { content: 'first' } });
  await link.lower();
  for (let count = 0; count < 5; count++) {
    await team.say(`${count}`);
    expect(await live.event()).toMatchObject({ message: { content: `${count}` } });
  }
  expect(await ready(node)).toMatchObject({ status: 200, body: { status: 'degraded', bus: 'down' } });
  await link.raise();
  await expect.poll(async () => (await ready(node)).body).toMatchObject({ status: 'ready' });
});

test('a node without its database keeps running, reports it, and recovers; the documented client misses nothing', async () => {
  const url = new URL(database.url ?? '');
  const link = await openLink(url.href);
  url.port = new URL(link.url).port;
  const node = await startBehind({ DATABASE_URL: url.href });
  const team = await createTeam();
  const token = () => node.tokenFor(team.agent);
  const heard = createReceiveQueue<LiveEvent>('event');
  const client = connectLive(() => `${node.url.replace('http', 'ws')}/graphql`, token, WebSocket);
  const stop = keepLive<LiveEvent>(client, {
    query: MESSAGES,
    load: async () => (await other.ask(team.agent, '{ streamCursor }')).data.streamCursor,
    onEvent: (event) => event.__typename !== 'CaughtUp' && heard.put(event),
    onEnd: heard.close,
  });
  onTestFinished(async () => {
    stop();
    await client.dispose();
  });
  await team.say('before');
  expect(await heard.next()).toMatchObject({ message: { content: 'before' } });

  await link.lower();
  for (let count = 0; count < 10; count++) await team.say(`${count}`);
  await expect.poll(async () => (await ready(node)).status).toBe(503);
  await link.raise();
  for (let count = 0; count < 10; count++)
    expect(await heard.next()).toMatchObject({ message: { content: `${count}` } });
  await expect.poll(async () => (await ready(node)).status).toBe(200);
});
