import { type ExecutionResult, execute, type GraphQLError } from 'graphql';
import type { ReadScope, Viewer } from '../domain/core/viewer.ts';
import type { SubscriptionSource } from '../domain/inbox/subscription-source.ts';
import { EventSubjectGoneError } from '../errors.ts';
import type { StreamItem } from '../feed/stream-item.ts';
import {
  type Context,
  createAnonymousContext,
  createContext,
  createSharedContext,
  type Services,
} from '../graphql/core/context.ts';
import type { CoalescedReads } from './coalesced-reads.ts';
import type { SubscriptionOperation } from './operation-key.ts';
import { type EncodedFrame, encodeFrame } from './send-queue.ts';

const RETRY_DELAYS_MS = [50, 250, 1_000];

/** What an event comes to: a frame, which may be the last, nothing, or why the operation can't go on. */
export type FrameResult =
  | { payload: EncodedFrame; isLast?: boolean }
  | { gone: true }
  | { errors: readonly GraphQLError[] };

/** What a subscription begins with that has no past: how something stands. */
export interface StateItem {
  kind: 'state';
  state: object;
}

type FrameItem = StreamItem | StateItem;

/** What all executions of a server share. */
export interface ExecutorDependencies {
  services: Services;
  readsFor: CoalescedReads;
  /** The error as the client is to see it. */
  mask: (error: unknown) => GraphQLError;
}

export interface ExecutorOptions {
  operation: SubscriptionOperation;
  match?: SubscriptionSource['match'];
  /** Where all who are served are this one viewer; null where they are a team. */
  viewer: Viewer | null;
}

/** Executes one operation for events, once for all its viewers where they are not asked for, else once for each. */
export class Executor {
  private readonly parts: ExecutorDependencies;
  private readonly executed: ExecutorOptions;
  private isPersonal = false;

  constructor(parts: ExecutorDependencies, executed: ExecutorOptions) {
    this.parts = parts;
    this.executed = executed;
  }

  /** For all whose eyes are these; null when it turned out that it depends on who asks. */
  async executeShared(item: FrameItem, reader: ReadScope): Promise<FrameResult | null> {
    if (this.isPersonal) return null;
    const { viewer } = this.executed;
    const reading = this.readingFor(item);
    if (viewer) return retryErrors(() => this.attempt(item, createContext(reading(), viewer)));
    const outcome = await retryErrors(() => {
      const { context, wasPersonal } = createSharedContext(reading(), reader);
      return this.attempt(item, context, () => {
        this.isPersonal ||= wasPersonal();
        return wasPersonal();
      });
    });
    return this.isPersonal ? null : outcome;
  }

  /** For each of these. */
  async executePerViewer(item: FrameItem, viewers: readonly Viewer[]): Promise<Map<string, FrameResult>> {
    const outcomes = await Promise.all(
      viewers.map(async (one): Promise<[string, FrameResult]> => {
        const reading = this.readingFor(item);
        return [one.id, await retryErrors(() => this.attempt(item, createContext(reading(), one)))];
      }),
    );
    return new Map(outcomes);
  }

  /** For whoever it may be: nobody is known to it. Null when it can't be told without knowing. */
  async forAnybody(item: FrameItem): Promise<FrameResult | null> {
    const { context, wasPersonal } = createAnonymousContext(this.parts.services);
    const outcome = await this.attempt(item, context, wasPersonal);
    return 'payload' in outcome ? outcome : null;
  }

  private async attempt(
    item: FrameItem,
    contextValue: Context,
    isVoid: () => boolean = () => false,
  ): Promise<FrameResult> {
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
      if (!result.errors) return { payload: encodeFrame(result, cursorOf(seen)), isLast };
      if (result.errors.some((error) => originalOf(error) instanceof EventSubjectGoneError))
        return { gone: true };
      const errors = result.errors.map(mask);
      // What a part of the selection asked for in vain is told beside the rest.
      return hasData(result)
        ? { payload: encodeFrame({ ...result, errors }, cursorOf(seen)), isLast }
        : { errors };
    } catch (error) {
      return isVoid() ? { gone: true } : { errors: [mask(error)] };
    }
  }

  /** An event as the list sees it, where it is one; null where it does not concern it. */
  private async look(item: FrameItem): Promise<FrameItem | null> {
    const { match } = this.executed;
    return item.kind === 'event' && match ? match(item) : item;
  }

  // What failed is read again, not shared once more.
  private readingFor(item: FrameItem): () => Services {
    const { services, readsFor: readsAfter } = this.parts;
    let reads: Services = item.kind === 'event' ? { ...services, db: readsAfter(item.event) } : services;
    return () => {
      const now = reads;
      reads = services;
      return now;
    };
  }
}

/** Tries again what failed: no frame without its data is ever sent. */
async function retryErrors(attempt: () => Promise<FrameResult>): Promise<FrameResult> {
  for (const pause of RETRY_DELAYS_MS) {
    const outcome = await attempt();
    if (!('errors' in outcome)) return outcome;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return attempt();
}

function cursorOf(item: FrameItem): string | undefined {
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
