import { GraphQLError } from 'graphql';
import { requireNotBlocked } from '../domain/core/access.ts';
import type { Viewer, Viewers } from '../domain/core/viewer.ts';
import { ForbiddenError, UnauthenticatedError } from '../errors.ts';
import { readCursor, writeCursor } from '../feed/cursor.ts';
import type { Feed } from '../feed/feed.ts';
import type { ResetReason, StreamItem } from '../feed/stream-item.ts';
import { checkOperation } from '../graphql/core/operation-check.ts';
import {
  isSubscriptionPlan,
  type LogSubscriptionPlan,
  type StateSubscriptionPlan,
} from '../graphql/core/subscription-plan.ts';
import type { RefCounted } from '../ref-counted.ts';
import { Executor, type ExecutorDependencies, type ExecutorOptions, type FrameResult } from './executor.ts';
import type { FollowedLog, FollowedLogs } from './followed-log.ts';
import { computeOperationKey, type SubscriptionOperation } from './operation-key.ts';
import { type Replayed, replay } from './replay.ts';
import type { ResultCache } from './result-cache.ts';
import type { Revocable } from './revocation.ts';
import { type EncodedFrame, SendQueue, type Sink } from './send-queue.ts';
import { createStateGroup, type StateFeed, type StateGroup, startStateFeed } from './state-feed.ts';
import { type GroupMember, SubscriberGroup } from './subscriber-group.ts';
import type { SubscriptionLimit } from './subscription-limit.ts';
import { createPlan, findCursorPosition } from './subscription-opening.ts';
import type { Turn } from './turns.ts';

/** A running subscription, as its transport sees it. */
export interface SubscriptionHandle {
  /** Call when the sink is ready again. */
  flush(): void;
  /** Ends the subscription with this error at once; frames that wait are dropped. */
  fail(error: unknown): void;
  close(): void;
}

/** Shared by all subscriptions of a node. */
export interface SubscriptionDependencies extends ExecutorDependencies {
  feed: Pick<Feed, 'catchUp' | 'readNewestPublic'>;
  viewers: Pick<Viewers, 'requireViewer'>;
  logs: FollowedLogs;
  groups: RefCounted<SubscriberGroup>;
  stateGroups: RefCounted<StateGroup>;
  cache: ResultCache;
  limit: SubscriptionLimit;
  /** The share of the event loop of those who connect and catch up. */
  turn: Turn;
  now: () => number;
}

interface Opening<Plan> {
  plan: Plan;
  execution: Omit<ExecutorOptions, 'match'>;
  key: string;
  log: FollowedLog;
  release: () => void;
}

/**
 * One subscription of one viewer. A class that keeps nothing of its start: thousands of subscriptions are idle at any time.
 */
export class LiveSubscription implements SubscriptionHandle, GroupMember, Revocable {
  readonly viewer: Viewer;
  knownPosition = 0;
  cursorPosition: number | null = null;
  private readonly dependencies: SubscriptionDependencies;
  private readonly queue: SendQueue;
  private after: string | null = null;
  // Set for events, or for a state.
  private group: SubscriberGroup | undefined;
  private stateFeed: StateFeed | undefined;
  private releases: (() => void)[] | undefined;

  constructor(dependencies: SubscriptionDependencies, viewer: Viewer, sink: Sink) {
    this.dependencies = dependencies;
    this.viewer = viewer;
    this.queue = new SendQueue(sink);
  }

