import type { PrismaClient } from '../db/generated/prisma/client.ts';
import type { LogEvent } from '../feed/event.ts';
import { mergeSelections, type Selection } from './merge-selections.ts';
import { type FindArgs, type FindMethod, sendAsOne } from './row-batch.ts';

export type CoalescedReads = ReturnType<typeof createCoalescedReads>;

/**
 * Database clients for the executions of an event: whichever operations and viewers it is executed for, equal reads are sent
 * once. Results live as long as the event object, since they may be large. Another version gets a client of its own, which reads again.
 */
export function createCoalescedReads(db: PrismaClient) {
  const clients = new WeakMap<LogEvent, { version: number; client: PrismaClient }>();

  return {
    /** Client for what the event may show in this version. */
    of(event: LogEvent, version: number): PrismaClient {
      const known = clients.get(event);
      if (known?.version === version) return known.client;
      const client = coalesceReads(db);
      clients.set(event, { version, client });
      return client;
    },
    /** Gives the events, which are about to be executed in these versions, one client: rows that they read by id are read together. */
    share(events: readonly { event: LogEvent; version: number }[]) {
      const client = coalesceReads(db);
      for (const { event, version } of events) clients.set(event, { version, client });
    },
  };
}

/** Reads of rows with equal conditions, which differ by id at most. */
interface PendingRead {
  /** Undefined: all columns. */
  select: Selection | undefined;
  isSent: boolean;
  /** Of reads by id; empty for others. */
  ids: Set<string>;
  rowOf: (id: string | undefined) => Promise<unknown>;
}

/**
 * Coalesces the `find…` calls of concurrent executions, as a DataLoader does: calls of one tick with equal arguments are sent as one
 * statement with the merged selection, and so are calls of `findFirst` that differ by `where.id` alone. A result depends on nothing but its
 * arguments, so nobody sees rows that were not theirs, and columns that only another execution asked for are not shown.
 */
function coalesceReads(db: PrismaClient): PrismaClient {
  const reads = new Map<string, PendingRead[]>();
  const models = new Map<PropertyKey, object>();

  function read(model: PropertyKey, method: string, args: FindArgs, methods: Record<string, FindMethod>) {
    const { select, ...rest } = args;
    const id = method === 'findFirst' ? idOf(rest) : undefined;
    const conditions = id === undefined ? rest : { where: { ...rest.where, id: null } };
    const key = `${String(model)}.${method} ${JSON.stringify(conditions)}`;
    const candidates = reads.get(key) ?? [];
    reads.set(key, candidates);
    for (const candidate of candidates) if (tryExtend(candidate, select, id)) return candidate.rowOf(id);
    const pending: PendingRead = { select, isSent: false, ids: new Set(id === undefined ? [] : [id]), rowOf };
    const sent = nextTick().then(send);
    candidates.push(pending);
    return rowOf(id);

    function send(): (id: string | undefined) => Promise<unknown> {
      pending.isSent = true;
      const all = pending.select ? { ...rest, select: pending.select } : rest;
      if (pending.ids.size > 1) return sendAsOne(methods, all, pending.ids);
      const row = methods[method]?.(all);
      return async () => row;
    }

    async function rowOf(asked: string | undefined) {
      return (await sent)(asked);
    }
  }

  function wrapModel(name: PropertyKey, model: object) {
    const methods = model as Record<string, FindMethod>;
    return new Proxy(model, {
      get(target, method) {
        const own: unknown = Reflect.get(target, method);
        if (typeof own !== 'function' || !String(method).startsWith('find')) return own;
        return (args: FindArgs = {}) => read(name, String(method), args, methods);
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

/** The id of a read that has no conditions but those of `where`. */
function idOf({ where, ...others }: Omit<FindArgs, 'select'>): string | undefined {
  const id = where?.id;
  return typeof id === 'string' && Object.keys(others).length === 0 ? id : undefined;
}

/** Makes the read give this selection, and the row of this id, as well. False when it can't: it is sent already, or the selections conflict. */
function tryExtend(read: PendingRead, select: Selection | undefined, id: string | undefined): boolean {
  const isKnown = id === undefined || read.ids.has(id);
  if (read.isSent && !isKnown) return false;
  if (!read.select || !select) {
    if (read.select !== select) return false;
  } else {
    const merged = mergeSelections(read.select, select);
    if (!merged || (read.isSent && merged !== read.select)) return false;
    read.select = merged;
  }
  if (id !== undefined) read.ids.add(id);
  return true;
}

/** Resolves after all promise callbacks that can run now. */
function nextTick(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
