import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { createHttpServer } from '../../../src/server/http/http-server.ts';
import { createMetricsHandlers } from '../../../src/server/http/metrics.ts';
import { createDatabase, startNode } from '../../support/gateway.ts';

const TOKEN = 'a token for Prometheus';
const DATABASE_URL = 'postgres://127.0.0.1/never-opened';
const AUTH_SECRET = 'a secret of at least 32 characters, for tests only';

const statusOf = async (url: string, authorization?: string) =>
  (await fetch(`${url}/metrics`, { headers: authorization === undefined ? {} : { authorization } })).status;

/** Serves the handlers of this configuration, as an app does. */
async function serve(
  env: Record<string, string>,
  run: (urls: { open: string; own: string }) => Promise<void>,
) {
  const config = loadConfig({ AUTH_SECRET, ...env });
  const metrics = createMetricsHandlers({
    config,
    db: { count: () => [] },
    links: { list: () => [] },
    feed: {
      count: () => ({ organizations: 0, streams: 0 }),
      readProgress: () => ({ lagSeconds: 0, missedByBus: 0, catchingUp: new Map() }),
      countWaitingChanges: () => 0,
    },
    countSockets: () => 0,
  });
  const log = createLog('silent');
  const open = createHttpServer({
    handle: (request, response) => metrics.handlePublic(request, response) ?? response.writeHead(404).end(),
    log,
  });
  const own = createHttpServer({ handle: metrics.handlePrivate, log });
  try {
    await run({ open: await open.listen(0, '0.0.0.0'), own: await own.listen(0, '127.0.0.1') });
  } finally {
    await Promise.all([open.drain(), own.drain()]);
  }
}

test('with a server database the public port has no metrics, unless a token is set', () =>
  serve({ DATABASE_URL }, async ({ open }) => {
    expect(await statusOf(open)).toBe(404);
    expect(await statusOf(open, 'Bearer undefined')).toBe(404);
  }));

test('with a token each request for metrics must have it', () =>
  serve({ DATABASE_URL, METRICS_TOKEN: TOKEN }, async ({ open, own }) => {
    for (const url of [open, own]) {
      expect(await statusOf(url, `Bearer ${TOKEN}`)).toBe(200);
      for (const wrong of [
        undefined,
        '',
        TOKEN,
        'Bearer',
        `Bearer ${TOKEN}x`,
        `Basic ${TOKEN}`,
        'x'.repeat(8_000),
      ]) {
        expect(await statusOf(url, wrong), wrong).toBe(401);
      }
    }
  }));

test('with a port of their own, metrics are there alone', () =>
  serve({ DATABASE_URL, METRICS_PORT: '9100' }, async ({ open, own }) => {
    expect(await statusOf(open)).toBe(404);
    expect(await statusOf(own)).toBe(200);
    for (const path of ['/', '/graphql', '/health']) expect((await fetch(own + path)).status).toBe(404);
  }));

test('with the embedded database metrics are open to this machine alone', () =>
  serve({}, async ({ open }) => {
    expect(await statusOf(open)).toBe(200);
    const outer = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    if (outer) expect(await statusOf(open.replace('localhost', outer.address))).toBe(404);
  }));

test('a gateway with METRICS_PORT serves them there, and counts its websockets', async () => {
  const database = await createDatabase();
  const node = await startNode(database, { METRICS_PORT: '0' });
  try {
    expect(await statusOf(node.url)).toBe(404);
    expect(await (await fetch(`${node.metricsUrl}/metrics`)).text()).toContain('parley_websockets 0');
  } finally {
    expect(await node.stop()).toBe(true);
    await database.drop();
  }
  await expect(fetch(`${node.metricsUrl}/metrics`)).rejects.toThrow();
});

test('settings of metrics that can not be used are reported', () => {
  expect(() => loadConfig({ METRICS_PORT: '4000' })).toThrow('METRICS_PORT="4000": is PORT');
  expect(() => loadConfig({ METRICS_PORT: 'x' })).toThrow('METRICS_PORT');
  expect(() => loadConfig({ METRICS_TOKEN: 'short' })).toThrow(
    /^(?!.*short).*METRICS_TOKEN: expected at least 16/s,
  );
  expect(() => loadConfig({ ALLOWED_ORIGINS: 'https://a.example.com/, b' })).toThrow('without a path');
});
