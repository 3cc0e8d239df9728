import { createSourceEventStream, type GraphQLError } from 'graphql';
import type { Viewer } from '../domain/core/viewer.ts';
import { ForbiddenError } from '../errors.ts';
import { writeCursor } from '../feed/cursor.ts';
import type { Feed } from '../feed/feed.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { ResetReason } from '../feed/stream-item.ts';
import { createContext, createSharedContext, type Services } from '../graphql/core/context.ts';
import { findInputIssue } from '../graphql/core/input-check.ts';
import {
  isSubscriptionPlan,
  type LogSubscriptionPlan,
  type StateSubscriptionPlan,
} from '../graphql/core/subscription-plan.ts';
import type { LiveWords } from './caught-up-cache.ts';
import { Executor, type ExecutorDependencies } from './executor.ts';
import { computeOperationKey, type OperationKeys, type SubscriptionOperation } from './operation-key.ts';
import type { createRefCounted } from './ref-counted.ts';
import type { ResultCache } from './result-cache.ts';
import type { createRevocation, Revocable } from './revocation.ts';
import { type EncodedFrame, SendQueue, type SendQueueOwner, type Sink } from './send-queue.ts';
import { createStateGroup, type StateGroup, startStateFeed } from './state-feed.ts';
import { type GroupMember, SubscriberGroup } from './subscriber-group.ts';

/** A subscriber's side of a subscription that runs. */
export interface SubscriptionHandle {
  /** The sink takes more. */
  flush(): void;
  close(): void;
}

/** What all subscriptions of a server share. */
export interface SubscriptionDependencies extends ExecutorDependencies {
  feed: Pick<Feed, 'follow' | 'catchUp'>;
  groups: ReturnType<typeof createRefCounted<SubscriberGroup>>;
  stateGroups: ReturnType<typeof createRefCounted<StateGroup>>;
  rights: ReturnType<typeof createRevocation>;
  words: LiveWords;
  kept: ResultCache;
  now: () => number;
}

interface Entering<Source> extends OperationKeys {
  operation: SubscriptionOperation;
  source: Source;
  isPersonal: boolean;
  follower: LogFollower;
  release: () => void;
}

/**
 * One subscription of one subscriber. A class: thousands of them are idle at any time, and hold on to nothing that they needed
 * for their start alone.
 */
export class LiveSubscription implements SubscriptionHandle, GroupMember, Revocable, SendQueueOwner {
  readonly viewer: Viewer;
  known = 0;
  private readonly parts: SubscriptionDependencies;
  private readonly sink: Sink;
  private readonly outbox: SendQueue;
  private isClosed = false;
  private group: SubscriberGroup | undefined;
  private after: string | null = null;
  /** Where it is of a state. */
  private fed: SubscriptionHandle | undefined;
  /** How to end what has been begun for it, in this order. */
  private endings: (() => void)[] | undefined;

  constructor(parts: SubscriptionDependencies, viewer: Viewer, sink: Sink) {
    this.parts = parts;
    this.viewer = viewer;
    this.sink = sink;
    this.outbox = new SendQueue(this);
  }

  /** Never fails: what goes wrong is told to the subscriber. */
  async start(operation: SubscriptionOperation) {
    try {
      await this.open(operation);
    } catch (error) {
      this.failBy(error);
    }
  }

  flush() {
    if (this.fed) this.fed.flush();
    else this.outbox.flush();
  }

  close() {
    if (this.isClosed) return;
    this.isClosed = true;
    this.outbox.close();
    this.fed?.close();
    this.group?.leave(this);
    for (const end of this.endings ?? []) end();
    this.endings = undefined;
  }

  isReady() {
    return this.sink.isReady();
  }

  next(payload: EncodedFrame) {
    this.sink.next(payload);
  }

  complete() {
    this.close();
    this.sink.complete();
  }

  overflow(lastCursor: string | null) {
    this.group?.leave(this);
    this.reset('SLOW_CONSUMER', lastCursor ?? this.after).catch((error) => this.failBy(error));
  }

  push(payload: EncodedFrame) {
    this.outbox.push(payload);
  }

  end(payload: EncodedFrame) {
    this.group?.leave(this);
    this.outbox.end(payload);
  }

  drop() {
    this.outbox.overflow();
  }

  fail(errors: readonly GraphQLError[]) {
    if (this.isClosed) return;
    this.close();
    this.sink.fail(errors);
  }

  enqueue(run: () => void) {
    if (this.group) this.group.enqueue(run);
    else run();
  }

  disconnect() {
    if (this.isClosed) return;
    this.close();
    const { mask } = this.parts;
    this.sink.disconnect(
      mask(new ForbiddenError('You have been removed or blocked, and hear nothing more.')),
    );
  }

  private failBy(error: unknown) {
    this.fail([this.parts.mask(error)]);
  }

