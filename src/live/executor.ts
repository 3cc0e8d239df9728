import { setTimeout as sleep } from 'node:timers/promises';
import { type ExecutionResult, execute, type GraphQLError } from 'graphql';
import { isTeam, type ReadScope, type Viewer } from '../domain/core/viewer.ts';
import type { SubscriptionSource } from '../domain/inbox/subscription-source.ts';
import { EventSubjectGoneError } from '../errors.ts';
import type { LogEvent } from '../feed/event.ts';
import type { StreamItem } from '../feed/stream-item.ts';
import { findAnswerExcess } from '../graphql/core/answer-size.ts';
import { type Context, createContext, createSharedContext, type Services } from '../graphql/core/context.ts';
import type { CoalescedReads } from './coalesced-reads.ts';
import type { SubscriptionOperation } from './operation-key.ts';
import type { Redactions } from './redaction.ts';
import { type EncodedFrame, encodeFrame } from './send-queue.ts';
import type { FrameLimit } from './subscription-limit.ts';

const RETRY_DELAYS_MS = [50, 250, 1_000];
// Bound for a conversation whose messages are edited all the time.
const MAX_OUTDATED_EXECUTIONS = 10;

/** Result of executing an item: a frame, nothing (its subject is gone), or errors that end the subscription. */
export type FrameResult =
  | { frame: EncodedFrame; isLast?: boolean }
  | { gone: true }
  | { errors: readonly GraphQLError[] };

/** The present value of something without history, such as presence. */
export interface StateItem {
  kind: 'state';
  state: object;
}

type FrameItem = StreamItem | StateItem;

/** Shared by all executors of a node. */
export interface ExecutorDependencies {
  /** @default frames are not limited */
  limit?: FrameLimit;
  services: Services;
  coalescedReads: CoalescedReads;
  /** Converts an error to what the client may see. */
  mask: (error: unknown) => GraphQLError;
}

export interface ExecutorOptions {
  operation: SubscriptionOperation;
  redactions: Redactions;
  /** For live lists: decides how an event changes the list. */
  match?: SubscriptionSource['match'];
  /** Complexity of one frame. @default 0 */
  cost?: number;
  /** The only viewer that is served; null where a whole team is. */
  viewer: Viewer | null;
}

/**
 * Executes one operation for events and states: once for all viewers of a visibility scope where the result does not depend on the viewer, else
 * once for each viewer.
 */
export class Executor {
  private readonly dependencies: ExecutorDependencies;
  private readonly options: ExecutorOptions;
  private isPersonal = false;

  constructor(dependencies: ExecutorDependencies, options: ExecutorOptions) {
    this.dependencies = dependencies;
    this.options = options;
  }

  /** One result for all viewers of the scope; null when it depends on the viewer. */
  async executeShared(item: FrameItem, scope: ReadScope): Promise<FrameResult | null> {
    if (this.isPersonal) return null;
    const { viewer } = this.options;
    if (viewer)
      return this.executeCurrent(item, (services) => this.attempt(item, createContext(services, viewer)));
    const result = await this.executeCurrent(item, (services) => {
      const { context, wasPersonal } = createSharedContext(services, scope);
      return this.attempt(item, context, () => {
        this.isPersonal ||= wasPersonal();
        return wasPersonal();
      });
    });
    return this.isPersonal ? null : result;
  }

  /** One result for each of these viewers, by id. */
  async executePerViewer(item: FrameItem, viewers: readonly Viewer[]): Promise<Map<string, FrameResult>> {
    const results = await Promise.all(
      viewers.map(
        async (viewer): Promise<[string, FrameResult]> => [
          viewer.id,
          await this.executeCurrent(item, (services) => this.attempt(item, createContext(services, viewer))),
        ],
      ),
    );
    return new Map(results);
  }

  /** Lets the events, which are about to be executed, read rows together. */
  shareReads(events: readonly LogEvent[]) {
    const { redactions } = this.options;
    const versions = events.map((event) => ({ event, version: redactions.versionOf(event) }));
    this.dependencies.coalescedReads.share(versions);
  }

  /**
   * Executes again while the fault is ours, and when a message that the item may show was edited or deleted meanwhile. A retry after an
   * error reads for itself, since the coalesced read may be what failed.
   */
  private async executeCurrent(
    item: FrameItem,
    attempt: (services: Services) => Promise<FrameResult>,
  ): Promise<FrameResult> {
    const { services, coalescedReads } = this.dependencies;
    const { redactions } = this.options;
    const event = item.kind === 'event' ? item.event : null;
    const versionNow = () => currentVersion(item, redactions);
    let [failed, outdated] = [0, 0];
    for (;;) {
      const version = versionNow();
      const isCoalesced = event && failed === 0;
      const result = await attempt(
        isCoalesced ? { ...services, db: coalescedReads.of(event, version) } : services,
      );
      if (version !== versionNow() && outdated < MAX_OUTDATED_EXECUTIONS) {
        outdated += 1;
        continue;
      }
      const delay = RETRY_DELAYS_MS[failed];
      if (!('errors' in result) || !result.errors.some(canPass) || delay === undefined) return result;
      failed += 1;
      await sleep(delay);
    }
  }

  private async attempt(
    item: FrameItem,
    contextValue: Context,
    wasPersonal: () => boolean = () => false,
  ): Promise<FrameResult> {
    const { operation, match, viewer, cost = 0 } = this.options;
    const { mask, limit } = this.dependencies;
    try {
      // A contact can cause as many events as they may make changes, each for all of their subscriptions. A search costs also where it finds nothing.
      const isCounted = viewer && !isTeam(viewer) && (item.kind === 'event' || item.kind === 'state');
      if (isCounted) await limit?.countFrame(viewer, cost);
      const shown = item.kind === 'event' && match ? await match(item) : item;
      if (!shown) return { gone: true };
      const rootValue = shown.kind === 'state' ? shown.state : shown;
      const result: ExecutionResult = await execute({ ...operation, rootValue, contextValue });
      // The result is void: it has the error that the shared context threw. The item is executed again per viewer.
      if (wasPersonal()) return { gone: true };
      const excess = findAnswerExcess(contextValue);
      if (excess) return { errors: [mask(excess)] };
      const cursor = 'cursor' in shown ? shown.cursor : undefined;
      const isLast = shown.kind === 'reset';
      if (!result.errors) return { frame: encodeFrame(result, cursor), isLast };
      if (result.errors.some((error) => originalOf(error) instanceof EventSubjectGoneError))
        return { gone: true };
      const errors = result.errors.map(mask);
      return hasData(result) ? { frame: encodeFrame({ ...result, errors }, cursor), isLast } : { errors };
    } catch (error) {
      return wasPersonal() ? { gone: true } : { errors: [mask(error)] };
    }
  }
}

/** Version of what the item may show. A state may show any contact. */
function currentVersion(item: FrameItem, redactions: Redactions): number {
  if (item.kind === 'event') return redactions.versionOf(item.event);
  return item.kind === 'state' ? redactions.latestVersion() : 0;
}

/** Whether executing again may help. An error of the client, such as an operation that is too complex, stays. */
function canPass({ extensions }: GraphQLError): boolean {
  return extensions.code === 'INTERNAL_SERVER_ERROR' || extensions.code === 'BUSY';
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
