import { createSourceEventStream, type GraphQLError } from 'graphql';
import type { Viewer } from '../domain/core/viewer.ts';
import { ForbiddenError } from '../errors.ts';
import { writeCursor } from '../feed/cursor.ts';
import type { Feed } from '../feed/feed.ts';
import type { Follower } from '../feed/log-follower.ts';
import type { ResetReason } from '../feed/stream-item.ts';
import { createContext, createSharedContext, type Services } from '../graphql/core/context.ts';
import { faultOfInput } from '../graphql/core/input-check.ts';
import { isSource, type LiveSource, type StateSource } from '../graphql/core/subscription-source.ts';
import type { LiveWords } from './caught-up-cache.ts';
import { type ExecutionParts, LiveExecution } from './executor.ts';
import { type Keys, keyOf, type LiveOperation } from './operation-key.ts';
import type { createGroups } from './ref-counted.ts';
import type { KeptOutcomes } from './result-cache.ts';
import type { createRights, Held } from './revocation.ts';
import { Outbox, type Payload, type Recipient, type Sink } from './send-queue.ts';
import { createStateGroup, feedState, type StateGroup } from './state-feed.ts';
import { LiveGroup, type Member } from './subscriber-group.ts';

/** A subscriber's side of a subscription that runs. */
export interface Subscription {
  /** The sink takes more. */
  flush(): void;
  close(): void;
}

/** What all subscriptions of a server share. */
export interface LiveParts extends ExecutionParts {
  feed: Pick<Feed, 'follow' | 'catchUp'>;
  groups: ReturnType<typeof createGroups<LiveGroup>>;
  stateGroups: ReturnType<typeof createGroups<StateGroup>>;
  rights: ReturnType<typeof createRights>;
  words: LiveWords;
  kept: KeptOutcomes;
  now: () => number;
}

interface Entering<Source> extends Keys {
  operation: LiveOperation;
  source: Source;
  isPersonal: boolean;
  follower: Follower;
  release: () => void;
}

/**
 * One subscription of one subscriber. A class: thousands of them are idle at any time, and hold on to nothing that they needed
 * for their start alone.
 */
export class LiveSubscription implements Subscription, Member, Held, Recipient {
  readonly viewer: Viewer;
  known = 0;
  private readonly parts: LiveParts;
  private readonly sink: Sink;
  private readonly outbox: Outbox;
  private isClosed = false;
  private group: LiveGroup | undefined;
  private after: string | null = null;
  /** Where it is of a state. */
  private fed: Subscription | undefined;
  /** How to end what has been begun for it, in this order. */
  private endings: (() => void)[] | undefined;

  constructor(parts: LiveParts, viewer: Viewer, sink: Sink) {
    this.parts = parts;
    this.viewer = viewer;
    this.sink = sink;
    this.outbox = new Outbox(this);
  }

