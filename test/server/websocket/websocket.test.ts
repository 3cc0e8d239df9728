import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import {
  createDatabase,
  type Gateway,
  startGateway,
  startNode,
  startNodeOfTest,
} from '../../support/gateway.ts';
import { MESSAGES, openLiveSubscription, socketClient } from '../../support/live.ts';
import { createMutations, type Mutations, requireResult } from '../../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../../support/organization.ts';
import { connect, openSocket } from '../../support/socket.ts';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
  organization = await createOrganization(gateway);
});

const subscribe = (id: string) => ({ id, type: 'subscribe', payload: { query: MESSAGES } });

describe('limits', () => {
  test('a websocket rejects the 101st operation, and keeps the others', async () => {
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
});

describe('operations', () => {
  test('queries and mutations are answered, with the cursor of the change', async () => {
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

  test('an invalid operation is answered with an error, and the others on its websocket go on', async () => {
    const socket = await connect(gateway, organization.agent);
    socket.send(subscribe('live'));
    expect(await socket.next()).toMatchObject({
      id: 'live',
      type: 'next',
      payload: { data: { live: { __typename: 'CaughtUp' } } },
    });

    const twoOperations = 'query A { __typename } query B { __typename }';
    const missingVariable = 'query ($id: ID!) { node(id: $id) { id } }';
    for (const [id, query, message, code] of [
      ['syntax', 'subscription { messageAdded {', /Syntax Error/, 'GRAPHQL_PARSE_FAILED'],
      ['field', '{ nonsense }', /Cannot query field "nonsense"/, 'GRAPHQL_VALIDATION_FAILED'],
      ['none', twoOperations, /Send operationName/, 'OPERATION_RESOLUTION_FAILURE'],
      ['variables', missingVariable, /"\$id" of required type/, 'BAD_USER_INPUT'],
      ['empty', '', /Syntax Error/, 'GRAPHQL_PARSE_FAILED'],
    ] as const) {
      socket.send({ id, type: 'subscribe', payload: { query } });
      const answer = await socket.next();
      expect(answer.id).toBe(id);
      const errors =
        answer.type === 'error' ? answer.payload : (answer.payload as { errors: unknown }).errors;
      expect(errors).toMatchObject([{ message: expect.stringMatching(message), extensions: { code } }]);
      if (answer.type === 'next') expect(await socket.next()).toEqual({ id, type: 'complete' });
    }

    const conversationId = await openConversation(gateway, organization);
    requireResult(await changes.send(organization.agent, { conversationId, content: 'still here' }));
    expect(await socket.next()).toMatchObject({
      id: 'live',
      payload: { data: { live: { message: { content: 'still here' } } } },
    });
  });

  test('concurrent operations are told apart by ids of any characters', async () => {
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

  test('concurrent subscriptions are told apart by ids of any characters', async () => {
    const socket = await connect(gateway, organization.agent);
    const ids = ['1', '"quoted" \\ and\nbroken', 'ünïcödé ✓', '😀', '\u007f', 'é'.repeat(200)];
    for (const id of ids) socket.send({ id, type: 'subscribe', payload: { query: MESSAGES } });
    const begun = [];
    for (const _ of ids) begun.push((await socket.next()).id);
    expect(begun.sort()).toEqual([...ids].sort());
    const conversationId = await openConversation(gateway, organization);
    requireResult(await changes.send(organization.agent, { conversationId, content: 'für alle ✓' }));
    const told = [];
    for (const _ of ids) told.push(await socket.next());
    expect(told.map(({ id }) => id).sort()).toEqual([...ids].sort());
    for (const { payload } of told)
      expect(payload).toMatchObject({ data: { live: { message: { content: 'für alle ✓' } } } });
  });

  test('a ping is answered', async () => {
    const socket = await connect(gateway, organization.agent);
    socket.send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong' });
  });
});

describe('violations of the protocol close the websocket:', () => {
  test('a duplicate operation id: 4409', async () => {
    const socket = await connect(gateway, organization.agent);
    socket.send(subscribe('again'));
    await socket.next();
    socket.send(subscribe('again'));
    expect(await socket.closed).toEqual({ code: 4409, reason: 'Subscriber for again already exists' });
  });

  test('a duplicate operation id that is longer than a close frame: 4409', async () => {
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
    'invalid JSON': '{"type":',
    'an unknown message': '{"id":"1","type":"nonsense"}',
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

  test('no connection_init in time: 4408', async () => {
    const node = await startNodeOfTest({}, { initTimeoutMs: 10 });
    const socket = await openSocket(node);
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

test('a gateway that stops closes websockets with 1001, ends event streams, and stops cleanly', async () => {
  const database = await createDatabase();
  onTestFinished(() => database.drop());
  const node = await startNode(database);
  const { agent } = await createOrganization(node);
  const socket = await connect(node, agent);
  socket.send(subscribe('live'));
  await socket.next();
  const stream = await openLiveSubscription(node, agent, { transport: 'SSE' });
  expect(await node.stop()).toBe(true);
  expect(await socket.closed).toMatchObject({ code: 1001 });
  await stream.ended;
});
