import { createSecretKey } from 'node:crypto';
import { createClient } from 'graphql-ws';
import { SignJWT } from 'jose';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { newId } from '../src/ids.ts';
import { type Changes, changesThrough, done, type Person } from './support/change.ts';
import { createDatabase, type Gateway, SECRET, startGateway, startNode } from './support/gateway.ts';
import { createInbox } from './support/inbox.ts';
import { MESSAGES, socketClient, watchFromNow } from './support/live.ts';
import { createOrganization, openConversation, type TestOrganization } from './support/organization.ts';
import { connect, openSocket } from './support/socket.ts';

let gateway: Gateway;
let changes: Changes;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
  changes = changesThrough(gateway);
  organization = await createOrganization(gateway);
});

function tokenUntil(exp: number, { id, organizationId }: Person = organization.agent) {
  const token = new SignJWT({ org: organizationId })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(id)
    .setExpirationTime(exp);
  return token.sign(createSecretKey(Buffer.from(SECRET)));
}

const inSeconds = (seconds: number) => Math.ceil(Date.now() / 1_000) + seconds;
const subscribe = (id: string) => ({ id, type: 'subscribe', payload: { query: MESSAGES } });

describe('one viewer takes nothing from the others', () => {
  test('a socket has at most 100 operations, and goes on with those that it has', async () => {
    const socket = await connect(gateway, organization.agent);
    for (let count = 0; count < 100; count++) socket.send(subscribe(`${count}`));
    for (let count = 0; count < 100; count++) expect(await socket.next()).toMatchObject({ type: 'next' });
    socket.send(subscribe('one too many'));
    expect(await socket.next()).toMatchObject({
      id: 'one too many',
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_OPERATIONS' } }],
    });
    socket.send({ id: '7', type: 'complete' });
    socket.send(subscribe('now there is room'));
    expect(await socket.next()).toMatchObject({ id: 'now there is room', type: 'next' });
  });

  test('a viewer has at most 100 sockets; the next is closed with 4429, and there is room again when one is gone', async () => {
    const viewer = (await createOrganization(gateway)).agent;
    const sockets = [];
    for (let count = 0; count < 100; count++) sockets.push(await connect(gateway, viewer));
    await expect(connect(gateway, viewer)).rejects.toThrow('closed with 4429');
    sockets[0]?.close();
    await sockets[0]?.closed;
    await expect
      .poll(() =>
        connect(gateway, viewer).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });
});

describe('operations', () => {
  test('queries and mutations work over it, and answers have their cursors', async () => {
    const client = socketClient(gateway.url, `Bearer ${await gateway.tokenFor(organization.agent)}`);
    onTestFinished(() => client.dispose());
    const run = async (query: string, variables: Record<string, unknown> = {}) => {
      const { value, done: ended } = await client
        .iterate<Record<string, unknown>>({ query, variables })
        .next();
      if (ended) throw new Error('no answer');
      return value;
    };
    expect(await run('{ viewer { identity { id } } }')).toEqual({
      data: { viewer: { identity: { id: organization.agent.id } } },
    });

    const conversationId = await openConversation(gateway, organization);
    const mutation = `mutation ($input: RenameConversationInput!) { renameConversation(input: $input) { ... on Conversation { name } } }`;
    expect(await run(mutation, { input: { conversationId, name: 'New' } })).toEqual({
      data: { renameConversation: { name: 'New' } },
      extensions: { cursor: expect.any(String) },
    });
    expect(await changes.read(organization.agent, conversationId)).toMatchObject({ name: 'New' });
  });

  test('a faulty one is answered with an error message, and the others on its socket go on', async () => {
    const socket = await connect(gateway, organization.agent);
    socket.send(subscribe('live'));
    expect(await socket.next()).toMatchObject({
      id: 'live',
      type: 'next',
      payload: { data: { live: { __typename: 'CaughtUp' } } },
    });

    for (const [id, payload, message] of [
      ['syntax', { query: 'subscription { messageAdded {' }, /Syntax Error/],
      ['field', { query: '{ nonsense }' }, /Cannot query field "nonsense"/],
      ['none', { query: 'query A { __typename } query B { __typename }' }, /identify operation/],
      ['variables', { query: 'query ($id: ID!) { node(id: $id) { id } }' }, /"\$id" of required type/],
      ['empty', { query: '' }, /Syntax Error/],
    ] as const) {
      socket.send({ id, type: 'subscribe', payload });
      const answer = await socket.next();
      expect(answer.id).toBe(id);
      const errors =
        answer.type === 'error' ? answer.payload : (answer.payload as { errors: unknown }).errors;
      expect(errors).toMatchObject([{ message: expect.stringMatching(message) }]);
      if (answer.type === 'next') expect(await socket.next()).toEqual({ id, type: 'complete' });
    }

    const conversationId = await openConversation(gateway, organization);
    done(await changes.send(organization.agent, { conversationId, content: 'still here' }));
    expect(await socket.next()).toMatchObject({
      id: 'live',
      payload: { data: { live: { message: { content: 'still here' } } } },
    });
  });

  test('many on one socket are kept apart by their ids, whatever these are', async () => {
    const socket = await connect(gateway, organization.agent);
    const ids = ['1', 'a:b', '2:1', '"quoted" \\ and\nbroken', 'ünïcödé ✓', '{"id":"1:1","type":"next"'];
    for (const id of ids) socket.send({ id, type: 'subscribe', payload: { query: `{ __typename }` } });
    const answers = [];
    for (let count = 0; count < ids.length * 2; count++) answers.push(await socket.next());
    for (const id of ids) {
      expect(answers.filter((answer) => answer.id === id)).toEqual([
        { id, type: 'next', payload: { data: { __typename: 'Query' } } },
        { id, type: 'complete' },
      ]);
    }
  });

  test('a ping is answered', async () => {
    const socket = await connect(gateway, organization.agent);
    socket.send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { at: 1 } });
  });
});

