import { describe, expect, test } from 'vitest';
import type { Gateway } from '../support/gateway.ts';
import { prepareLimitedGateways, request, VIEWER_QUERY } from '../support/limited-gateway.ts';
import { openLiveSubscription, openSubscription, TRANSPORTS } from '../support/live.ts';
import type { Person } from '../support/mutations.ts';
import { connect, openSocket } from '../support/socket.ts';
import { times } from '../support/times.ts';

// Shares of addresses and viewers in open connections and subscriptions. Each test has a gateway of its own, whose limits are small.

const start = prepareLimitedGateways();

describe('websockets', () => {
  const subscribeTo = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });

  test('an operation beyond the limit gets an error, and the others go on', async () => {
    const { gateway, organization } = await start('contact.operations=2');
    const socket = await connect(gateway, organization.contact);
    for (const id of ['1', '2']) {
      socket.send(subscribeTo(id, VIEWER_QUERY));
      expect(await socket.next()).toMatchObject({ id, type: 'next' });
      expect(await socket.next()).toMatchObject({ id, type: 'complete' });
    }
    for (const query of [VIEWER_QUERY, 'subscription { messageAdded { __typename } }']) {
      socket.send(subscribeTo('3', query));
      expect(await socket.next()).toMatchObject({
        id: '3',
        type: 'error',
        payload: [{ extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } }],
      });
    }
    socket.send({ type: 'ping' });
    expect(await socket.next()).toMatchObject({ type: 'pong' });
  });

  test('more handshakes of an address than allowed are answered with 429', async () => {
    const { gateway } = await start('address.handshakes=2');
    for (const _ of times(2, String)) await openSocket(gateway);
    await expect(openSocket(gateway)).rejects.toThrow('429');
  });

  test('more websockets of an address than allowed are answered with 429, until one is closed', async () => {
    const { gateway } = await start('address.sockets=2');
    const [first] = [await openSocket(gateway), await openSocket(gateway)];
    await expect(openSocket(gateway)).rejects.toThrow('429');
    first.close();
    await first.closed;
    await expect.poll(() => openSocket(gateway).then(() => 'open', String)).toBe('open');
  });

  test('tokens that can not be used are counted for the address', async () => {
    const { gateway } = await start('address.failures=1');
    const tryToken = async () => {
      const socket = await openSocket(gateway);
      socket.send({ type: 'connection_init', payload: { authorization: 'Bearer x.y.z' } });
      return (await socket.closed).code;
    };
    expect(await tryToken()).toBe(4403);
    expect(await tryToken()).toBe(4429);
  });
});

describe('websockets and event streams', () => {
  test('of a viewer are counted together: a websocket beyond the limit is closed, a stream refused', async () => {
    const { gateway, organization } = await start('contact.sockets=2');
    const { contact, otherContact } = organization;
    const stream = await openLiveSubscription(gateway, contact, { transport: 'SSE' });
    const socket = await connect(gateway, contact);

    const third = await openSocket(gateway);
    third.send({
      type: 'connection_init',
      payload: { authorization: `Bearer ${await gateway.tokenFor(contact)}` },
    });
    expect(await third.closed).toEqual({
      code: 4429,
      reason:
        'This viewer has 2 websockets and event streams open on this node already. Close one, or use those.',
    });
    const refused = await request(gateway, contact, {
      query: 'subscription { messageAdded { __typename } }',
      headers: { accept: 'text/event-stream' },
    });
    expect(refused.status).toBe(429);
    expect(await refused.text()).toContain('TOO_MANY_OPERATIONS');
    await openLiveSubscription(gateway, otherContact, { transport: 'SSE' });

    stream.stop();
    socket.close();
    await socket.closed;
    await expect
      .poll(async () => {
        const again = await openSocket(gateway);
        again.send({
          type: 'connection_init',
          payload: { authorization: `Bearer ${await gateway.tokenFor(contact)}` },
        });
        return Promise.race([again.next().then(({ type }) => type), again.closed.then(({ code }) => code)]);
      })
      .toBe('connection_ack');
  });

  test('of an address are counted together', async () => {
    const { gateway, organization } = await start('address.sockets=1');
    const stream = await openLiveSubscription(gateway, organization.contact, { transport: 'SSE' });
    await expect(openSocket(gateway)).rejects.toThrow('429');
    stream.stop();
    await expect.poll(() => openSocket(gateway).then(() => 'open', String)).toBe('open');
  });
});

describe.each(TRANSPORTS)('subscriptions over %s', (transport) => {
  const search = (text: string) => `subscription { live: inbox(filter: { text: "${text}" }) { __typename } }`;
  const codeOf = async (gateway: Gateway, person: Person, query?: string) => {
    const live = await openSubscription(gateway, person, { transport, ...(query ? { query } : {}) });
    const { event, errors } = await live
      .next()
      .catch((error: unknown) => ({ event: null, errors: [error] as never[] }));
    return { live, code: event?.__typename ?? codeIn(errors[0]) };
  };
  const codeIn = (error: unknown) => /[A-Z]+(?:_[A-Z]+)+/.exec(JSON.stringify(error) + String(error))?.[0];

  test('a viewer has a number of them, and gets the place of one that has ended', async () => {
    const { gateway, organization } = await start('contact.subscriptions=2,user.subscriptions=3');
    const { contact, agent } = organization;
    const [first] = [await codeOf(gateway, contact), await codeOf(gateway, contact)];
    expect((await codeOf(gateway, contact)).code).toBe('TOO_MANY_OPERATIONS');
    expect((await codeOf(gateway, agent)).code).toBe('CaughtUp');
    first.live.stop();
    await expect.poll(async () => (await codeOf(gateway, contact)).code).toBe('CaughtUp');
  });

  test('a contact has a few with a search text; the team as many as others', async () => {
    const { gateway, organization } = await start('contact.searches=2');
    const { contact, agent } = organization;
    for (const text of ['a', 'b'])
      expect((await codeOf(gateway, contact, search(text))).code).toBe('CaughtUp');
    expect((await codeOf(gateway, contact, search('c'))).code).toBe('TOO_MANY_OPERATIONS');
    expect((await codeOf(gateway, contact, search(' '))).code).toBe('CaughtUp');
    for (const text of ['a', 'b', 'c'])
      expect((await codeOf(gateway, agent, search(text))).code).toBe('CaughtUp');
  });
});

describe.each([
  ['events', 'subscription { messageAdded { __typename } }'],
  ['a state', 'subscription { presence { __typename } }'],
])('a subscription to %s whose answer the client does not accept', (_what, query) => {
  test.each(['application/json', 'application/graphql-response+json', 'multipart/mixed', 'text/html', ';'])(
    '%s: is answered with 406, and keeps nothing open',
    async (accept) => {
      const { gateway, organization } = await start('user.subscriptions=1');
      const { agent } = organization;
      for (const _ of times(3, String)) {
        expect((await request(gateway, agent, { query, headers: { accept } })).status).toBe(406);
      }
      await expect.poll(() => gateway.feed.count().streams).toBe(0);
      const live = await openSubscription(gateway, agent, { transport: 'SSE' });
      expect((await live.next()).event).toMatchObject({ __typename: 'CaughtUp' });
    },
  );
});
