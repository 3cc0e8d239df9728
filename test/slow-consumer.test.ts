import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import type { Feed } from '../src/feed/feed.ts';
import { createMemoryBus } from '../src/feed/memory-bus.ts';
import type { StreamItem } from '../src/feed/stream.ts';
import { type Changes, changesThrough, done } from './support/change.ts';
import { type Gateway, startGateway } from './support/gateway.ts';
import { createInbox } from './support/inbox.ts';
import { type Frame, type LiveEvent, MESSAGES, watch, watchFromNow } from './support/live.ts';
import { cursorAt } from './support/log.ts';
import { createOrganization, openConversation, type TestOrganization } from './support/organization.ts';
import { feedOn, read, write } from './support/stream.ts';

// What one subscriber may have waiting, and what is sent to one who was away.
const MAX_WAITING = 1_000;
const MAX_REPLAYED = 10_000;

let gateway: Gateway;
let changes: Changes;
let organization: TestOrganization;
let feed: Feed;

beforeAll(async () => {
  gateway = await startGateway();
  changes = changesThrough(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  feed = feedOn(gateway, createMemoryBus());
});

async function openUnread(after?: string) {
  const stream = await feed.open({ scope: { organizationId: organization.id }, after, accepts: () => true });
  onTestFinished(async () => void (await stream.return?.()));
  return async (): Promise<StreamItem | undefined> => (await stream.next()).value;
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const cursor = (position: number) => cursorAt(gateway, organization.id, position);

async function writeMany(count: number) {
  for (let written = 0; written < count; written += 500)
    await write(feed, organization.id, Math.min(500, count - written));
}

describe('who takes events more slowly than they come', () => {
  test('gets all of them while no more than a thousand wait', async () => {
    const take = await openUnread();
    const quick = await read(feed, organization.id);
    await quick.next();
    await writeMany(MAX_WAITING);
    await quick.positions(MAX_WAITING);
    expect(await take()).toMatchObject({ kind: 'caughtUp' });
    for (const position of range(1, MAX_WAITING)) expect(await take()).toMatchObject({ event: { position } });
  });

  test('is told SLOW_CONSUMER when one more waits, and loses nothing by going on from resumeAfter', async () => {
    const take = await openUnread();
    const quick = await read(feed, organization.id);
    await quick.next();
    await write(feed, organization.id, 10);
    await quick.positions(10);
    expect(await take()).toMatchObject({ kind: 'caughtUp' });
    for (const position of range(1, 4)) expect(await take()).toMatchObject({ event: { position } });

    await writeMany(MAX_WAITING);
    await quick.positions(MAX_WAITING);
    expect(await take()).toEqual({ kind: 'reset', reason: 'SLOW_CONSUMER', resumeAfter: await cursor(4) });
    expect(await take()).toBeUndefined();

    const resumed = await read(feed, organization.id, await cursor(4));
    expect(await resumed.positions(MAX_WAITING + 6)).toEqual(range(5, MAX_WAITING + 10));
    expect(await resumed.next()).toMatchObject({ kind: 'caughtUp' });
  });

  test('is let go when it is told so', async () => {
    const take = await openUnread();
    const quick = await read(feed, organization.id);
    await quick.next();
    await writeMany(MAX_WAITING + 1);
    await quick.positions(MAX_WAITING + 1);
    expect(await take()).toMatchObject({ kind: 'caughtUp' });
    expect(await take()).toMatchObject({ kind: 'reset', resumeAfter: await cursor(0) });
    expect(await take()).toBeUndefined();
    expect(feed.counts()).toEqual({ organizations: 1, streams: 1 });
  });
});

describe('who was away', () => {
  test('for ten thousand events gets them all; for one more is told TOO_FAR_BEHIND', async () => {
    await writeMany(MAX_REPLAYED + 1);
    const near = await openUnread(await cursor(1));
    for (const position of range(2, MAX_REPLAYED + 1)) {
      const item = await near();
      if (item?.kind !== 'event' || item.event.position !== position)
        throw new Error(`not ${position}: ${JSON.stringify(item)}`);
    }
    expect(await near()).toEqual({ kind: 'caughtUp', cursor: await cursor(MAX_REPLAYED + 1) });

    const far = await openUnread(await cursor(0));
    let last: StreamItem | undefined;
    for (let item = await far(); item; item = await far()) last = item;
    expect(last).toEqual({ kind: 'reset', reason: 'TOO_FAR_BEHIND', resumeAfter: null });
  });

  test('is not too far behind for events that are not theirs', async () => {
    await writeMany(MAX_REPLAYED + 1);
    const live = await watch(gateway, organization.agent, { after: await cursor(0) });
    expect(await live.event()).toEqual({ __typename: 'CaughtUp', cursor: await cursor(MAX_REPLAYED + 1) });
  });
});

describe('a page that has stopped reading its websocket', () => {
  // The buffers of the network hold some megabytes; only then does the gateway notice.
  const FILLING = { count: 250, content: 'x'.repeat(50_000) };

  test('holds up nobody, is told SLOW_CONSUMER when it reads again, and goes on from there without a loss', async () => {
    const conversationId = await openConversation(gateway, organization);
    const stalled = await openStalled();
    const other = await watchFromNow(gateway, organization.colleague);
    const send = async (content: string) =>
      done(await changes.send(organization.agent, { conversationId, content }));
    const frames: Frame[] = [];

    for (let count = 0; count < FILLING.count; count++) {
      await send(FILLING.content);
      frames.push(await other.next());
    }
    const { id: messageId } = await send('small');
    frames.push(await other.next());
    const author = { organizationId: organization.id, kind: 'system', id: '' } as const;
    const again = {
      type: 'MESSAGE_ADDED',
      conversationId,
      contactId: organization.contact.id,
      messageId,
      isPublic: true,
    } as const;
    for (let count = 0; count < MAX_WAITING + FILLING.count; count += 125) {
      await gateway.feed.record(author, async () => ({ result: undefined, events: Array(125).fill(again) }));
      while (frames.length < FILLING.count + 1 + count + 125) frames.push(await other.next());
    }
    expect(frames.every(({ event }) => event?.__typename === 'MessageAdded')).toBe(true);

    const heard = await stalled.readAll();
    const reset = heard.pop();
    expect(reset).toMatchObject({ __typename: 'ResetRequired', reason: 'SLOW_CONSUMER' });
    expect(heard.length).toBeGreaterThan(0);
    expect(reset?.resumeAfter).toBe(heard.at(-1)?.cursor);

    const resumed = await watch(gateway, organization.agent, { after: reset?.resumeAfter });
    const rest = await resumed.upTo(({ __typename }) => __typename === 'CaughtUp');
    const all = [...heard.map((event) => event.cursor), ...rest.slice(0, -1).map((frame) => frame.cursor)];
    expect(all).toEqual(frames.map((frame) => frame.cursor));
  }, 120_000);

  async function openStalled() {
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, ['graphql-transport-ws']);
    onTestFinished(() => socket.terminate());
    const inbox = createInbox<{ type: string; payload?: { data: { live: LiveEvent } } }>('message');
    socket.on('message', (data) => inbox.put(JSON.parse(String(data))));
    await new Promise((resolve) => socket.once('open', resolve));
    const authorization = `Bearer ${await gateway.tokenFor(organization.agent)}`;
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    await inbox.next();
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: MESSAGES } }));
    await inbox.next();
    socket.pause();
    return {
      /** Reads again, until the stream is complete. */
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
