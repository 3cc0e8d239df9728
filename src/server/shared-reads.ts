import type { PrismaClient } from '../db/generated/prisma/client.ts';
import type { LogEvent } from '../feed/event.ts';

export type EventReads = ReturnType<typeof createEventReads>;

/**
 * The database as it is seen after an event: for all that is executed for it, for whichever operations and viewers, what they read
 * alike is read once. Forgotten with the event.
 */
export function createEventReads(db: PrismaClient) {
  const known = new WeakMap<LogEvent, PrismaClient>();
  return function readsAfter(event: LogEvent): PrismaClient {
    const reads = known.get(event) ?? shareReads(db);
    known.set(event, reads);
    return reads;
  };
}

/**
 * The database for executions that are made at the same time: what they read alike is read once. What a statement gives
 * depends on nothing but its arguments, so nobody gets what was not theirs to read.
 */
function shareReads(db: PrismaClient): PrismaClient {
  const results = new Map<string, Promise<unknown>>();
  const models = new Map<PropertyKey, object>();

  function shareModel(name: PropertyKey, model: object) {
    return new Proxy(model, {
      get(target, method) {
        const own: unknown = Reflect.get(target, method);
        if (typeof own !== 'function' || !String(method).startsWith('find')) return own;
        return (args: object = {}) => {
          const key = `${String(name)}.${String(method)} ${JSON.stringify(args)}`;
          const result = results.get(key) ?? Promise.resolve(own.call(target, args));
          results.set(key, result);
          return result;
        };
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