describe('what the protocol forbids closes the socket', () => {
  test('a second operation under an id that is in use: 4409', async () => {
    const socket = await connect(gateway, organization.agent);
    socket.send(subscribe('again'));
    await socket.next();
    socket.send(subscribe('again'));
    expect(await socket.closed).toEqual({ code: 4409, reason: 'Subscriber for again already exists' });
  });

  test('a second operation under an id that is in use and longer than a close frame: 4409, too', async () => {
    const socket = await connect(gateway, organization.agent);
    const id = 'é'.repeat(200);
    socket.send(subscribe(id));
    await socket.next();
    socket.send(subscribe(id));
    expect(await socket.closed).toMatchObject({ code: 4409 });
  });

  test('an operation before connection_init: 4401', async () => {
    const socket = await openSocket(gateway);
    socket.send(subscribe('early'));
    expect(await socket.closed).toMatchObject({ code: 4401 });
  });

  test('a second connection_init: 4429', async () => {
    const socket = await connect(gateway, organization.agent);
    socket.send({ type: 'connection_init' });
    expect(await socket.closed).toMatchObject({ code: 4429 });
  });

  for (const [name, message] of Object.entries({
    'what is no JSON': '{"type":',
    'what is no message': '{"id":"1","type":"nonsense"}',
    'an operation without an id': '{"type":"subscribe","payload":{"query":"{ __typename }"}}',
    'an operation without a query': '{"id":"1","type":"subscribe","payload":{}}',
  })) {
    test(`${name}: 4400`, async () => {
      const socket = await connect(gateway, organization.agent);
      socket.send(message);
      expect(await socket.closed).toMatchObject({ code: 4400 });
    });
  }

  test('a message over the size limit: 1009', async () => {
    const socket = await connect(gateway, organization.agent);
    socket.send({
      id: 'big',
      type: 'subscribe',
      payload: { query: '{ __typename }', variables: { text: 'x'.repeat(262_144) } },
    });
    expect(await socket.closed).toMatchObject({ code: 1009 });
  });

  test('another protocol: 4406', async () => {
    const socket = await openSocket(gateway, []);
    expect(await socket.closed).toMatchObject({ code: 4406 });
  });

  test('no connection_init for five seconds: 4408', async () => {
    const socket = await openSocket(gateway);
    expect(await socket.closed).toMatchObject({ code: 4408 });
  });

  test('an upgrade at another path is answered with 404', async () => {
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/elsewhere`, ['graphql-transport-ws']);
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
    });
    socket.on('error', () => socket.terminate());
    socket.terminate();
    expect(status).toBe(404);
  });
});

describe('who is not known is sent away with 4403 and the reason', () => {
  const cases: Record<string, () => Promise<{ payload?: object; reason: RegExp }>> = {
    'without a token': async () => ({
      reason: /^Give \{"authorization": "Bearer <JWT>"\} in connection_init\.$/,
    }),
    'with a broken token': async () => ({
      payload: { authorization: 'Bearer nonsense' },
      reason: /^The token is broken/,
    }),
    'with something else than a token': async () => ({
      payload: { authorization: 'Basic abc' },
      reason: /must be "Bearer <JWT>"/,
    }),
    'with an expired token': async () => ({
      payload: { authorization: `Bearer ${await tokenUntil(inSeconds(-60))}` },
      reason: /^The token has expired/,
    }),
    'with a token that names nobody': async () => ({
      payload: {
        authorization: `Bearer ${await tokenUntil(inSeconds(60), { ...organization.agent, id: newId('User') })}`,
      },
      reason: /^The token is valid, but names nobody here/,
    }),
  };
  for (const [name, make] of Object.entries(cases)) {
    test(name, async () => {
      const { payload, reason } = await make();
      const socket = await openSocket(gateway);
      socket.send({ type: 'connection_init', payload });
      expect(await socket.closed).toEqual({ code: 4403, reason: expect.stringMatching(reason) });
    });
  }

  test('and so is who is known, when their token expires', async () => {
    const socket = await openSocket(gateway);
    const exp = inSeconds(1);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${await tokenUntil(exp)}` } });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    socket.send(subscribe('live'));
    await socket.next();
    expect(await socket.closed).toEqual({
      code: 4403,
      reason: expect.stringMatching(/^The token has expired/),
    });
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000 - 5);
  });

  test('who comes back with a fresh token goes on', async () => {
    const tokens = [await tokenUntil(inSeconds(1)), await tokenUntil(inSeconds(60))];
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => ({ authorization: `Bearer ${tokens.shift()}` }),
      retryAttempts: 1,
      retryWait: async () => {},
    });
    onTestFinished(() => client.dispose());
    const events = createInbox<unknown>('event');
    client.subscribe<{ live: unknown }>(
      { query: MESSAGES },
      { next: ({ data }) => events.put(data?.live), error: events.close, complete: events.close },
    );
    expect(await events.next()).toMatchObject({ __typename: 'CaughtUp' });
    expect(await events.next()).toMatchObject({ __typename: 'CaughtUp' });
    const conversationId = await openConversation(gateway, organization, {
      firstMessage: { content: 'Hello' },
    });
    expect(await events.next()).toMatchObject({ message: { conversation: { id: conversationId } } });
  });
});

test('a gateway that stops says goodbye with 1001, ends its streams, and stops cleanly', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const node = await startNode(database);
  const { agent } = await createOrganization(node);
  const socket = await connect(node, agent);
  socket.send(subscribe('live'));
  await socket.next();
  const stream = await watchFromNow(node, agent, { transport: 'SSE' });
  expect(await node.stop()).toBe(true);
  expect(await socket.closed).toMatchObject({ code: 1001 });
  await stream.ended;
});
