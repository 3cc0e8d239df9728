import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Bus } from '../../bus/bus.ts';
import type { Db } from '../../db/client.ts';
import { pathOf } from './request-target.ts';

const DATABASE_TIMEOUT_MS = 3_000;

export interface HealthHandlerOptions {
  db: Db;
  bus: Bus;
}

/** Handles /health (the process is alive) and /ready (the database and the bus answer). Null for any other request. */
export function createHealthHandler({ db, bus }: HealthHandlerOptions) {
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
    // Without the bus, events still arrive from the log.
    const status = !isUp ? 'unavailable' : bus.isUp() ? 'ready' : 'degraded';
    const body = { status, database: isUp ? 'up' : 'down', bus: bus.isUp() ? 'up' : 'down' };
    return { code: isUp ? 200 : 503, body };
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
