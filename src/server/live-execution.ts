import { type ExecutionResult, execute, type GraphQLError } from 'graphql';
import type { Reader, Viewer } from '../domain/viewer.ts';
import { GoneError } from '../errors.ts';
import type { Watch } from '../feed/catch-up.ts';
import type { StreamItem } from '../feed/stream-item.ts';
import { type Context, createContext, createSharedContext, type Services } from '../graphql/context.ts';
import type { LiveOperation } from './live-operation.ts';
import { type Payload, toPayload } from './live-outbox.ts';
import type { EventReads } from './shared-reads.ts';

const RETRIES_MS = [50, 250, 1_000];

/** What an event comes to: a frame, which may be the last, nothing, or why the operation can't go on. */
export type Outcome =
  | { payload: Payload; isLast?: boolean }
  | { gone: true }
  | { errors: readonly GraphQLError[] };

/** What a subscription begins with that has no past: how something stands. */
export interface StateItem {
  kind: 'state';
  state: object;
}

type Item = StreamItem | StateItem;

export type LiveExecution = ReturnType<typeof createLiveExecution>;

export interface LiveExecutionOptions {
  services: Services;
  readsAfter: EventReads;
  operation: LiveOperation;
  view?: Watch['view'];
  /** Where all who are served are this one viewer; null where they are a team. */
  viewer: Viewer | null;
  /** The error as the client is to see it. */
  mask: (error: unknown) => GraphQLError;
}

/** Executes one operation for events, once for all its viewers where they are not asked for, else once for each. */
export function createLiveExecution({
  services,
  readsAfter,
  operation,
  view,
  viewer,
  mask,
}: LiveExecutionOptions) {
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

  /** An event as the list sees it, where it is one; null where it does not concern it. */
  async function look(item: Item): Promise<Item | null> {
    return item.kind === 'event' && view ? view(item) : item;
  }

  async function attempt(
    item: Item,
    contextValue: Context,
    isVoid: () => boolean = () => false,
  ): Promise<Outcome> {
    try {
      const seen = await look(item);
      if (!seen) return { gone: true };
      const rootValue = seen.kind === 'state' ? seen.state : seen;
      const result: ExecutionResult = await execute({ ...operation, rootValue, contextValue });
      // Its errors are no faults, and nobody is told of them.
      if (isVoid()) return { gone: true };
      const isLast = seen.kind === 'reset';
      if (!result.errors) return { payload: toPayload(result, cursorOf(seen)), isLast };
      if (result.errors.some((error) => originalOf(error) instanceof GoneError)) return { gone: true };
      const errors = result.errors.map(mask);
      // What a part of the selection asked for in vain is told beside the rest.
      return hasData(result)
        ? { payload: toPayload({ ...result, errors }, cursorOf(seen)), isLast }
        : { errors };
    } catch (error) {
      return isVoid() ? { gone: true } : { errors: [mask(error)] };
    }
  }

  // What failed is read again, not shared once more.
  function readingFor(item: Item): () => Services {
    let reads: Services = item.kind === 'event' ? { ...services, db: readsAfter(item.event) } : services;
    return () => {
      const now = reads;
      reads = services;
      return now;
    };
  }

  /** For all whose eyes are these; null when it turned out that it depends on who asks. */
  async function forAll(item: Item, reader: Reader): Promise<Outcome | null> {
    if (isPersonal) return null;
    const reading = readingFor(item);
    if (viewer) return retry(() => attempt(item, createContext(reading(), viewer)));
    const outcome = await retry(() => {
      const { context, wasPersonal } = createSharedContext(reading(), reader);
      return attempt(item, context, () => {
        isPersonal ||= wasPersonal();
        return wasPersonal();
      });
    });
    return isPersonal ? null : outcome;
  }

  /** For each of these. */
  async function forEach(item: Item, viewers: readonly Viewer[]): Promise<Map<string, Outcome>> {
    const outcomes = await Promise.all(
      viewers.map(async (one): Promise<[string, Outcome]> => {
        const reading = readingFor(item);
        return [one.id, await retry(() => attempt(item, createContext(reading(), one)))];
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
