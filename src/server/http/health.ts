import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Bus } from '../../bus/bus.ts';
import type { Db } from '../../db/client.ts';
import type { Feed } from '../../feed/feed.ts';

const DATABASE_TIMEOUT_MS = 3_000;

export interface HealthHandlerOptions {
  db: Db;
  bus: Bus;
  feed: Pick<Feed, 'count'>;
  countSockets: () => number;
}

/**
 * Handles /health (the process is alive), /ready (the database and the bus answer) and /metrics (Prometheus). The handler returns false
 * for any other request.
 */
export function createHealthHandler({ db, bus, feed, countSockets }: HealthHandlerOptions) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  function gauge(name: string, help: string, count: () => number) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(count());
      },
    });
  }
  gauge('parley_websockets', 'Open websockets.', countSockets);
  gauge('parley_streams', 'Open subscriptions over all transports.', () => feed.count().streams);
  gauge(
    'parley_followed_organizations',
    'Organizations whose log this node follows.',
    () => feed.count().organizations,
  );

  async function isDatabaseUp(): Promise<boolean> {
    const timeout = new Promise<false>((resolve) =>
      setTimeout(() => resolve(false), DATABASE_TIMEOUT_MS).unref(),
    );
    const isUp = db.reads.$queryRaw`SELECT 1`.then(
      () => true,
      () => false,
    );
    return Promise.race([isUp, timeout]);
  }

  const pages: Record<string, () => Promise<{ status: number; type: string; body: string }>> = {
    '/health': async () => json(200, { status: 'alive' }),
    '/ready': async () => {
      const isUp = await isDatabaseUp();
      // Without the bus, events still arrive from the log.
      const status = !isUp ? 'unavailable' : bus.isUp() ? 'ready' : 'degraded';
      return json(isUp ? 200 : 503, {
        status,
        database: isUp ? 'up' : 'down',
        bus: bus.isUp() ? 'up' : 'down',
      });
    },
    '/metrics': async () => ({ status: 200, type: registry.contentType, body: await registry.metrics() }),
  };

  return function handle(request: IncomingMessage, response: ServerResponse): boolean {
    const page = pages[(request.url ?? '').split('?', 1)[0] ?? ''];
    if (!page || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    page().then(
      ({ status, type, body }) =>
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
      () => response.writeHead(500).end(),
    );
    return true;
  };
}

function json(status: number, body: object) {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}
