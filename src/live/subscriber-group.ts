import { isTeam, type ReadScope, type Viewer } from '../domain/core/viewer.ts';
import type { SubscriptionSource } from '../domain/inbox/subscription-source.ts';
import { writeCursor } from '../feed/cursor.ts';
import type { LogEvent } from '../feed/event.ts';
import type { EventItem, StreamItem } from '../feed/stream-item.ts';
import type { Executor, FrameResult } from './executor.ts';
import type { FollowedLog } from './followed-log.ts';
import type { ResultCache, ResultKey } from './result-cache.ts';

const MAX_CONCURRENT_EXECUTIONS = 8;
const MAX_PENDING = 1_000;
const IDLE_REFRESH_MS = 60_000;

/** A subscriber, as its group sees it. */
export interface GroupMember {
  readonly viewer: Viewer;
  /** Events up to this position are not delivered: the member has them. */
  readonly knownPosition: number;
  /** Position of the cursor in its first caught-up frame; null before that. At most `knownPosition`, and no event of the member's lies between. */
  readonly cursorPosition: number | null;
  deliver(result: FrameResult): void;
  /** The group can't keep up with the log: the member gets nothing more. */
  overflow(): void;
  /** Delivering to the group failed, and this member would have a gap. */
  fail(error: unknown): void;
}

type ResultByViewer = (viewer: Viewer) => FrameResult | undefined;

interface Execution {
  item: StreamItem;
  results: Promise<ResultByViewer>;
  /** Version of the event when the execution began. */
  version: number;
  /** The result goes to members whose known position is below. */
  position: number;
}

/** An action that keeps its place among the events. */
interface Action {
  run: () => void;
}

export interface SubscriberGroupOptions {
  executor: Executor;
  cache: ResultCache;
  /** Key of the group: unique for log, visibility scope and operation. */
  key: string;
  source: SubscriptionSource;
  scope: ReadScope;
  log: FollowedLog;
  now: () => number;
}

/**
 * Subscribers with the same operation and visibility scope. Each event is executed for them together, up to 8 events concurrently, and
 * delivered in order. A class, with lists that exist only while they are needed: each contact is a group of its own, and
 * nearly all are idle.
 */
export class SubscriberGroup {
  private readonly options: SubscriberGroupOptions;
  private members: GroupMember[] | undefined;
  // Events wait in `pending`, then execute in `executing`; both in order.
  private pending: (LogEvent | Action)[] | undefined;
  private executing: (Execution | Action)[] | undefined;
  private stopListening: (() => void) | undefined;
  private isDelivering = false;
  private lastDeliveryAt: number;
  // Position of the last event that was accepted.
  private lastPosition = 0;

  constructor(options: SubscriberGroupOptions) {
    this.options = options;
    this.lastDeliveryAt = options.now();
  }

  /** Delivers events to the member, from the next one on. */
  join(member: GroupMember) {
    if (this.members) this.members.push(member);
    else this.members = [member];
    const { log, source } = this.options;
    this.stopListening ??= log.follower.listen(source.scope, (event) => this.handle(event));
  }

  leave(member: GroupMember) {
    const index = this.members?.indexOf(member) ?? -1;
    if (index >= 0) this.members?.splice(index, 1);
    if (this.members && this.members.length > 0) return;
    this.members = undefined;
    this.stopListening?.();
    this.stopListening = undefined;
  }

  /** Executes an item that is no event for one viewer. */
  async resultFor(item: StreamItem, viewer: Viewer): Promise<FrameResult> {
    return (await this.executeShared(item)) ?? this.executeFor(item, viewer);
  }

  /** Results of events that a viewer missed, executed in the replays' share of the log where they are not kept. */
  replayedResultsFor(events: readonly LogEvent[], viewer: Viewer): (FrameResult | Promise<FrameResult>)[] {
    const { cache, executor } = this.options;
    const fresh: LogEvent[] = [];
    const results = events.map((event): FrameResult | (() => Promise<FrameResult>) => {
      const known = cache.find(this.resultKeyOf(event));
      if (known instanceof Promise) return () => this.orExecuteFor(known, { ...event }, viewer);
      if (known) return known;
      // A copy: rows that are read for an event live as long as its object, which others keep.
      const own = { ...event };
      fresh.push(own);
      return () => this.orExecuteFor(this.executeReplayed(own), own, viewer);
    });
    if (fresh.length > 1) executor.shareReads(fresh);
    return results.map((result) => (typeof result === 'function' ? result() : result));
  }

  private executeReplayed(event: LogEvent): Promise<FrameResult | null> {
    const { executor, scope, cache, log } = this.options;
    const execute = () => log.replays(() => executor.executeShared(this.toItem(event), scope));
    return cache.getOrExecute(this.resultKeyOf(event), execute);
  }

  /** The result for all viewers, or where there is none, that of executing the event for one. */
  private async orExecuteFor(shared: Promise<FrameResult | null>, event: LogEvent, viewer: Viewer) {
    return (await shared) ?? this.options.log.replays(() => this.executeFor(this.toItem(event), viewer));
  }

  /** Runs the action after the events that were heard before have been delivered. */
  enqueue(run: () => void) {
    this.pending ??= [];
    this.pending.push({ run });
    this.proceed();
  }

