import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { type AppOptions, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { signToken } from '../../src/server/authenticate.ts';
import { captureLog } from '../support/captured-log.ts';
import { createDatabase, SECRET } from '../support/gateway.ts';
import { createOrganization } from '../support/organization.ts';
import { openRaw, requestText, statusOf } from '../support/raw.ts';

const QUIET = { log: createLog('fatal') };
// Far less than the time after which what is left is cut off.
const FAST_MS = 4_000;

/** Starts a gateway that the test stops itself. */
async function startAlone(onStatement: () => void = () => {}, options: Pick<AppOptions, 'log'> = QUIET) {
  const database = await createDatabase();
  const config = loadConfig({
    PORT: '0',
    AUTH_SECRET: SECRET,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'fatal',
  });
  const app = await startApp(config, {
    ...options,
    onStatement,
    ...(database.open ? { db: await database.open(onStatement) } : {}),
  });
  const organization = await createOrganization(app);
  const token = await signToken(SECRET, { sub: organization.agent.id, org: organization.id }, config.auth);
  return { app, token, drop: database.drop };
}

test('a shutdown answers the request in flight, refuses new connections, and is clean', async () => {
  let reached = () => {};
  const { app, token, drop } = await startAlone(() => reached());
  const inFlight = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const answer = fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"query":"{ viewer { organization { name } } }"}',
  });
  await inFlight;
  const stopped = app.stop();
  expect(await (await answer).json()).toEqual({ data: { viewer: { organization: { name: 'Test' } } } });
  expect(await stopped).toBe(true);
  await expect(fetch(`${app.url}/health`)).rejects.toThrow();
  await drop();
});

test('a shutdown closes websockets with 1001, and ends streams of server-sent events', async () => {
  const { app, token, drop } = await startAlone(() => {});
  let whenClosed = (_code: number) => {};
  const closed = new Promise<number>((resolve) => {
    whenClosed = resolve;
  });
  let whenCaughtUp = () => {};
  const caughtUp = new Promise<void>((resolve) => {
    whenCaughtUp = resolve;
  });
  const client = createClient({
    url: `${app.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${token}` },
    on: { closed: (event) => whenClosed((event as { code: number }).code) },
  });
  client.subscribe(
    { query: 'subscription { messageAdded { __typename } }' },
    { next: whenCaughtUp, error: () => {}, complete: () => {} },
  );
  const events = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
    },
    body: '{"query":"subscription { messageAdded { __typename } }"}',
  });
  await caughtUp;
  expect(await app.stop()).toBe(true);
  expect(await closed).toBe(1001);
  expect(await events.text()).toMatch(/CaughtUp/);
  await drop();
});

const POST = { 'Content-Type': 'application/json', 'Content-Length': '40', Connection: 'keep-alive' };

test.each([
  ['that sends nothing', '', null],
  ['with half a header', 'POST /graphql HTTP/1.1\r\nHost: loc', null],
  ['with half a body', `${requestText('/graphql', POST, 'POST')}{"query":`, 503],
  [
    'whose body was announced alone',
    requestText('/graphql', { ...POST, Expect: '100-continue' }, 'POST'),
    503,
  ],
])('a connection %s does not hold up a shutdown', async (_name, bytes, status) => {
  const { log, lines } = captureLog();
  const { app, drop } = await startAlone(() => {}, { log });
  const [silent, answered] = [await openRaw(app), await openRaw(app)];
  silent.send(bytes);
  // A later request is answered: the bytes before it have arrived.
  answered.send(requestText('/health'));
  await answered.received('alive');
  const began = performance.now();
  expect(await app.stop()).toBe(true);
  expect(performance.now() - began).toBeLessThan(FAST_MS);
  const text = (await silent.ended).replace('HTTP/1.1 100 Continue\r\n\r\n', '');
  expect(statusOf(text)).toBe(status);
  expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
  await drop();
});

test('a body that arrives soon after a shutdown began is still answered', async () => {
  const { app, drop } = await startAlone();
  const body = '{"query":"{ __typename }"}';
  const request = await openRaw(app);
  const headers = { ...POST, 'Content-Length': String(body.length), Expect: '100-continue' };
  request.send(requestText('/graphql', headers, 'POST'));
  await request.received('100 Continue');
  const stopped = app.stop();
  request.send(body);
  expect(await request.ended).toContain('{"data":{"__typename":"Query"}}');
  expect(await stopped).toBe(true);
  await drop();
});

test('a shutdown that is hurried waits for no client', async () => {
  const { app, token, drop } = await startAlone();
  // It answers no close frame.
  const silent = await openRaw(app);
  const upgrade = { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13' };
  const websocket = { ...upgrade, 'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64') };
  silent.send(requestText('/graphql', { ...websocket, 'Sec-WebSocket-Protocol': 'graphql-transport-ws' }));
  await silent.received('101 Switching Protocols');
  const half = await openRaw(app);
  half.send(
    requestText('/graphql', { ...POST, Authorization: `Bearer ${token}`, Expect: '100-continue' }, 'POST'),
  );
  await half.received('100 Continue');
  const began = performance.now();
  const stopped = app.stop();
  app.hurry();
  expect(await stopped).toBe(true);
  expect(performance.now() - began).toBeLessThan(1_500);
  expect(await half.ended).toContain('503 Service Unavailable');
  await drop();
});
