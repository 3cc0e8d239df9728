import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Config } from '../../config.ts';
import type { Db } from '../../db/client.ts';
import type { Feed } from '../../feed/feed.ts';
import type { Links } from '../../links.ts';
import { pathOf } from './request-target.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

interface MetricsSources {
  db: Pick<Db, 'count'>;
  links: Pick<Links, 'list'>;
  feed: Pick<Feed, 'count' | 'readProgress' | 'countWaitingChanges'>;
  countSockets: () => number;
}

export interface MetricsOptions extends MetricsSources {
  config: Pick<Config, 'databaseUrl' | 'metrics'>;
}

/** Handlers of /metrics, for Prometheus: one for the public port and one for a port of its own. Null for any other request. */
export function createMetricsHandlers({ config, ...sources }: MetricsOptions) {
  const registry = createRegistry(sources);
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

type Sample = readonly [label: string, value: number];

function createRegistry({ db, links, feed, countSockets }: MetricsSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  function gauge(name: string, help: string, count: () => number) {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(count());
      },
    });
  }
  /** One sample for each value of a label. */
  function gauges(name: string, { help, label }: { help: string; label: string }, read: () => Sample[]) {
    new Gauge({
      ...{ name, help, registers, labelNames: [label] },
      collect() {
        for (const [value, count] of read()) this.set({ [label]: value }, count);
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
  gauges('parley_link_up', { help: 'Whether a link to Redis or PostgreSQL works.', label: 'link' }, () =>
    links.list().map(({ name, isUp }) => [name, Number(isUp)]),
  );
  new Counter({
    ...{ name: 'parley_link_troubles_total', help: 'Times that a link stopped working.', registers },
    labelNames: ['link'],
    collect() {
      this.reset();
      for (const { name, troubles } of links.list()) this.inc({ link: name }, troubles);
    },
  });
  gauge(
    'parley_feed_lag_seconds',
    'Time since this node last knew that it had delivered all events.',
    () => feed.readProgress().lagSeconds,
  );
  new Counter({
    ...{ name: 'parley_feed_missed_by_bus_total', registers },
    help: 'Events that were read from the log, as the bus did not bring them.',
    collect() {
      this.reset();
      this.inc(feed.readProgress().missedByBus);
    },
  });
  gauge('parley_catching_up', 'Subscriptions that are reading missed events.', () =>
    [...feed.readProgress().catchingUp.values()].reduce((sum, count) => sum + count, 0),
  );
  gauges('parley_database_busy', { help: 'Connections in use.', label: 'pool' }, () =>
    db.count().map(({ pool, busy }) => [pool, busy]),
  );
  gauges('parley_database_waiting', { help: 'Statements that wait for a connection.', label: 'pool' }, () =>
    db.count().map(({ pool, waiting }) => [pool, waiting]),
  );
  gauge('parley_waiting_changes', "Changes that wait for their organization's share.", () =>
    feed.countWaitingChanges(),
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
