import type { ReadScope, Viewer } from '../domain/core/viewer.ts';
import type { SubscriptionSource } from '../domain/inbox/subscription-source.ts';
import { writeCursor } from '../feed/cursor.ts';
import type { LogEvent } from '../feed/event.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import type { StreamItem } from '../feed/stream-item.ts';
import type { LiveWords } from './caught-up-cache.ts';
import type { Executor, FrameResult } from './executor.ts';
import type { ResultCache } from './result-cache.ts';
import type { EncodedFrame } from './send-queue.ts';

// Events that are being executed at the same time, and that wait for it, before all who wait are told to load afresh.
const MAX_EXECUTED_AT_ONCE = 8;
const MAX_PENDING = 1_000;
const IDLE_REFRESH_MS = 60_000;

/** A subscriber, as its group sees it. */
export interface GroupMember {
  readonly viewer: Viewer;
  /** Events up to this position they have, or had before. */
  readonly known: number;
  push(payload: EncodedFrame): void;
  /** Sends this as the last. */
  end(payload: EncodedFrame): void;
  fail(errors: Extract<FrameResult, { errors: unknown }>['errors']): void;
  /** They can't be served as fast as events come. */
  drop(): void;
}

/** What one step comes to for a viewer. */
type ResultsByViewer = (viewer: Viewer) => FrameResult | undefined;

/** What has become of an event, for those who know less than `below`; or what to do when it is its turn. */
type DeliveryStep = { outcomes: Promise<ResultsByViewer>; below: number } | { run: () => void };

export interface SubscriberGroupOptions {
  execution: Executor;
  words: LiveWords;
  kept: ResultCache;
  /** The same for groups of which each event comes to the same. */
  key: string;
  /** The same for groups that differ in what they watch alone. */
  shownKey: string;
  watch: SubscriptionSource;
  reader: ReadScope;
  follower: LogFollower;
  now: () => number;
}

/**
 * All who asked the same with the same eyes: each event is executed for them together, and sent to each. A class that makes its lists
 * when they are needed: where contacts watch what is theirs alone, there are as many groups as subscribers, and they are idle.
 */
export class SubscriberGroup {
  private readonly options: SubscriberGroupOptions;
  private members: GroupMember[] | undefined;
  /** What happened and is not sent yet, in order; of these the first few are being executed, as steps. */
  private pending: (LogEvent | { run: () => void })[] | undefined;
  private steps: DeliveryStep[] | undefined;
  private stopListening: (() => void) | undefined;
  private isSending = false;
  private lastSentAt: number;

  constructor(options: SubscriberGroupOptions) {
    this.options = options;
    this.lastSentAt = options.now();
  }

  /** From the next event on, behind what the member knows. */
  join(member: GroupMember) {
    if (this.members) this.members.push(member);
    else this.members = [member];
    const { follower, watch } = this.options;
    this.stopListening ??= follower.listen(watch.scope, (event) => this.hear(event));
  }

  leave(member: GroupMember) {
    const index = this.members?.indexOf(member) ?? -1;
    if (index >= 0) this.members?.splice(index, 1);
    if (this.members && this.members.length > 0) return;
    this.members = undefined;
    this.stopListening?.();
    this.stopListening = undefined;
  }

  /** What an item comes to for one viewer, such as an event that they missed. */
  async resultFor(item: StreamItem, viewer: Viewer): Promise<FrameResult> {
    const shared = await this.share(item);
    const { execution } = this.options;
    return shared ?? ((await execution.executePerViewer(item, [viewer])).get(viewer.id) as FrameResult);
  }

  /** Does this when all that was heard until now has been sent. */
  enqueue(run: () => void) {
    this.pending ??= [];
    this.pending.push({ run });
    this.proceed();
  }

  /** Where nothing was sent for a minute: a fresh cursor, so that theirs does not grow old though they missed nothing. */
  refresh() {
    const { follower, now } = this.options;
    if (!this.members || this.pending || this.steps || now() - this.lastSentAt < IDLE_REFRESH_MS) return;
    const position = follower.position();
    const outcomes = this.execute({ kind: 'caughtUp', cursor: writeCursor(follower.state, position) });
    // Whoever came from another node may know of more than this one has heard.
    this.steps = [{ outcomes, below: position + 1 }];
    this.proceed();
  }

  private hear(event: LogEvent) {
    if (!this.options.watch.accepts(event)) return;
    this.pending ??= [];
    this.pending.push(event);
    if (this.pending.length <= MAX_PENDING) return this.proceed();
    const given = this.pending;
    this.pending = undefined;
    for (const member of this.members?.slice() ?? []) member.drop();
    for (const next of given) if ('run' in next) next.run();
  }

  private proceed() {
    while (this.pending && (this.steps?.length ?? 0) < MAX_EXECUTED_AT_ONCE) {
      const next = this.pending.shift();
      if (this.pending.length === 0) this.pending = undefined;
      if (!next) break;
      this.steps ??= [];
      this.steps.push('run' in next ? next : this.stepOf(next));
    }
    if (!this.isSending && this.steps) void this.send();
  }

  private stepOf(event: LogEvent): DeliveryStep {
    const { follower } = this.options;
    const item = { kind: 'event', event, cursor: writeCursor(follower.state, event.position) } as const;
    return { outcomes: this.execute(item), below: event.position };
  }

  private async send() {
    this.isSending = true;
    for (let step = this.steps?.[0]; step; step = this.steps?.[0]) {
      if ('run' in step) step.run();
      else this.deliver(await step.outcomes, step.below);
      this.steps?.shift();
      if (this.steps?.length === 0) this.steps = undefined;
      this.proceed();
    }
    this.isSending = false;
  }

  private async execute(item: StreamItem): Promise<ResultsByViewer> {
    const shared = await this.share(item);
    if (shared) return () => shared;
    const viewers = new Map(this.members?.map(({ viewer }) => [viewer.id, viewer]));
    const outcomes = await this.options.execution.executePerViewer(item, [...viewers.values()]);
    return (viewer) => outcomes.get(viewer.id);
  }

  private async share(item: StreamItem): Promise<FrameResult | null> {
    const { execution, reader, words, shownKey, kept, key } = this.options;
    if (item.kind === 'event')
      return kept.getOrExecute(key, item.event.position, () => execution.executeShared(item, reader));
    const word = item.kind === 'caughtUp' ? await words.caughtUp(execution, shownKey, item.cursor) : null;
    return word ?? execution.executeShared(item, reader);
  }

  private deliver(outcomeFor: ResultsByViewer, below: number) {
    this.lastSentAt = this.options.now();
    // Of those who are here now: whom it ends takes leave meanwhile.
    for (const member of this.members?.slice() ?? []) {
      if (member.known >= below) continue;
      const outcome = outcomeFor(member.viewer);
      if (!outcome) continue;
      if ('errors' in outcome) member.fail(outcome.errors);
      else if ('payload' in outcome && outcome.isLast) member.end(outcome.payload);
      else if ('payload' in outcome) member.push(outcome.payload);
    }
  }
}
