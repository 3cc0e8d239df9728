import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../src/limits.ts';
import { sendReply } from '../../../src/server/websocket/reply.ts';
import { captureLog, type LogLine } from '../../support/captured-log.ts';
import { createDatabase, type Gateway, startNode } from '../../support/gateway.ts';
import { createMutations, requireResult } from '../../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../../support/organization.ts';
import { watchUncaught } from '../../support/raw.ts';
import { connect, openSocket, type Socket } from '../../support/socket.ts';

// Messages over a websocket are bounded before anything else looks at them, with a token and without.

const WARN = 40;

let gateway: Gateway;
let organization: TestOrganization;
let lines: LogLine[];
let uncaught: unknown[];

beforeAll(async () => {
  const database = await createDatabase();
  const captured = captureLog();
  lines = captured.lines;
  gateway = await startNode(database, {}, { log: captured.log });
  organization = await createOrganization(gateway);
  return async () => {
    await gateway.stop();
    await database.drop();
  };
});

beforeEach(() => {
  lines.length = 0;
  uncaught = watchUncaught();
});

// Mistakes of a client are no faults of the server.
function expectNoFault() {
  expect(lines.filter(({ level }) => level >= WARN)).toEqual([]);
  expect(uncaught).toEqual([]);
}

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const openings: [string, () => Promise<Socket>][] = [
  ['before connection_init', () => openSocket(gateway)],
  ['after connection_ack', () => connect(gateway, organization.agent)],
];

describe.each(openings)('%s', (name, open) => {
  const deep: [string, (json: string) => string][] = [
    [
      'variables',
      (json) =>
        `{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","variables":{"a":${json}}}}`,
    ],
    [
      'variables of a subscription',
      (json) =>
        `{"id":"1","type":"subscribe","payload":{"query":"subscription { messageAdded { __typename } }","variables":{"a":${json}}}}`,
    ],
    [
      'extensions',
      (json) =>
        `{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","extensions":{"a":${json}}}}`,
    ],
    ['what a complete message holds besides', (json) => `{"id":"1","type":"complete","a":${json}}`],
    ['the payload of a ping', (json) => `{"type":"ping","payload":{"a":${json}}}`],
    ['connection_init', (json) => `{"type":"connection_init","payload":{"a":${json}}}`],
    ['an unknown message', (json) => `{"id":"1","type":"x","payload":${json}}`],
    ['a list', (json) => json],
    ['what is no JSON', (json) => json.replaceAll(']', '')],
  ];

  test.each(deep)('%s nested too deeply: 4400', async (_name, messageOf) => {
    for (const levels of [LIMITS.messageDepth + 1, 5_000]) {
      const socket = await open();
      socket.send(messageOf(nested(levels)));
      expect((await socket.closed).code).toBe(4400);
    }
    expectNoFault();
  });

  test.each([
    'null',
    '5',
    '"ping"',
    '[]',
    '{}',
    '',
    '\0',
    '{"type":null}',
    '{"type":["ping"]}',
    '{"type":"connection_ack"}',
    '{"type":"next","id":"1","payload":{}}',
    '{"type":"error","id":"1","payload":[{"message":"x"}]}',
    '{"type":"__proto__"}',
    '{"type":"ping","payload":5}',
    '{"type":"pong","payload":[]}',
    '{"type":"connection_init","payload":"x"}',
    '{"type":"complete"}',
    '{"type":"complete","id":""}',
    '{"type":"subscribe","id":5,"payload":{"query":"{ __typename }"}}',
    '{"type":"subscribe","id":"1"}',
    '{"type":"subscribe","id":"1","payload":{"query":5}}',
    '{"type":"subscribe","id":"1","payload":{"query":"{ __typename }","variables":[]}}',
    '{"type":"subscribe","id":"1","payload":{"query":"{ __typename }","operationName":5}}',
    '{"type":"subscribe","id":"1","payload":{"query":"{ __typename }","extensions":"x"}}',
    `{"type":"subscribe","id":"${'x'.repeat(LIMITS.operationId + 1)}","payload":{"query":"{ __typename }"}}`,
  ])('the message %s: 4400', async (message) => {
    const socket = await open();
    socket.send(message);
    expect((await socket.closed).code).toBe(4400);
    expectNoFault();
  });

  test('a ping is answered without its payload, and only so many between two heartbeats', async () => {
    const socket = await open();
    for (let count = 0; count < LIMITS.pingsPerHeartbeat; count++)
      socket.send({ type: 'ping', payload: { a: 'x'.repeat(1_000) } });
    for (let count = 0; count < LIMITS.pingsPerHeartbeat; count++)
      expect(await socket.next()).toEqual({ type: 'pong' });
    socket.send({ type: 'ping' });
    expect((await socket.closed).code).toBe(4429);
    expectNoFault();
  });

  test.each(['pong', 'ping'] as const)('frames of the type %s are counted as well', async (type) => {
    const socket = await open();
    for (let count = 0; count <= LIMITS.pingsPerHeartbeat; count++) socket.frame(type, 'x'.repeat(125));
    expect((await socket.closed).code).toBe(4429);
    if (type === 'ping') expect(socket.pongs()).toHaveLength(LIMITS.pingsPerHeartbeat);
    expectNoFault();
  });

  test('a message in more frames than the limit: 1008', async () => {
    const socket = await open();
    socket.fragments(LIMITS.messageParts + 1);
    expect((await socket.closed).code).toBe(1008);
    expectNoFault();
  });

  test('nothing is answered after the websocket was closed', async () => {
    const socket = await open();
    gateway.statements();
    socket.send('nonsense');
    for (let count = 0; count < 50; count++)
      socket.send({ id: `${count}`, type: 'subscribe', payload: { query: '{ users { nodes { id } } }' } });
    expect((await socket.closed).code).toBe(4400);
    await connect(gateway, organization.agent);
    expect(gateway.statements()).toEqual([]);
    expectNoFault();
  });

  test('a client may break off while it is answered', async () => {
    for (let count = 0; count < 20; count++) {
      const socket = await open();
      for (let id = 0; id < 20; id++)
        socket.send({ id: `${id}`, type: 'subscribe', payload: { query: '{ users { nodes { id } } }' } });
      if (name.startsWith('before')) await socket.closed;
      else await socket.next();
      socket.cut();
    }
    await connect(gateway, organization.agent);
    expectNoFault();
  });
});

