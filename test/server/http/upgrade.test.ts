import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { createDatabase, type Gateway, startNode } from '../../support/gateway.ts';
import { createOrganization, type TestOrganization } from '../../support/organization.ts';
import { exchange, openRaw, requestText, statusOf, watchUncaught } from '../../support/raw.ts';
import { connect } from '../../support/socket.ts';

// Upgrade requests need no token, so that nothing in one may end the process.

const ORIGIN = 'https://inbox.example.com';
const HANDSHAKE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Protocol': 'graphql-transport-ws',
};
const H2C = { Connection: 'Upgrade, HTTP2-Settings', Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' };

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  const database = await createDatabase();
  gateway = await startNode(database, { ALLOWED_ORIGINS: ORIGIN });
  organization = await createOrganization(gateway);
  return async () => {
    await gateway.stop();
    await database.drop();
  };
});

async function isAlive(): Promise<boolean> {
  await connect(gateway, organization.agent);
  return (await fetch(`${gateway.url}/health`)).ok;
}

test.each([
  '//',
  '///graphql',
  '//[',
  '/\\',
  '/%',
  '/%00',
  '/graphql/../x',
  '/graphql//',
  '*',
  'http://',
  'http://[',
  'http://:99999/x',
  'http://a:b@c:d/x',
  'https://localhost/x?%',
  `/${'a/'.repeat(5_000)}`,
])('an upgrade at the target %s is answered with an error', async (target) => {
  const uncaught = watchUncaught();
  for (const upgrade of ['x', 'websocket', 'h2c', 'websocket, x', '']) {
    const answer = await exchange(
      gateway,
      requestText(target, { ...HANDSHAKE, Connection: 'close, Upgrade', Upgrade: upgrade }),
    );
    expect(statusOf(answer)).toBeOneOf([400, 404]);
  }
  expect(uncaught).toEqual([]);
  expect(await isAlive()).toBe(true);
});

test('an absolute target is served like its path', async () => {
  const headers = { ...HANDSHAKE, Origin: ORIGIN };
  const connection = await openRaw(gateway);
  connection.send(requestText('http://chat.example.com/graphql?x', headers));
  await connection.received('HTTP/1.1 101');
  const health = requestText('http://chat.example.com/health', { Connection: 'close' });
  expect(statusOf(await exchange(gateway, health))).toBe(200);
  const query = requestText('http://chat.example.com/graphql?query={__typename}', { Connection: 'close' });
  expect(await exchange(gateway, query)).toContain('{"data":{"__typename":"Query"}}');
});

test.each<[string, string, Record<string, string>, number]>([
  ['at another path', '/elsewhere', {}, 404],
  ['of a page of a foreign origin', '/graphql', { Origin: 'https://evil.example.com' }, 403],
  ['with POST', '/graphql', {}, 405],
  ['without a key', '/graphql', { 'Sec-WebSocket-Key': 'x' }, 400],
  ['of an old version', '/graphql', { 'Sec-WebSocket-Version': '7' }, 400],
  ['with a broken subprotocol', '/graphql', { 'Sec-WebSocket-Protocol': ',' }, 400],
])(
  'a websocket %s is rejected, and the client may break off meanwhile',
  async (name, path, headers, status) => {
    const uncaught = watchUncaught();
    const request = requestText(path, { ...HANDSHAKE, ...headers }, name === 'with POST' ? 'POST' : 'GET');
    expect(statusOf(await exchange(gateway, request))).toBe(status);
    for (let count = 0; count < 20; count++) {
      const connection = await openRaw(gateway);
      connection.send(request);
      await connection.reset();
    }
    expect(await isAlive()).toBe(true);
    expect(uncaught).toEqual([]);
  },
);

test('an accepted websocket may break off at any byte', async () => {
  const uncaught = watchUncaught();
  // The header of a text frame of 200 bytes, with its mask, and a part of the text.
  const frame = Buffer.from([0x81, 0xfe, 0x00, 0xc8, 1, 2, 3, 4, 5]);
  for (let bytes = 0; bytes <= frame.length; bytes++) {
    const connection = await openRaw(gateway);
    connection.send(requestText('/graphql', HANDSHAKE));
    await connection.received('HTTP/1.1 101');
    connection.send(frame.subarray(0, bytes));
    await connection.reset();
  }
  expect(await isAlive()).toBe(true);
  expect(uncaught).toEqual([]);
});

test('a request that offers another protocol is answered over HTTP/1.1', async () => {
  const health = await exchange(
    gateway,
    requestText('/health', { ...H2C, Connection: `${H2C.Connection}, close` }),
  );
  expect(statusOf(health)).toBe(200);
  expect(health).toContain('{"status":"alive"}');

  const body = JSON.stringify({ query: '{ viewer { identity { id } } }' });
  const headers = {
    ...H2C,
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
    Authorization: `Bearer ${await gateway.tokenFor(organization.agent)}`,
  };
  const connection = await openRaw(gateway);
  // The body comes with the headers, later, and in parts.
  connection.send(requestText('/graphql', headers, 'POST') + body);
  await connection.received(organization.agent.id);
  connection.send(requestText('/graphql', headers, 'POST') + body.slice(0, 5));
  connection.send(body.slice(5));
  await connection.received(organization.agent.id, 2);
});

test('a connection offers another protocol any number of times', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const connection = await openRaw(gateway);
  for (let count = 1; count <= 30; count++) {
    connection.send(requestText('/health', H2C));
    await connection.received('"alive"', count);
  }
  connection.send(requestText('/graphql', HANDSHAKE));
  await connection.received('HTTP/1.1 101');
  expect(warnings).toEqual([]);
});

test('an upgrade behind an unanswered request of its connection closes it', async () => {
  const uncaught = watchUncaught();
  for (const headers of [H2C, HANDSHAKE]) {
    const text = await exchange(
      gateway,
      requestText('/graphql?query={__typename}') + requestText('/graphql', headers),
    );
    expect(text).not.toContain('101');
  }
  expect(uncaught).toEqual([]);
});