  /** Sends a caught-up frame after a minute without frames, so that the cursors of idle members do not expire. */
  refresh() {
    const { log, now } = this.options;
    if (!this.members || this.pending || this.executing || now() - this.lastDeliveryAt < IDLE_REFRESH_MS)
      return;
    const position = log.follower.position();
    const cursorPosition = this.findCursorPosition(position);
    if (cursorPosition === null) return;
    const item = { kind: 'caughtUp', cursor: writeCursor(log.follower.state, cursorPosition) } as const;
    // A member that came from a node which is ahead of this one may know later events.
    this.executing = [this.startExecution(item, position + 1)];
    this.proceed();
  }

  /**
   * Position of a cursor for members who have all their events up to `position`. The team gets `position` itself. A contact gets the newest that
   * they know of, or the hour mark; null while no member knows one.
   */
  private findCursorPosition(position: number): number | null {
    const { log, scope } = this.options;
    if (isTeam(scope)) return position;
    const known = (this.members ?? []).flatMap(({ knownPosition, cursorPosition }) =>
      knownPosition <= position && cursorPosition !== null ? [cursorPosition] : [],
    );
    return known.length > 0 ? Math.max(log.follower.hourMark(), this.lastPosition, ...known) : null;
  }

  private handle(event: LogEvent) {
    if (!this.options.source.accepts(event)) return;
    this.lastPosition = event.position;
    this.pending ??= [];
    this.pending.push(event);
    if (this.pending.length <= MAX_PENDING) return this.proceed();
    const dropped = this.pending;
    this.pending = undefined;
    for (const member of this.members?.slice() ?? []) member.overflow();
    for (const next of dropped) if ('run' in next) next.run();
  }

  private proceed() {
    while (this.pending && (this.executing?.length ?? 0) < MAX_CONCURRENT_EXECUTIONS) {
      const next = this.pending.shift();
      if (this.pending.length === 0) this.pending = undefined;
      if (!next) break;
      this.executing ??= [];
      this.executing.push('run' in next ? next : this.startEvent(next));
    }
    if (!this.isDelivering && this.executing)
      this.deliverAll().catch((error: unknown) => this.failAll(error));
  }

  private startEvent(event: LogEvent): Execution {
    return this.startExecution(this.toItem(event), event.position);
  }

  private toItem(event: LogEvent): EventItem {
    const cursor = writeCursor(this.options.log.follower.state, event.position);
    return { kind: 'event', event, cursor };
  }

  private resultKeyOf(event: LogEvent): ResultKey {
    return { group: this.options.key, position: event.position, version: this.versionOf(event) };
  }

  private startExecution(item: StreamItem, position: number): Execution {
    const results = this.execute(item);
    // It is awaited in its turn. Until then, an error without a handler would end the process.
    results.catch(() => undefined);
    return { item, position, version: this.versionOfItem(item), results };
  }

  private async deliverAll() {
    this.isDelivering = true;
    for (let next = this.executing?.[0]; next; next = this.executing?.[0]) {
      try {
        if ('run' in next) next.run();
        else this.deliver(await this.currentResults(next), next.position);
      } catch (error) {
        this.failAll(error);
      }
      this.executing?.shift();
      if (this.executing?.length === 0) this.executing = undefined;
      this.proceed();
    }
    this.isDelivering = false;
  }

  private failAll(error: unknown) {
    for (const member of this.members?.slice() ?? []) member.fail(error);
  }

  /** The results; executed again where a message that they may show was edited or deleted while they waited for their turn. */
  private async currentResults({ item, results, version }: Execution): Promise<ResultByViewer> {
    const executed = await results;
    return version === this.versionOfItem(item) ? executed : this.execute(item);
  }

  /** Version of what the event may show. */
  versionOf(event: LogEvent): number {
    return this.options.log.redactions.versionOf(event);
  }

  private versionOfItem(item: StreamItem): number {
    return item.kind === 'event' ? this.versionOf(item.event) : 0;
  }

  private async execute(item: StreamItem): Promise<ResultByViewer> {
    const shared = await this.executeShared(item);
    if (shared) return () => shared;
    const viewers = new Map(this.members?.map(({ viewer }) => [viewer.id, viewer]));
    const results = await this.options.executor.executePerViewer(item, [...viewers.values()]);
    return (viewer) => results.get(viewer.id);
  }

  private async executeShared(item: StreamItem): Promise<FrameResult | null> {
    const { executor, scope, cache } = this.options;
    if (item.kind !== 'event') return executor.executeShared(item, scope);
    return cache.getOrExecute(this.resultKeyOf(item.event), () => executor.executeShared(item, scope));
  }

  private async executeFor(item: StreamItem, viewer: Viewer): Promise<FrameResult> {
    const results = await this.options.executor.executePerViewer(item, [viewer]);
    return results.get(viewer.id) as FrameResult;
  }

  private deliver(resultOf: ResultByViewer, position: number) {
    this.lastDeliveryAt = this.options.now();
    // A copy: a member whose subscription ends leaves meanwhile.
    for (const member of this.members?.slice() ?? []) {
      const result = member.knownPosition < position ? resultOf(member.viewer) : undefined;
      if (result) deliverTo(member, result);
    }
  }
}

// A member that can't be delivered to must not keep the event from the others.
function deliverTo(member: GroupMember, result: FrameResult) {
  try {
    member.deliver(result);
  } catch (error) {
    member.fail(error);
  }
}
