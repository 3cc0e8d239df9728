import type { SubscriptionSource } from '../../domain/inbox/subscription-source.ts';
import type { StateSource } from '../../domain/presence/state-source.ts';
import { EventSubjectGoneError } from '../../errors.ts';

/**
 * Result of the `subscribe` resolver of a field that follows the event log: a plan instead of a stream. The live engine opens one
 * stream for all subscribers with equal operations. It is an AsyncIterable only because graphql-js accepts nothing else.
 */
export interface LogSubscriptionPlan extends AsyncIterable<never> {
  readonly eventFilter: SubscriptionSource;
  /** Cursor to replay missed events after. Null: start with the next event. */
  readonly after: string | null;
}

/** The same for a subscription to a state, such as presence, which has no log and no cursor. */
export interface StateSubscriptionPlan extends AsyncIterable<never> {
  readonly stateSource: StateSource;
}

export function planLogSubscription(
  eventFilter: SubscriptionSource,
  after: string | null | undefined,
): LogSubscriptionPlan {
  return { eventFilter, after: after ?? null, [Symbol.asyncIterator]: refuseToIterate };
}

export function planStateSubscription(stateSource: StateSource): StateSubscriptionPlan {
  return { stateSource, [Symbol.asyncIterator]: refuseToIterate };
}

export function isSubscriptionPlan(value: unknown): value is LogSubscriptionPlan | StateSubscriptionPlan {
  return typeof value === 'object' && value !== null && ('eventFilter' in value || 'stateSource' in value);
}

/** Skips the event when its object is no longer visible: a later event of the log says so. */
export function orSkipEvent<T>(found: T | null): T {
  if (found === null) throw new EventSubjectGoneError();
  return found;
}

function refuseToIterate(): never {
  throw new Error('a subscription plan is executed by the live engine, not by graphql-js');
}
