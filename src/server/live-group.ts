import type { Reader, Viewer } from '../domain/viewer.ts';
import type { Watch } from '../feed/catch-up.ts';
import type { LogEvent } from '../feed/event.ts';
import type { Follower } from '../feed/follow.ts';
import type { StreamItem } from '../feed/stream-item.ts';
import type { LiveExecution, Outcome } from './live-execution.ts';
import type { Payload } from './live-outbox.ts';

// Events that are being executed at the same time, and that wait for it, before all who wait are told to load afresh.
const MAX_EXECUTED_AT_ONCE = 8;
const MAX_PENDING = 1_000;
// Outcomes that are kept for those who catch up.
const KEPT = 64;
const QUIET_MS = 60_000;

/** A subscriber, as its group sees it. */
export interface Member {
  readonly viewer: Viewer;
  /** Events up to this position they have, or had before. */
  readonly known: number;
  push(payload: Payload): void;
  /** Sends this as the last. */
  end(payload: Payload): void;
  fail(errors: Extract<Outcome, { errors: unknown }>['errors']): void;
  /** They can't be served as fast as events come. */
  drop(): void;
}

/** What one step comes to for a viewer. */
type OutcomeFor = (viewer: Viewer) => Outcome | undefined;

/** What has become of an event, for those who know less than `below`; or what to do when it is its turn. */
type Step = { outcomes: Promise<OutcomeFor>; below: number } | { run: () => void };

export type LiveGroup = ReturnType<typeof createLiveGroup>;

export interface LiveGroupOptions {
  execution: LiveExecution;
  watch: Watch;
  reader: Reader;
  follower: Follower;
  cursorAt: (position: number) => string;
  now: () => number;
}

/** All who asked the same with the same eyes: each event is executed for them together, and sent to each. */
export function createLiveGroup({ execution, watch, reader, follower, cursorAt, now }: LiveGroupOptions) {
  const members = new Set<Member>();
  /** What happened and is not sent yet, in order; of these the first few are being executed. */
  const pending: (LogEvent | { run: () => void })[] = [];
  const steps: Step[] = [];
  const kept = new Map<number, Promise<Outcome | null>>();
  let stopListening: (() => void) | undefined;
  let isSending = false;
  let lastSentAt = now();

  function itemOf(event: LogEvent): StreamItem {
    return { kind: 'event', event, cursor: cursorAt(event.position) };
  }

  function hear(event: LogEvent) {
    if (!watch.accepts(event)) return;
    pending.push(event);
    if (pending.length <= MAX_PENDING) return proceed();
    for (const member of [...members]) member.drop();
    for (const next of pending.splice(0)) if ('run' in next) next.run();
  }

  function proceed() {
    while (steps.length < MAX_EXECUTED_AT_ONCE) {
      const next = pending.shift();
      if (!next) break;
      steps.push('run' in next ? next : stepOf(next));
    }
    if (!isSending && steps.length > 0) void send();
  }

  function stepOf(event: LogEvent): Step {
    return { outcomes: execute(itemOf(event)), below: event.position };
  }

  async function send() {
    isSending = true;
    for (let step = steps[0]; step; step = steps[0]) {
      if ('run' in step) step.run();
      else deliver(await step.outcomes, step.below);
      steps.shift();
      proceed();
    }
    isSending = false;
  }

  async function execute(item: StreamItem): Promise<OutcomeFor> {
    const shared = await keep(item);
    if (shared) return () => shared;
    const viewers = new Map([...members].map(({ viewer }) => [viewer.id, viewer]));
    const outcomes = await execution.forEach(item, [...viewers.values()]);
    return (viewer) => outcomes.get(viewer.id);
  }

  function keep(item: StreamItem): Promise<Outcome | null> {
    if (item.kind !== 'event') return execution.forAll(item, reader);
    const { position } = item.event;
    const outcome = kept.get(position) ?? execution.forAll(item, reader);
    kept.set(position, outcome);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value as number);
    // What failed is tried again for the next who asks.
    void outcome.then((made) => {
      if (made && 'errors' in made) kept.delete(position);
    });
    return outcome;
  }

  function deliver(outcomeFor: OutcomeFor, below: number) {
    lastSentAt = now();
    for (const member of members) {
      if (member.known >= below) continue;
      const outcome = outcomeFor(member.viewer);
      if (!outcome) continue;
      if ('payload' in outcome) (outcome.isLast ? member.end : member.push)(outcome.payload);
      else if ('errors' in outcome) member.fail(outcome.errors);
    }
  }

  return {
    /** From the next event on, behind what the member knows. */
    join(member: Member) {
      members.add(member);
      stopListening ??= follower.listen(watch.scope, hear);
    },
    leave(member: Member) {
      members.delete(member);
      if (members.size > 0) return;
      stopListening?.();
      stopListening = undefined;
    },
    /** What an item comes to for one viewer, such as an event that they missed. */
    async outcomeOf(item: StreamItem, viewer: Viewer): Promise<Outcome> {
      const shared = await keep(item);
      return shared ?? ((await execution.forEach(item, [viewer])).get(viewer.id) as Outcome);
    },
    /** Does this when all that was heard until now has been sent. */
    inTurn(run: () => void) {
      pending.push({ run });
      proceed();
    },
    /** Where nothing was sent for a minute: a fresh cursor, so that theirs does not grow old though they missed nothing. */
    refresh() {
      if (members.size === 0 || pending.length > 0 || steps.length > 0 || now() - lastSentAt < QUIET_MS)
        return;
      const position = follower.position();
      steps.push({
        outcomes: execute({ kind: 'caughtUp', cursor: cursorAt(position) }),
        // Whoever came from another node may know of more than this one has heard.
        below: position + 1,
      });
      proceed();
    },
  };
}
