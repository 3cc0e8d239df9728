import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { createClientAddress } from '../../src/server/client-address.ts';
import { createDatabase, type Database, startNode } from '../support/gateway.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation } from '../support/organization.ts';
import { PROXIES, type ProxyName, type RunningProxy, startProxy } from '../support/proxy.ts';
import { createReceiveQueue } from '../support/receive-queue.ts';
import type { Message } from '../support/socket.ts';

// The files of examples/proxy, run by the real programs.

const SUBSCRIPTION =
  'subscription { messageAdded { __typename ... on MessageAdded { message { content } } } }';
const ADDRESS = '127.0.0.7';

let database: Database;

beforeAll(async () => {
  database = await createDatabase();
  return () => database.drop();
});

async function startBehind(
  name: ProxyName,
  options: { pingIntervalMs?: number; timeoutSeconds?: number } = {},
) {
  const { timeoutSeconds, ...nodeOptions } = options;
  const node = await startNode(database, { TRUST_PROXY: '1' }, nodeOptions);
  onTestFinished(async () => void (await node.stop()));
  const proxy = await startProxy(name, {
    target: new URL(node.url).host,
    ...(timeoutSeconds ? { timeoutSeconds } : {}),
  });
  const organization = await createOrganization(node);
  const conversationId = await openConversation(node, organization);
  const token = await node.tokenFor(organization.agent);
  const say = async (content: string) =>
    requireResult(await createMutations(node).send(organization.agent, { conversationId, content }));
  return { node, proxy, token, say };
}

interface SentRequest {
  path?: string;
  body?: string;
  headers?: Record<string, string>;
}

/** Sends a request through the proxy, whose certificate nobody vouches for, from an address that is not the proxy's. */
async function send({ httpsPort }: RunningProxy, { path = '/graphql', body, headers = {} }: SentRequest) {
  const call = request({
    ...{ host: '127.0.0.1', port: httpsPort, servername: 'localhost', path, localAddress: ADDRESS },
    ...{ method: body === undefined ? 'GET' : 'POST', rejectUnauthorized: false, agent: false },
    headers: { host: `localhost:${httpsPort}`, 'content-type': 'application/json', ...headers },
  });
  call.end(body);
  onTestFinished(() => void call.destroy());
  const [response] = await once(call, 'response');
  response.on('error', () => undefined);
  return response as IncomingMessage;
}

async function readText(response: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

/** Subscribes over a websocket. Counts the pings of the node that arrive. */
async function subscribe({ httpsPort }: RunningProxy, token: string) {
  const options = { rejectUnauthorized: false, localAddress: ADDRESS };
  const socket = new WebSocket(`wss://localhost:${httpsPort}/graphql`, 'graphql-transport-ws', options);
  onTestFinished(() => socket.terminate());
  const inbox = createReceiveQueue<Message>('message');
  const pings = createReceiveQueue<true>('ping');
  socket.on('ping', () => pings.put(true));
  socket.on('message', (data) => inbox.put(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  expect(await inbox.next()).toMatchObject({ type: 'connection_ack' });
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION } }));
  expect(await inbox.next()).toMatchObject({
    payload: { data: { messageAdded: { __typename: 'CaughtUp' } } },
  });
  return { next: inbox.next, ping: pings.next, closed };
}

const added = (content: string) => ({ payload: { data: { messageAdded: { message: { content } } } } });

describe.each(Object.keys(PROXIES) as ProxyName[])('behind %s', (name) => {
  test('a query is answered over TLS, plain HTTP is sent there, and nothing but /graphql is reached', async () => {
    const { proxy, token } = await startBehind(name);
    const headers = { authorization: `Bearer ${token}` };
    const answer = await send(proxy, { body: '{"query":"{ streamCursor }"}', headers });
    expect(JSON.parse(await readText(answer))).toMatchObject({ data: { streamCursor: expect.any(String) } });
    expect(answer.headers['strict-transport-security']).toMatch(/max-age/);
    for (const path of ['/', '/health', '/ready', '/metrics', '/graphql/health', '//graphql/../metrics']) {
      const response = await send(proxy, { path });
      expect({ path, status: response.statusCode }).toEqual({ path, status: 404 });
    }
    const plain = await fetch(`http://127.0.0.1:${proxy.httpPort}/graphql`, {
      ...{ headers: { host: 'localhost' }, redirect: 'manual' },
    });
    expect([301, 302, 308]).toContain(plain.status);
    expect(plain.headers.get('location')).toMatch(/^https:/);
  });

  test('a websocket that is idle for longer than the time-out of the proxy stays open through pings', async () => {
    const { proxy, token, say } = await startBehind(name, { pingIntervalMs: 500, timeoutSeconds: 2 });
    const live = await subscribe(proxy, token);
    for (let count = 0; count < 6; count++) await live.ping();
    await say('after the pause');
    expect(await live.next()).toMatchObject(added('after the pause'));
  });

  test('an event stream delivers each event when it comes', async () => {
    const { proxy, token, say } = await startBehind(name);
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const response = await send(proxy, { body: JSON.stringify({ query: SUBSCRIPTION }), headers });
    const chunks = createReceiveQueue<string>('chunk');
    response.on('data', (data) => chunks.put(String(data)));
    async function readUpTo(text: string) {
      let read = '';
      while (!read.includes(text)) read += await chunks.next();
    }
    await readUpTo('CaughtUp');
    for (const content of ['one', 'two', 'three']) {
      await say(content);
      await readUpTo(`"${content}"`);
    }
  });

  test("the node is told the client's address, and not what the client claims", async () => {
    const received = createReceiveQueue<{ headers: IncomingHttpHeaders; address: string }>('request');
    // As with TRUST_PROXY=1.
    const addressOf = createClientAddress(1);
    const node = createServer((incoming, response) => {
      const { headers, url } = incoming;
      if (url === '/graphql') received.put({ headers, address: addressOf(incoming) });
      response.end();
    });
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void node.close());
    const proxy = await startProxy(name, { target: `127.0.0.1:${(node.address() as AddressInfo).port}` });
    const claims = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' };
    await readText(await send(proxy, { headers: claims }));
    const { headers, address } = await received.next();
    expect(address).toBe(ADDRESS);
    expect(JSON.stringify(headers)).not.toContain('203.0.113.9');
  });
});

test.each(['nginx', 'HAProxy'] as const)(
  '%s closes a websocket whose node is silent for longer than its time-out',
  async (name) => {
    const { proxy, token } = await startBehind(name, { pingIntervalMs: 60_000, timeoutSeconds: 1 });
    const live = await subscribe(proxy, token);
    expect(await live.closed).toBe(1006);
  },
);
