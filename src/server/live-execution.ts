import { type ExecutionResult, execute, type GraphQLError } from 'graphql';
import type { Reader, Viewer } from '../domain/viewer.ts';
import { GoneError } from '../errors.ts';
import type { StreamItem } from '../feed/stream-item.ts';
import { type Context, createContext, createSharedContext, type Services } from '../graphql/context.ts';
import type { LiveOperation } from './live-operation.ts';
import { type Payload, toPayload } from './live-outbox.ts';
import { shareReads } from './shared-reads.ts';

const RETRIES_MS = [50, 250, 1_000];

/** What an event comes to: a frame, nothing, or why the operation can't go on. */
export type Outcome = { payload: Payload } | { gone: true } | { errors: readonly GraphQLError[] };

export type LiveExecution = ReturnType<typeof createLiveExecution>;

export interface LiveExecutionOptions {
  services: Services;
  operation: LiveOperation;
  /** Where all who are served are this one viewer; null where they are a team. */
  viewer: Viewer | null;
  /** The error as the client is to see it. */
  mask: (error: unknown) => GraphQLError;
}

/** Executes one operation for events, once for all its viewers where they are not asked for, else once for each. */
export function createLiveExecution({ services, operation, viewer, mask }: LiveExecutionOptions) {
  let isPersonal = false;

  /** Tries again what failed: no frame without its data is ever sent. */
  async function run(item: StreamItem, makeContext: () => Context): Promise<Outcome> {
    for (let tried = 0; ; tried++) {
      const result: ExecutionResult = await execute({
        ...operation,
        rootValue: item,
        contextValue: makeContext(),
      });
      const [error] = result.errors ?? [];
      if (!error) return { payload: toPayload(result, cursorOf(item)) };
      if (result.errors?.some((one) => originalOf(one) instanceof GoneError)) return { gone: true };
      const errors = result.errors?.map(mask) ?? [];
      // What a part of the selection asked for in vain is told beside the rest.
      if (hasData(result)) return { payload: toPayload({ ...result, errors }, cursorOf(item)) };
      const pause = RETRIES_MS[tried];
      if (pause === undefined) return { errors };
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** For all whose eyes are these; null when it turned out that it depends on who asks. */
  async function forAll(item: StreamItem, reader: Reader): Promise<Outcome | null> {
    if (isPersonal) return null;
    if (viewer) return run(item, () => createContext(services, viewer));
    const asked: (() => boolean)[] = [];
    const outcome = await run(item, () => {
      const { context, wasPersonal } = createSharedContext(services, reader);
      asked.push(wasPersonal);
      return context;
    });
    if (asked.some((wasPersonal) => wasPersonal())) isPersonal = true;
    return isPersonal ? null : outcome;
  }

  /** For each of these; what they read alike is read once. */
  async function forEach(item: StreamItem, viewers: readonly Viewer[]): Promise<Map<string, Outcome>> {
    const shared = { ...services, db: shareReads(services.db) };
    const outcomes = await Promise.all(
      viewers.map(
        async (viewer): Promise<[string, Outcome]> => [
          viewer.id,
          await run(item, () => createContext(shared, viewer)),
        ],
      ),
    );
    return new Map(outcomes);
  }

  return { forAll, forEach };
}

function cursorOf(item: StreamItem): string | undefined {
  return item.kind === 'reset' ? undefined : item.cursor;
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
