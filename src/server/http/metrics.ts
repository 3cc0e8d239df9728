import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Config } from '../../config.ts';
import type { Feed } from '../../feed/feed.ts';
import { pathOf } from './request-target.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

export interface MetricsOptions {
  config: Pick<Config, 'databaseUrl' | 'metrics'>;
  feed: Pick<Feed, 'count'>;
  countSockets: () => number;
}

/** Handlers of /metrics, for Prometheus: one for the public port and one for a port of its own. Null for any other request. */
export function createMetricsHandlers({ config, feed, countSockets }: MetricsOptions) {
  const registry = createRegistry({ feed, countSockets });
  const { port, token } = config.metrics;

  // With the embedded database the gateway is tried out on one machine.
  const isPublic = ({ socket }: IncomingMessage) =>
    port === undefined &&
    (token !== undefined || (config.databaseUrl === undefined && LOOPBACK.has(socket.remoteAddress ?? '')));

  async function answer(request: IncomingMessage, response: ServerResponse) {
    if (token !== undefined && !isToken(token, request.headers.authorization)) {
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return;
    }
    const body = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' }).end(body);
  }

  function isMetrics({ method, url }: IncomingMessage): boolean {
    return pathOf(url) === '/metrics' && (method === 'GET' || method === 'HEAD');
  }

  return {
    handlePublic: (request: IncomingMessage, response: ServerResponse) =>
      isMetrics(request) && isPublic(request) ? answer(request, response) : null,
    /** Answers 404 to any other request. */
    handlePrivate: (request: IncomingMessage, response: ServerResponse) =>
      isMetrics(request) ? answer(request, response) : response.writeHead(404).end(),
  };
}

function createRegistry({ feed, countSockets }: Pick<MetricsOptions, 'feed' | 'countSockets'>): Registry {
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
  return registry;
}

/** Compares in constant time: digests have equal lengths, whatever was sent. */
function isToken(token: string, authorization = ''): boolean {
  return timingSafeEqual(digest(`Bearer ${token}`), digest(authorization));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