  /** Never fails: what goes wrong is told to the subscriber. */
  async start(operation: LiveOperation) {
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

  next(payload: Payload) {
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

  push(payload: Payload) {
    this.outbox.push(payload);
  }

  end(payload: Payload) {
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

  inTurn(run: () => void) {
    if (this.group) this.group.inTurn(run);
    else run();
  }

  expel() {
    if (this.isClosed) return;
    this.close();
    const { mask } = this.parts;
    this.sink.expel(mask(new ForbiddenError('You have been removed or blocked, and hear nothing more.')));
  }

  private failBy(error: unknown) {
    this.fail([this.parts.mask(error)]);
  }

  private async open(operation: LiveOperation) {
    const { viewer } = this;
    const { services, feed, mask } = this.parts;
    const fault = faultOfInput(operation.document, operation.variableValues);
    if (fault) return this.fail([fault]);
    if (viewer.isBlocked)
      throw new ForbiddenError('This contact is blocked. A team member can unblock them.');
    const keys = keyOf(operation);
    if ('errors' in keys) return this.fail(keys.errors.map(mask));
    const { source, isPersonal } = await sourceOf(services, operation, viewer);
    if (!isSource(source)) return this.fail(('errors' in source ? (source.errors ?? []) : []).map(mask));
    if (this.isClosed) return;
    const { follower, release } = await feed.follow(viewer.organizationId);
    if (this.isClosed) return release();

    // A follower of another epoch hears nothing any more: none joins those who wait for it.
    const epoch = Buffer.from(follower.state.epoch).toString('hex');
    const eyes = isPersonal ? viewer.id : '';
    const key = `${viewer.organizationId} ${epoch} ${eyes} ${keys.key}`;
    const entering = { ...keys, key, operation, isPersonal, follower, release };
    return 'state' in source
      ? this.watchState({ ...entering, source })
      : this.watchLog({ ...entering, source });
  }

  private async watchState({ key, operation, source, isPersonal, follower, release }: Entering<StateSource>) {
    const { viewer, parts, sink } = this;
    const { stateGroups, mask } = parts;
    const group = stateGroups.enter(key, () => {
      const eyes = isPersonal ? viewer : null;
      return createStateGroup({ execution: new LiveExecution(parts, { operation, viewer: eyes }) });
    });
    this.hold(stateGroups, key, { follower, release });
    const fail = (errors: readonly GraphQLError[]) => this.fail(errors);
    const listener = { viewer, follower };
    const fed = await feedState({ watch: source.state, listener, group, sink, fail, mask });
    if (this.isClosed) return fed.close();
    this.fed = fed;
    fed.flush();
  }

  private async watchLog({ source, ...entering }: Entering<LiveSource>) {
    const { key, shownKey, operation, isPersonal, follower, release } = entering;
    const { viewer, parts } = this;
    const { feed, groups, words, kept, now } = parts;
    const { watch, after } = source;
    const group = groups.enter(key, () => {
      const eyes = isPersonal ? viewer : null;
      const execution = new LiveExecution(parts, { operation, view: watch.view, viewer: eyes });
      return new LiveGroup({ execution, words, kept, key, shownKey, watch, reader: viewer, follower, now });
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
      const missed = feed.catchUp(follower, { ...watch, after, arrive });
      for (let next = await missed.next(); ; next = await missed.next()) {
        if (this.isClosed) return void (await missed.return(undefined));
        if (next.done) {
          if (next.value !== undefined) return this.reset(next.value, null);
          break;
        }
        const event = next.value;
        const cursor = writeCursor(follower.state, event.position);
        const outcome = await group.outcomeOf({ kind: 'event', event, cursor }, viewer);
        if ('errors' in outcome) return this.fail(outcome.errors);
        if ('payload' in outcome) {
          if (outcome.isLast) return this.outbox.end(outcome.payload);
          this.outbox.push(outcome.payload);
        }
        await this.outbox.drained();
      }
    }
    const cursor = writeCursor(follower.state, this.known);
    const outcome = await group.outcomeOf({ kind: 'caughtUp', cursor }, viewer);
    if ('errors' in outcome) return this.fail(outcome.errors);
    if ('payload' in outcome) this.outbox.release(outcome.payload);
  }

  /**
   * Until it is closed. In a function of its own: whatever the functions of one place close over is kept for as long as any of
   * them.
   */
  private hold(
    groups: { leave(key: string): void },
    key: string,
    { follower, release }: Pick<Entering<unknown>, 'follower' | 'release'>,
  ) {
    const endRights = this.parts.rights.hold(follower, this.viewer, this);
    const leave = () => groups.leave(key);
    this.endings = this.group
      ? [follower.onSetBack(() => this.beSetBack()), endRights, leave, release]
      : [endRights, leave, release];
  }

  private beSetBack() {
    this.group?.leave(this);
    this.outbox.discard();
    this.reset('CURSOR_INVALID', null).catch((error) => this.failBy(error));
  }

  private async reset(reason: ResetReason, resumeAfter: string | null) {
    const outcome = await this.group?.outcomeOf({ kind: 'reset', reason, resumeAfter }, this.viewer);
    if (!outcome) return;
    if ('errors' in outcome) return this.fail(outcome.errors);
    if ('payload' in outcome) this.outbox.end(outcome.payload);
  }
}

/** What it watches; personal when that depends on who asks. */
async function sourceOf(services: Services, operation: LiveOperation, viewer: Viewer) {
  if (viewer.contactId === null) {
    const { context, wasPersonal } = createSharedContext(services, viewer);
    const source = await createSourceEventStream({ ...operation, contextValue: context });
    if (!wasPersonal()) return { source, isPersonal: false };
  }
  const contextValue = createContext(services, viewer);
  return { source: await createSourceEventStream({ ...operation, contextValue }), isPersonal: true };
}
