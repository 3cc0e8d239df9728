import { type ExecutionResult, execute, type GraphQLError } from 'graphql';
import type { Reader, Viewer } from '../domain/core/viewer.ts';
import { GoneError } from '../errors.ts';
import type { Watch } from '../feed/catch-up.ts';
import type { StreamItem } from '../feed/stream-item.ts';
import {
  type Context,
  createAnonymousContext,
  createContext,
  createSharedContext,
  type Services,
} from '../graphql/core/context.ts';
import type { EventReads } from './coalesced-reads.ts';
import type { LiveOperation } from './operation-key.ts';
import { type Payload, toPayload } from './send-queue.ts';

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

/** What all executions of a server share. */
export interface ExecutionParts {
  services: Services;
  readsAfter: EventReads;
  /** The error as the client is to see it. */
  mask: (error: unknown) => GraphQLError;
}

export interface Executed {
  operation: LiveOperation;
  view?: Watch['view'];
  /** Where all who are served are this one viewer; null where they are a team. */
  viewer: Viewer | null;
}

/** Executes one operation for events, once for all its viewers where they are not asked for, else once for each. */
export class LiveExecution {
  private readonly parts: ExecutionParts;
  private readonly executed: Executed;
  private isPersonal = false;

  constructor(parts: ExecutionParts, executed: Executed) {
    this.parts = parts;
    this.executed = executed;
  }

  /** For all whose eyes are these; null when it turned out that it depends on who asks. */
  async forAll(item: Item, reader: Reader): Promise<Outcome | null> {
    if (this.isPersonal) return null;
    const { viewer } = this.executed;
    const reading = this.readingFor(item);
    if (viewer) return retry(() => this.attempt(item, createContext(reading(), viewer)));
    const outcome = await retry(() => {
      const { context, wasPersonal } = createSharedContext(reading(), reader);
      return this.attempt(item, context, () => {
        this.isPersonal ||= wasPersonal();
        return wasPersonal();
      });
    });
    return this.isPersonal ? null : outcome;
  }

  /** For each of these. */
  async forEach(item: Item, viewers: readonly Viewer[]): Promise<Map<string, Outcome>> {
    const outcomes = await Promise.all(
      viewers.map(async (one): Promise<[string, Outcome]> => {
        const reading = this.readingFor(item);
        return [one.id, await retry(() => this.attempt(item, createContext(reading(), one)))];
      }),
    );
    return new Map(outcomes);
  }

  /** For whoever it may be: nobody is known to it. Null when it can't be told without knowing. */
  async forAnybody(item: Item): Promise<Outcome | null> {
    const { context, wasPersonal } = createAnonymousContext(this.parts.services);
    const outcome = await this.attempt(item, context, wasPersonal);
    return 'payload' in outcome ? outcome : null;
  }

  private async attempt(
    item: Item,
    contextValue: Context,
    isVoid: () => boolean = () => false,
  ): Promise<Outcome> {
    const { operation } = this.executed;
    const { mask } = this.parts;
    try {
      const seen = await this.look(item);
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

  /** An event as the list sees it, where it is one; null where it does not concern it. */
  private async look(item: Item): Promise<Item | null> {
    const { view } = this.executed;
    return item.kind === 'event' && view ? view(item) : item;
  }

  // What failed is read again, not shared once more.
  private readingFor(item: Item): () => Services {
    const { services, readsAfter } = this.parts;
    let reads: Services = item.kind === 'event' ? { ...services, db: readsAfter(item.event) } : services;
    return () => {
      const now = reads;
      reads = services;
      return now;
    };
  }
}

/** Tries again what failed: no frame without its data is ever sent. */
async function retry(attempt: () => Promise<Outcome>): Promise<Outcome> {
  for (const pause of RETRIES_MS) {
    const outcome = await attempt();
    if (!('errors' in outcome)) return outcome;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return attempt();
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
