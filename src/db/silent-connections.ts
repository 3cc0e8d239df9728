import type pg from 'pg';
import type { Link } from '../links.ts';

// A connection that was used within this share of the time for an answer is not asked.
const FRESH = 1 / 4;

export interface PoolWatchOptions {
  link: Link;
  /** Time in which a connection must answer before it is used, and at which the pool is asked. */
  answerTimeoutMs: number;
}

/**
 * Finds connections of a pool that are silent, as when a firewall has forgotten them. A connection that nobody used for a while is asked for an
 * answer together with its next statement, which costs no round trip, and is destroyed without one; so are then all that idle. The pool
 * is asked at an interval, too. Returns the function that ends that.
 */
export function watchPool(pool: pg.Pool, { link, answerTimeoutMs }: PoolWatchOptions): () => void {
  const usedAt = new WeakMap<pg.PoolClient, number>();
  let [isProbing, isEmptying, isStopped] = [false, false, false];
  let answeredAt = 0;

  function noteAnswer() {
    answeredAt = performance.now();
    link.up();
  }

  /** A question that was put before the last answer came says nothing about the link: its connection alone was silent. */
  function noteSilence(error: Error, askedAt: number) {
    if (!isStopped && askedAt >= answeredAt) link.down(error);
  }

  /** Resolves when the connection has answered. `pg` destroys one that does not. */
  async function ask(client: pg.PoolClient) {
    const askedAt = performance.now();
    try {
      const question = { text: 'SELECT 1', query_timeout: answerTimeoutMs };
      await client.query(question);
      noteAnswer();
    } catch (error) {
      noteSilence(error as Error, askedAt);
      await empty();
    }
  }

  /** Destroys all connections that idle: they are as old as the one that was silent. */
  async function empty() {
    if (isEmptying) return;
    isEmptying = true;
    const idle = Array.from({ length: pool.idleCount }, () => pool.connect());
    for (const result of await Promise.allSettled(idle))
      if (result.status === 'fulfilled') result.value.release(true);
    isEmptying = false;
  }

  async function probe() {
    const isFull = pool.idleCount === 0 && pool.totalCount >= pool.options.max;
    // Of a full pool, those who use its connections tell.
    if (isProbing || isFull) return;
    isProbing = true;
    const askedAt = performance.now();
    try {
      const client = await pool.connect();
      await ask(client);
      client.release();
    } catch (error) {
      noteSilence(error as Error, askedAt);
    }
    isProbing = false;
  }

  pool.on('release', (_error, client) => usedAt.set(client, performance.now()));
  pool.on('acquire', (client) => {
    const isFresh = performance.now() - (usedAt.get(client) ?? performance.now()) < answerTimeoutMs * FRESH;
    if (!isFresh && !isEmptying) void ask(client);
  });
  pool.on('connect', noteAnswer);
  const timer = setInterval(() => void probe(), answerTimeoutMs);
  timer.unref();
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