describe('before connection_init', () => {
  test('a large message: 4400', async () => {
    for (const type of ['ping', 'connection_init', 'subscribe']) {
      const socket = await openSocket(gateway);
      socket.send({ type, payload: { a: 'x'.repeat(LIMITS.messageBytesBeforeInit) } });
      expect((await socket.closed).code).toBe(4400);
    }
    expectNoFault();
  });

  test.each([
    { type: 'complete', id: '1' },
    { type: 'subscribe', id: '1', payload: { query: '{ __typename }' } },
  ])('$type: 4401', async (message) => {
    const socket = await openSocket(gateway);
    socket.send(message);
    expect((await socket.closed).code).toBe(4401);
    expectNoFault();
  });
});

test('while answers wait beyond the limit for a client that does not read, nothing is read from it', async () => {
  let [sent, isPaused] = [0, false];
  const socket = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send(text: string, done: () => void) {
      sent += 1;
      this.bufferedAmount += text.length;
      done();
    },
    pause() {
      isPaused = true;
    },
  };
  const answer = 'x'.repeat(100_000);
  const reply = () => sendReply(socket as never, answer);
  while (!isPaused) await reply();
  expect(sent).toBe(Math.ceil(LIMITS.unsentBytes / answer.length));
  socket.readyState = 2;
  await reply();
  expect(sent).toBe(Math.ceil(LIMITS.unsentBytes / answer.length));
});

test('a client that reads late gets all answers, and is read from again', async () => {
  const changes = createMutations(gateway);
  const conversationId = await openConversation(gateway, organization);
  const content = 'x'.repeat(LIMITS.message);
  // Each answer has 150 kB.
  for (let sent = 0; sent < 3; sent++) {
    requireResult(await changes.send(organization.agent, { conversationId, content }));
  }
  const query =
    'query ($id: ID!) { node(id: $id) { ... on Conversation { messages(last: 3) { nodes { content } } } } }';
  const variables = { id: conversationId };
  const socket = await connect(gateway, organization.agent);
  socket.pause();
  const count = 90;
  for (let id = 0; id < count; id++)
    socket.send({ id: `${id}`, type: 'subscribe', payload: { query, variables } });
  gateway.statements();
  let executed = 0;
  await expect.poll(() => (executed += gateway.statements().length)).toBeGreaterThan(30);
  socket.resume();
  for (let messages = 0; messages < count * 2; messages++) await socket.next();
  socket.send({ type: 'ping' });
  expect(await socket.next()).toEqual({ type: 'pong' });
  expectNoFault();
});