  /** Never rejects: the subscriber is sent the error. */
  async start(operation: SubscriptionOperation) {
    try {
      await this.dependencies.turn();
      await this.open(operation);
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown) {
    this.failWith([this.dependencies.mask(error)]);
  }

  flush() {
    this.queue.flush();
    this.stateFeed?.flush();
  }

  close() {
    this.queue.close();
    this.leave();
  }

  deliver(result: FrameResult) {
    if ('errors' in result) this.failWith(result.errors);
    else if ('frame' in result && result.isLast) this.end(result.frame);
    else if ('frame' in result && !this.queue.push(result.frame)) this.overflow();
  }

  overflow() {
    // At most one frame of a state waits, however large: its feed asks `isReady` before each.
    if (this.group) this.startReset('SLOW_CONSUMER', this.queue.lastCursor ?? this.after);
  }

  revoke() {
    if (this.group) this.group.enqueue(() => this.disconnect());
    else this.disconnect();
  }

  onEpochChange() {
    if (this.group) this.startReset('CURSOR_INVALID', null);
    else this.failWith([createRewoundError()]);
  }

  private async open(operation: SubscriptionOperation) {
    const { viewer, queue } = this;
    const { services, logs, limit, mask } = this.dependencies;
    const { errors, complexity: cost } = checkOperation(operation);
    if (errors.length > 0) return this.failWith(errors.map(mask));
    requireNotBlocked(viewer);
    this.releases = [limit.openSubscription(viewer)];
    const keyed = computeOperationKey(operation);
    if ('errors' in keyed) return this.failWith(keyed.errors.map(mask));
    const { plan, isPersonal } = await createPlan(services, operation, viewer);
    if (!isSubscriptionPlan(plan))
      return this.failWith(('errors' in plan ? (plan.errors ?? []) : []).map(mask));
    if (!queue.isOpen) return;
    if ('eventFilter' in plan && plan.eventFilter.isSearch) this.releases?.push(limit.openSearch(viewer));
    const { log, release } = await logs.follow(viewer.organizationId);
    if (!queue.isOpen) return release();

    const key = `${log.key} ${isPersonal ? viewer.id : ''} ${keyed.key}`;
    const { redactions } = log;
    const execution = { operation, redactions, cost, viewer: isPersonal ? viewer : null };
    const opening = { execution, key, log, release };
    if ('stateSource' in plan) await this.openState({ ...opening, plan });
    else await this.openEvents({ ...opening, plan });
  }

  private async openState({ plan, execution, key, log, release }: Opening<StateSubscriptionPlan>) {
    const { viewer, queue, dependencies } = this;
    const lease = dependencies.stateGroups.acquire(key, () => {
      const executor = new Executor(dependencies, execution);
      return createStateGroup({ executor, redactions: log.redactions });
    });
    this.retain(log, [lease.release, release]);
    if (!(await this.confirmAccess(log))) return;
    this.stateFeed = startStateFeed({
      source: plan.stateSource,
      subscriber: { viewer, follower: log.follower },
      group: lease.value,
      isReady: () => queue.isReady(),
      deliver: (result) => this.deliver(result),
      onError: (error) => this.fail(error),
    });
  }

  private async openEvents({ plan, execution, key, log, release }: Opening<LogSubscriptionPlan>) {
    const { viewer, queue, dependencies } = this;
    const { groups, cache, feed, turn, now } = dependencies;
    const { eventFilter: source, after } = plan;
    const lease = groups.acquire(key, () => {
      const executor = new Executor(dependencies, { ...execution, match: source.match });
      return new SubscriberGroup({ executor, cache, key, source, scope: viewer, log, now });
    });
    const group = lease.value;
    this.group = group;
    this.after = after;
    this.retain(log, [lease.release, release]);
    if (!(await this.confirmAccess(log))) return;

    let hourMark = 0;
    const goLive = (position: number) => {
      if (!queue.isOpen) return;
      this.knownPosition = position;
      // In the same tick: a later mark may stand behind events that still wait in the queue.
      hourMark = log.follower.hourMark();
      queue.hold();
      group.join(this);
    };
    let replayed: Replayed | undefined;
    if (after === null) goLive(log.follower.position());
    else {
      const missed = feed.catchUp(log.follower, { ...source, after, onCaughtUp: goLive });
      replayed = await replay({
        missed,
        group,
        viewer,
        queue,
        turn,
        deliver: (result) => this.deliver(result),
      });
      if (replayed.reason) await this.reset(replayed.reason, null);
    }
    if (!queue.isOpen) return;
    const delivered =
      after === null ? null : (replayed?.position ?? readCursor(log.follower.state, after) ?? 0);
    this.cursorPosition = await findCursorPosition(feed, viewer, {
      live: this.knownPosition,
      delivered,
      hourMark,
    });
    const cursor = writeCursor(log.follower.state, this.cursorPosition);
    const caughtUp = await group.resultFor({ kind: 'caughtUp', cursor }, viewer);
    if ('frame' in caughtUp) queue.release(caughtUp.frame);
    else this.deliver(caughtUp);
  }

  /**
   * Requires the viewer again, now that a later revocation reaches this subscription: one between authentication and `retain` did not.
   * False when the subscription has ended meanwhile.
   */
  private async confirmAccess({ viewersKnownSince }: FollowedLog): Promise<boolean> {
    const { id: sub, organizationId: org } = this.viewer;
    try {
      requireNotBlocked(await this.dependencies.viewers.requireViewer({ sub, org }, viewersKnownSince));
    } catch (error) {
      if (!(error instanceof UnauthenticatedError || error instanceof ForbiddenError)) throw error;
      this.disconnect();
    }
    return this.queue.isOpen;
  }

  private startReset(reason: ResetReason, resumeAfter: string | null) {
    this.reset(reason, resumeAfter).catch((error: unknown) => this.fail(error));
  }

  /** Ends the subscription with ResetRequired. */
  private async reset(reason: ResetReason, resumeAfter: string | null) {
    if (!this.queue.isOpen) return;
    this.queue.discard();
    this.group?.leave(this);
    this.deliver(await this.execute({ kind: 'reset', reason, resumeAfter }));
  }

  private async execute(item: StreamItem): Promise<FrameResult> {
    try {
      return (await this.group?.resultFor(item, this.viewer)) ?? { gone: true };
    } catch (error) {
      return { errors: [this.dependencies.mask(error)] };
    }
  }

  private end(last: EncodedFrame) {
    this.queue.end(last);
    this.leave();
  }

  private failWith(errors: readonly GraphQLError[]) {
    this.queue.fail(errors);
    this.leave();
  }

  private disconnect() {
    const error = new ForbiddenError('You have been removed or blocked, and receive no more events.');
    this.queue.disconnect(this.dependencies.mask(error));
    this.leave();
  }

  /** Stores the release functions that `leave` calls, in this order. */
  private retain(log: FollowedLog, releases: (() => void)[]) {
    this.releases = [log.revocation.track(this.viewer, this), ...releases, ...(this.releases ?? [])];
  }

  /** Gives up everything but the queue, which may still send. */
  private leave() {
    this.stateFeed?.close();
    this.group?.leave(this);
    for (const release of this.releases ?? []) release();
    this.releases = undefined;
  }
}

// BUSY tells clients to subscribe again: a state has no cursor that could be invalid.
function createRewoundError(): GraphQLError {
  return new GraphQLError('The log was rewound, as by a restored backup. Subscribe again.', {
    extensions: { code: 'BUSY' },
  });
}
