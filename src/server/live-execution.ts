import { type ExecutionResult, execute, type GraphQLError } from 'graphql';
import type { Reader, Viewer } from '../domain/viewer.ts';
import { GoneError } from '../errors.ts';
import type { Watch } from '../feed/catch-up.ts';
import type { StreamItem } from '../feed/stream-item.ts';
import { type Context, createContext, createSharedContext, type Services } from '../graphql/context.ts';
import type { LiveOperation } from './live-operation.ts';
import { type Payload, toPayload } from './live-outbox.ts';
import { shareReads } from './shared-reads.ts';

const RETRIES_MS = [50, 250, 1_000];

/** What an event comes to: a frame, nothing, or why the operation can't go on. */
export type Outcome = { payload: Payload } | { gone: true } | { errors: readonly GraphQLError[] };

/** What a subscription begins with that has no past: how something stands. */
export interface StateItem {
  kind: 'state';
  state: object;
}

type Item = StreamItem | StateItem;

export type LiveExecution = ReturnType<typeof createLiveExecution>;

export interface LiveExecutionOptions {
  services: Services;
  operation: LiveOperation;
  view?: Watch['view'];
  /** Where all who are served are this one viewer; null where they are a team. */
  viewer: Viewer | null;
  /** The error as the client is to see it. */
  mask: (error: unknown) => GraphQLError;
}

/** Executes one operation for events, once for all its viewers where they are not asked for, else once for each. */
export function createLiveExecution({ services, operation, view, viewer, mask }: LiveExecutionOptions) {
  let isPersonal = false;

  /** Tries again what failed: no frame without its data is ever sent. */
  async function retry(attempt: () => Promise<Outcome>): Promise<Outcome> {
    for (const pause of RETRIES_MS) {
      const outcome = await attempt();
      if (!('errors' in outcome)) return outcome;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    return attempt();
  }

  /** What an event does to the list, where it is one; null where it does not concern it. */
  async function look(item: Item): Promise<Item | null> {
    if (item.kind !== 'event' || !view) return item;
    const change = await view(item.event);
    return change && { ...item, view: change };
  }

  async function attempt(item: Item, contextValue: Context): Promise<Outcome> {
    try {
      const seen = await look(item);
      if (!seen) return { gone: true };
      const rootValue = seen.kind === 'state' ? seen.state : seen;
      const result: ExecutionResult = await execute({ ...operation, rootValue, contextValue });
      if (!result.errors) return { payload: toPayload(result, cursorOf(item)) };
      if (result.errors.some((error) => originalOf(error) instanceof GoneError)) return { gone: true };
      const errors = result.errors.map(mask);
      // What a part of the selection asked for in vain is told beside the rest.
      return hasData(result) ? { payload: toPayload({ ...result, errors }, cursorOf(item)) } : { errors };
    } catch (error) {
      return { errors: [mask(error)] };
    }
  }

  /** For all whose eyes are these; null when it turned out that it depends on who asks. */
  async function forAll(item: Item, reader: Reader): Promise<Outcome | null> {
    if (isPersonal) return null;
    if (viewer) return retry(() => attempt(item, createContext(services, viewer)));
    const outcome = await retry(async () => {
      const { context, wasPersonal } = createSharedContext(services, reader);
      const made = await attempt(item, context);
      if (!wasPersonal()) return made;
      isPersonal = true;
      return { gone: true };
    });
    return isPersonal ? null : outcome;
  }

  /** For each of these; what they read alike is read once. */
  async function forEach(item: Item, viewers: readonly Viewer[]): Promise<Map<string, Outcome>> {
    const shared = { ...services, db: shareReads(services.db) };
    const outcomes = await Promise.all(
      viewers.map(async (one): Promise<[string, Outcome]> => {
        // What failed is read again, not shared once more.
        let reads: Services = shared;
        const outcome = await retry(() => {
          const context = createContext(reads, one);
          reads = services;
          return attempt(item, context);
        });
        return [one.id, outcome];
      }),
    );
    return new Map(outcomes);
  }

  return { forAll, forEach };
}

function cursorOf(item: Item): string | undefined {
  return 'cursor' in item ? item.cursor : undefined;
}

function hasData({ data }: ExecutionResult): boolean {
  return Object.values(data ?? {}).some((value) => value !== null);
}

function originalOf(error: GraphQLError): unknown {
  let original: unknown = error;
  while (original instanceof Error && 'originalError' in original && original.originalError) {
    original = original.originalError;
  }
  return original;
}
