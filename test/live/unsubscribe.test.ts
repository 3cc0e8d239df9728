import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateways } from '../support/gateway.ts';
import {
  type LiveEvent,
  MESSAGES,
  openLiveSubscription,
  openSubscription,
  TRANSPORTS,
} from '../support/live.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { connect, type Message } from '../support/socket.ts';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  [gateway] = (await startGateways(1, { METRICS_PORT: '0' })) as [Gateway];
  changes = createMutations(gateway);
});

beforeEach(async () => {
  await nothingIsLeft();
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization);
});

const counts = (expected: { organizations: number; streams: number }) =>
  expect.poll(() => gateway.feed.count()).toEqual(expected);
const nothingIsLeft = () => counts({ organizations: 0, streams: 0 });
const say = async (content: string) =>
  requireResult(await changes.send(organization.agent, { conversationId, content }));
const subscribe = (id: string, variables = {}) => ({
  id,
  type: 'subscribe',
  payload: { query: MESSAGES, variables },
});
const eventOf = ({ payload }: Message) => (payload as { data: { live: LiveEvent } }).data.live;

for (const transport of TRANSPORTS) {
  describe(`over ${transport}`, () => {
    test('a client that completes an idle stream is released at once', async () => {
      const stream = await openLiveSubscription(gateway, organization.agent, { transport });
      await counts({ organizations: 1, streams: 1 });
      stream.stop();
      await nothingIsLeft();
    });

    test('a client that leaves does not affect others, and the last one stops the log follower', async () => {
      const [first, second] = [
        await openLiveSubscription(gateway, organization.agent, { transport }),
        await openLiveSubscription(gateway, organization.colleague, { transport }),
      ];
      await counts({ organizations: 1, streams: 2 });
      first.stop();
      await counts({ organizations: 1, streams: 1 });
      await say('still here');
      expect(await second.event()).toMatchObject({ message: { content: 'still here' } });
      second.stop();
      await nothingIsLeft();
    });

    test('a client that subscribes after the last one has left gets events', async () => {
      (await openLiveSubscription(gateway, organization.agent, { transport })).stop();
      const stream = await openLiveSubscription(gateway, organization.agent, { transport });
      await say('again');
      expect(await stream.event()).toMatchObject({ message: { content: 'again' } });
    });

    test('a client that leaves while its stream is opening is released', async () => {
      for (let moments = 0; moments < 40; moments++) {
        const stream = await openSubscription(gateway, organization.agent, { transport });
        for (let moment = 0; moment < moments; moment++) await new Promise(setImmediate);
        stream.stop();
      }
      const last = await openLiveSubscription(gateway, organization.agent, { transport });
      await counts({ organizations: 1, streams: 1 });
      last.stop();
      await nothingIsLeft();
    });

    test('a stream that is refused or reset is released', async () => {
      const refused = await openSubscription(gateway, organization.agent, {
        transport,
        conversationId: 'CVR-01J00000000000000000000000',
      });
      const reset = await openSubscription(gateway, organization.agent, { transport, after: 'nonsense' });
      await Promise.all([refused.ended, reset.ended]);
      await nothingIsLeft();
    });
  });
}

describe('on one websocket', () => {
  test('/metrics counts what is open', async () => {
    const socket = await connect(gateway, organization.agent);
    socket.send(subscribe('1'));
    socket.send(subscribe('2'));
    await Promise.all([socket.next(), socket.next()]);
    const metrics = await (await fetch(`${gateway.metricsUrl}/metrics`)).text();
    expect(metrics).toContain('\nparley_websockets 1\n');
    expect(metrics).toContain('\nparley_streams 2\n');
    expect(metrics).toContain('\nparley_followed_organizations 1\n');
  });

  for (const leave of ['close', 'cut'] as const) {
    test(`all its streams are released when it is ${leave === 'cut' ? 'cut' : 'closed'}`, async () => {
      const socket = await connect(gateway, organization.agent);
      for (const id of ['1', '2', '3']) socket.send(subscribe(id));
      for (let count = 0; count < 3; count++) await socket.next();
      await counts({ organizations: 1, streams: 3 });
      socket[leave]();
      await nothingIsLeft();
    });

    test(`a stream that is opening or catching up is released when it is ${leave === 'cut' ? 'cut' : 'closed'}`, async () => {
      const { cursor: after } = await changes.send(organization.agent, { conversationId, content: 'one' });
      for (let count = 0; count < 50; count++) await say(`more ${count}`);
      const socket = await connect(gateway, organization.agent);
      for (const id of ['1', '2', '3']) socket.send(subscribe(id, { after }));
      socket.send(subscribe('4'));
      socket[leave]();
      await socket.closed;
      await nothingIsLeft();
    });
  }

  test('a stream that is completed while it is opening or catching up is released', async () => {
    const { cursor: after } = await changes.send(organization.agent, { conversationId, content: 'one' });
    for (let count = 0; count < 50; count++) await say(`more ${count}`);
    const socket = await connect(gateway, organization.agent);
    socket.send(subscribe('1', { after }));
    socket.send(subscribe('2'));
    socket.send({ id: '1', type: 'complete' });
    socket.send({ id: '2', type: 'complete' });
    socket.send(subscribe('3', { after }));
    expect(await socket.next()).toMatchObject({ id: '3', type: 'next' });
    socket.send({ id: '3', type: 'complete' });
    await nothingIsLeft();
  });

  test('an id that is reused right after complete gets one frame per event, and is released when the socket closes', async () => {
    const socket = await connect(gateway, organization.agent);
    for (let pair = 0; pair < 200; pair++) {
      socket.send(subscribe('same'));
      socket.send({ id: 'same', type: 'complete' });
    }
    socket.send(subscribe('same'));
    await counts({ organizations: 1, streams: 1 });
    for (const content of ['one', 'two', 'three']) await say(content);
    const messages: Message[] = [];
    do messages.push(await socket.next());
    while (eventOf(messages.at(-1) ?? { type: '' }).message?.content !== 'three');
    expect(new Set(messages.map(({ id }) => id))).toEqual(new Set(['same']));
    // Some of the completed operations had sent CaughtUp before.
    const added = messages.map(eventOf).filter(({ __typename }) => __typename === 'MessageAdded');
    expect(added.map(({ message }) => message?.content)).toEqual(['one', 'two', 'three']);
    socket.send({ type: 'ping' });
    expect(await socket.next()).toEqual({ type: 'pong' });
    socket.close();
    await socket.closed;
    await nothingIsLeft();
  });

  test('nothing is sent under an id after its complete, not even frames in flight', async () => {
    const socket = await connect(gateway, organization.agent);
    socket.send(subscribe('ended'));
    socket.send(subscribe('other'));
    await Promise.all([socket.next(), socket.next()]);
    const writing = Promise.all(['one', 'two', 'three'].map(say));
    socket.send({ id: 'ended', type: 'complete' });
    socket.send({ type: 'ping' });
    while ((await socket.next()).type !== 'pong');
    await writing;
    await say('last');
    const after: Message[] = [];
    do after.push(await socket.next());
    while (eventOf(after.at(-1) ?? { type: '' }).message?.content !== 'last');
    expect(new Set(after.map(({ id }) => id))).toEqual(new Set(['other']));
  });
});
