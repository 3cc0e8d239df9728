import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bus } from '../../bus/bus.ts';
import type { Db } from '../../db/client.ts';
import type { Feed } from '../../feed/feed.ts';
import type { Links } from '../../links.ts';
import { pathOf } from './request-target.ts';

const DATABASE_TIMEOUT_MS = 3_000;
// Organizations that are listed, those with the most subscriptions first.
const MAX_LISTED = 10;

export interface HealthHandlerOptions {
  db: Db;
  bus: Bus;
  links: Pick<Links, 'list'>;
  feed: Pick<Feed, 'readProgress' | 'countWaitingChanges'>;
}

/** Handles /health (the process is alive) and /ready (the database and the bus answer). Null for any other request. */
export function createHealthHandler({ db, bus, links, feed }: HealthHandlerOptions) {
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

  async function readStatus(path: string) {
    if (path === '/health') return { code: 200, body: { status: 'alive' } };
    const isUp = await isDatabaseUp();
    const isWhole = bus.isUp() && links.list().every((link) => link.isUp);
    // Without Redis, events still arrive from the log.
    const status = !isUp ? 'unavailable' : isWhole ? 'ready' : 'degraded';
    const body = { status, database: toState(isUp), bus: toState(bus.isUp()), ...describe() };
    return { code: isUp ? 200 : 503, body };
  }

  /** Details for operators. */
  function describe() {
    const { lagSeconds, catchingUp } = feed.readProgress();
    const mostFirst = [...catchingUp].sort(([, a], [, b]) => b - a).slice(0, MAX_LISTED);
    return {
      links: Object.fromEntries(links.list().map((link) => [link.name, toState(link.isUp)])),
      lagSeconds: Math.round(lagSeconds * 10) / 10,
      waiting: {
        ...Object.fromEntries(db.count().map(({ pool, waiting }) => [pool, waiting])),
        changes: feed.countWaitingChanges(),
      },
      catchingUp: Object.fromEntries(mostFirst),
    };
  }

  async function answer(path: string, response: ServerResponse) {
    const { code, body } = await readStatus(path);
    response
      .writeHead(code, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(`${JSON.stringify(body)}\n`);
  }

  return function handle({ method, url }: IncomingMessage, response: ServerResponse): Promise<void> | null {
    const path = pathOf(url);
    const isKnown = (path === '/health' || path === '/ready') && (method === 'GET' || method === 'HEAD');
    return isKnown ? answer(path, response) : null;
  };
}

function toState(isUp: boolean): 'up' | 'down' {
  return isUp ? 'up' : 'down';
}