  private async open(operation: SubscriptionOperation) {
    const { viewer } = this;
    const { services, feed, mask } = this.parts;
    const fault = findInputIssue(operation.document, operation.variableValues);
    if (fault) return this.fail([fault]);
    if (viewer.isBlocked)
      throw new ForbiddenError('This contact is blocked. A team member can unblock them.');
    const keys = computeOperationKey(operation);
    if ('errors' in keys) return this.fail(keys.errors.map(mask));
    const { source, isPersonal } = await sourceOf(services, operation, viewer);
    if (!isSubscriptionPlan(source))
      return this.fail(('errors' in source ? (source.errors ?? []) : []).map(mask));
    if (this.isClosed) return;
    const { follower, release } = await feed.follow(viewer.organizationId);
    if (this.isClosed) return release();

    // A follower of another epoch hears nothing any more: none joins those who wait for it.
    const epoch = Buffer.from(follower.state.epoch).toString('hex');
    const eyes = isPersonal ? viewer.id : '';
    const key = `${viewer.organizationId} ${epoch} ${eyes} ${keys.key}`;
    const entering = { ...keys, key, operation, isPersonal, follower, release };
    return 'stateSource' in source
      ? this.watchState({ ...entering, source })
      : this.watchLog({ ...entering, source });
  }

  private async watchState({
    key,
    operation,
    source,
    isPersonal,
    follower,
    release,
  }: Entering<StateSubscriptionPlan>) {
    const { viewer, parts, sink } = this;
    const { stateGroups, mask } = parts;
    const group = stateGroups.acquire(key, () => {
      const eyes = isPersonal ? viewer : null;
      return createStateGroup({ execution: new Executor(parts, { operation, viewer: eyes }) });
    });
    this.hold(stateGroups, key, { follower, release });
    const fail = (errors: readonly GraphQLError[]) => this.fail(errors);
    const listener = { viewer, follower };
    const fed = await startStateFeed({ watch: source.stateSource, listener, group, sink, fail, mask });
    if (this.isClosed) return fed.close();
    this.fed = fed;
    fed.flush();
  }

  private async watchLog({ source, ...entering }: Entering<LogSubscriptionPlan>) {
    const { key, shownKey, operation, isPersonal, follower, release } = entering;
    const { viewer, parts } = this;
    const { feed, groups, words, kept, now } = parts;
    const { eventFilter: watch, after } = source;
    const group = groups.acquire(key, () => {
      const eyes = isPersonal ? viewer : null;
      const execution = new Executor(parts, { operation, match: watch.match, viewer: eyes });
      return new SubscriberGroup({
        execution,
        words,
        kept,
        key,
        shownKey,
        watch,
        reader: viewer,
        follower,
        now,
      });
    });
    this.group = group;
    this.after = after;
    this.hold(groups, key, { follower, release });

    const arrive = (position: number) => {
      if (this.isClosed) return;
      this.known = position;
      this.outbox.hold();
      group.join(this);
    };
    if (after === null) arrive(follower.position());
    else {
      const missed = feed.catchUp(follower, { ...watch, after, onCaughtUp: arrive });
      for (let next = await missed.next(); ; next = await missed.next()) {
        if (this.isClosed) return void (await missed.return(undefined));
        if (next.done) {
          if (next.value !== undefined) return this.reset(next.value, null);
          break;
        }
        const event = next.value;
        const cursor = writeCursor(follower.state, event.position);
        const outcome = await group.resultFor({ kind: 'event', event, cursor }, viewer);
        if ('errors' in outcome) return this.fail(outcome.errors);
        if ('payload' in outcome) {
          if (outcome.isLast) return this.outbox.end(outcome.payload);
          this.outbox.push(outcome.payload);
        }
        await this.outbox.drained();
      }
    }
    const cursor = writeCursor(follower.state, this.known);
    const outcome = await group.resultFor({ kind: 'caughtUp', cursor }, viewer);
    if ('errors' in outcome) return this.fail(outcome.errors);
    if ('payload' in outcome) this.outbox.release(outcome.payload);
  }

  /**
   * Until it is closed. In a function of its own: whatever the functions of one place close over is kept for as long as any of
   * them.
   */
  private hold(
    groups: { release(key: string): void },
    key: string,
    { follower, release }: Pick<Entering<unknown>, 'follower' | 'release'>,
  ) {
    const endRights = this.parts.rights.track(follower, this.viewer, this);
    const leave = () => groups.release(key);
    this.endings = this.group
      ? [follower.onEpochChange(() => this.beSetBack()), endRights, leave, release]
      : [endRights, leave, release];
  }

  private beSetBack() {
    this.group?.leave(this);
    this.outbox.discard();
    this.reset('CURSOR_INVALID', null).catch((error) => this.failBy(error));
  }

  private async reset(reason: ResetReason, resumeAfter: string | null) {
    const outcome = await this.group?.resultFor({ kind: 'reset', reason, resumeAfter }, this.viewer);
    if (!outcome) return;
    if ('errors' in outcome) return this.fail(outcome.errors);
    if ('payload' in outcome) this.outbox.end(outcome.payload);
  }
}

/** What it watches; personal when that depends on who asks. */
async function sourceOf(services: Services, operation: SubscriptionOperation, viewer: Viewer) {
  if (viewer.contactId === null) {
    const { context, wasPersonal } = createSharedContext(services, viewer);
    const source = await createSourceEventStream({ ...operation, contextValue: context });
    if (!wasPersonal()) return { source, isPersonal: false };
  }
  const contextValue = createContext(services, viewer);
  return { source: await createSourceEventStream({ ...operation, contextValue }), isPersonal: true };
}
