import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { createMemoryBus } from '../../src/bus/bus-memory.ts';
import type { Feed } from '../../src/feed/feed.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import {
  type Frame,
  type LiveEvent,
  MESSAGES,
  openLiveSubscription,
  openSubscription,
} from '../support/live.ts';
import { cursorAt } from '../support/log.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';
import { feedOn, read, write } from '../support/stream.ts';

// Most events that are replayed.
const MAX_REPLAYED = 10_000;

let database: Database;
let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let feed: Feed;

beforeAll(async () => {
  database = await createDatabase();
  // A client that does not read answers no ping; here the ping must not cut it off.
  gateway = await startNode(database, {}, { pingIntervalMs: 600_000 });
  changes = createMutations(gateway);
});

afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  feed = feedOn(gateway, createMemoryBus());
});

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const cursor = (position: number) => cursorAt(gateway, organization.id, position);

async function writeMany(count: number) {
  for (let written = 0; written < count; written += 500)
    await write(feed, organization.id, Math.min(500, count - written));
}

describe('a subscriber who resumes', () => {
  test('gets 10,000 missed events, and TOO_FAR_BEHIND for one more', async () => {
    await writeMany(MAX_REPLAYED + 1);
    const near = await read(feed, organization.id, await cursor(1));
    expect(await near.positions(MAX_REPLAYED)).toEqual(range(2, MAX_REPLAYED + 1));
    expect(await near.next()).toEqual({ kind: 'caughtUp', cursor: await cursor(MAX_REPLAYED + 1) });

    const far = await read(feed, organization.id, await cursor(0));
    await far.positions(MAX_REPLAYED);
    expect(await far.next()).toEqual({ kind: 'reset', reason: 'TOO_FAR_BEHIND', resumeAfter: null });
  });

  test('is not too far behind because of events that it does not subscribe to', async () => {
    await writeMany(MAX_REPLAYED + 1);
    const live = await openSubscription(gateway, organization.agent, { after: await cursor(0) });
    expect(await live.event()).toEqual({ __typename: 'CaughtUp', cursor: await cursor(MAX_REPLAYED + 1) });
  });
});

describe('a client that has stopped reading its websocket', () => {
  // The gateway notices backpressure only when the network buffers are full, some ten megabytes.
  const FILLING = { count: 250, content: 'x'.repeat(50_000) };

  test('delays no other client, gets SLOW_CONSUMER when it reads again, and resumes from there without loss', async () => {
    const conversationId = await openConversation(gateway, organization);
    const stalled = await openStalled();
    const other = await openLiveSubscription(gateway, organization.colleague);
    const send = async (content: string) =>
      requireResult(await changes.send(organization.agent, { conversationId, content }));
    const frames: Frame[] = [];

    for (let count = 0; count < FILLING.count; count += 10) {
      await Promise.all(Array.from({ length: 10 }, () => send(FILLING.content)));
      while (frames.length < count + 10) frames.push(await other.next());
    }
    expect(frames.every(({ event }) => event?.__typename === 'MessageAdded')).toBe(true);

    const heard = await stalled.readAll();
    const reset = heard.pop();
    expect(reset).toMatchObject({ __typename: 'ResetRequired', reason: 'SLOW_CONSUMER' });
    expect(heard.length).toBeGreaterThan(0);
    expect(reset?.resumeAfter).toBe(heard.at(-1)?.cursor);

    const resumed = await openSubscription(gateway, organization.agent, { after: reset?.resumeAfter });
    const rest = await resumed.upTo(({ __typename }) => __typename === 'CaughtUp');
    const all = [...heard.map((event) => event.cursor), ...rest.slice(0, -1).map((frame) => frame.cursor)];
    expect(all).toEqual(frames.map((frame) => frame.cursor));
  }, 120_000);

  async function openStalled() {
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws']);
    onTestFinished(() => socket.terminate());
    const inbox = createReceiveQueue<{ type: string; payload?: { data: { live: LiveEvent } } }>('message');
    socket.on('message', (data) => inbox.put(JSON.parse(String(data))));
    await new Promise((resolve) => socket.once('open', resolve));
    const authorization = `Bearer ${await gateway.tokenFor(organization.agent)}`;
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    await inbox.next();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: MESSAGES } }));
    await inbox.next();
    socket.pause();
    return {
      /** Reads until the server completes the operation. */
      async readAll(): Promise<LiveEvent[]> {
        socket.resume();
        const events: LiveEvent[] = [];
        for (let message = await inbox.next(); message.type === 'next'; message = await inbox.next()) {
          if (message.payload) events.push(message.payload.data.live);
        }
        return events;
      },
    };
  }
});
