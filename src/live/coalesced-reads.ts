import type { PrismaClient } from '../db/generated/prisma/client.ts';
import type { LogEvent } from '../feed/event.ts';
import { mergeSelections, type Selection } from './merge-selections.ts';

type FindArgs = { select?: Selection };
type FindMethod = (args: FindArgs) => Promise<unknown>;

export type CoalescedReads = ReturnType<typeof createCoalescedReads>;

/**
 * The database as it is seen after an event: for all that is executed for it, for whichever operations and viewers, what they read
 * alike is read once. Forgotten with the event: what an operation reads of it may be large.
 */
export function createCoalescedReads(db: PrismaClient) {
  const known = new WeakMap<LogEvent, PrismaClient>();
  return function readsFor(event: LogEvent): PrismaClient {
    const reads = known.get(event) ?? coalesceReads(db);
    known.set(event, reads);
    return reads;
  };
}

interface PendingRead {
  /** What it is to read of each row; undefined where it does not choose. */
  select: Selection | undefined;
  isSent: boolean;
  rows: Promise<unknown>;
}

/**
 * The database for executions that are made at the same time. What they read of the same rows is read once, in a statement that
 * waits until all that goes on in this tick has asked. What a statement gives depends on nothing but its arguments, so nobody
 * gets what was not theirs to read; and a row that has more than a field asked for shows no more of it.
 */
function coalesceReads(db: PrismaClient): PrismaClient {
  const reads = new Map<string, PendingRead[]>();
  const models = new Map<PropertyKey, object>();

  function read(find: FindMethod, which: string, { select, ...args }: FindArgs): Promise<unknown> {
    const key = `${which} ${JSON.stringify(args)}`;
    const known = reads.get(key) ?? [];
    reads.set(key, known);
    for (const one of known) if (tryExtend(one, select)) return one.rows;
    const begun: PendingRead = { select, isSent: false, rows: nextTick().then(send) };
    known.push(begun);
    return begun.rows;

    function send() {
      begun.isSent = true;
      return find(begun.select ? { ...args, select: begun.select } : args);
    }
  }

  function shareModel(name: PropertyKey, model: object) {
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
      const model = models.get(name) ?? shareModel(name, own);
      models.set(name, model);
      return model;
    },
  });
}

/** Whether the read gives this as well, or was made to. */
function tryExtend(read: PendingRead, select: Selection | undefined): boolean {
  if (!read.select || !select) return read.select === select;
  const merged = mergeSelections(read.select, select);
  if (!merged || (read.isSent && merged !== read.select)) return false;
  read.select = merged;
  return true;
}

/** When all promises that can go on have done so. */
function nextTick(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
