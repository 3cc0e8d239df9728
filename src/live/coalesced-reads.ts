import type { PrismaClient } from '../db/generated/prisma/client.ts';
import type { LogEvent } from '../feed/event.ts';
import { mergeSelections, type Selection } from './merge-selections.ts';

type FindArgs = { select?: Selection };
type FindMethod = (args: FindArgs) => Promise<unknown>;

export type CoalescedReads = ReturnType<typeof createCoalescedReads>;

/**
 * Database clients for the executions of an event: whichever operations and viewers it is executed for, equal reads are sent
 * once. Results live as long as the event object, since they may be large. Another version gets a client of its own, which reads again.
 */
export function createCoalescedReads(db: PrismaClient) {
  const clients = new WeakMap<LogEvent, { version: number; client: PrismaClient }>();
  return function readsFor(event: LogEvent, version: number): PrismaClient {
    const known = clients.get(event);
    if (known?.version === version) return known.client;
    const client = coalesceReads(db);
    clients.set(event, { version, client });
    return client;
  };
}

interface PendingRead {
  /** Undefined: all columns. */
  select: Selection | undefined;
  isSent: boolean;
  rows: Promise<unknown>;
}

/**
 * Coalesces the `find…` calls of concurrent executions, as a DataLoader does: calls of one tick with equal arguments are sent as one
 * statement with the merged selection. A result depends on nothing but its arguments, so nobody sees rows that were not theirs, and
 * columns that only another execution asked for are not shown.
 */
function coalesceReads(db: PrismaClient): PrismaClient {
  const reads = new Map<string, PendingRead[]>();
  const models = new Map<PropertyKey, object>();

  function read(find: FindMethod, method: string, { select, ...args }: FindArgs): Promise<unknown> {
    const key = `${method} ${JSON.stringify(args)}`;
    const candidates = reads.get(key) ?? [];
    reads.set(key, candidates);
    for (const candidate of candidates) if (tryExtend(candidate, select)) return candidate.rows;
    const pending: PendingRead = { select, isSent: false, rows: nextTick().then(send) };
    candidates.push(pending);
    return pending.rows;

    function send() {
      pending.isSent = true;
      return find(pending.select ? { ...args, select: pending.select } : args);
    }
  }

  function wrapModel(name: PropertyKey, model: object) {
    return new Proxy(model, {
      get(target, method) {
        const own: unknown = Reflect.get(target, method);
        if (typeof own !== 'function' || !String(method).startsWith('find')) return own;
        const find: FindMethod = (args) => own.call(target, args);
        return (args: FindArgs = {}) => read(find, `${String(name)}.${String(method)}`, args);
      },
    });
  }

  return new Proxy(db, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== 'object' || own === null || String(name).startsWith('$')) return own;
      const model = models.get(name) ?? wrapModel(name, own);
      models.set(name, model);
      return model;
    },
  });
}

/** Makes the read give this selection as well. False when it can't: it is sent already, or the selections conflict. */
function tryExtend(read: PendingRead, select: Selection | undefined): boolean {
  if (!read.select || !select) return read.select === select;
  const merged = mergeSelections(read.select, select);
  if (!merged || (read.isSent && merged !== read.select)) return false;
  read.select = merged;
  return true;
}

/** Resolves after all promise callbacks that can run now. */
function nextTick(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
