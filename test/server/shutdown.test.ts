import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import WebSocket from 'ws';
import { startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { signToken } from '../../src/server/authenticate.ts';
import { createDatabase, SECRET } from '../support/gateway.ts';
import { createOrganization } from '../support/organization.ts';

/** Starts a gateway that the test stops itself. */
async function startAlone(onStatement: () => void) {
  const database = await createDatabase();
  const config = loadConfig({
    PORT: '0',
    AUTH_SECRET: SECRET,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'fatal',
  });
  const app = await startApp(config, {
    log: createLog('fatal'),
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
