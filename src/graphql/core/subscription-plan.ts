import type { SubscriptionSource } from '../../domain/inbox/subscription-source.ts';
import type { StateSource } from '../../domain/presence/state-source.ts';

/**
 * What the field of a subscription opens: not a stream of its own, but what is to be watched, and from where. The server
 * makes one stream of it for all who ask the same. graphql-js takes nothing but an AsyncIterable here.
 */
export interface LogSubscriptionPlan extends AsyncIterable<never> {
  readonly eventFilter: SubscriptionSource;
  /** A cursor: begin behind it. Null: begin now. */
  readonly after: string | null;
}

/** The same for what has a present and no past. */
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

function refuseToIterate(): never {
  throw new Error('what a subscription watches is read by the server, not by graphql-js');
}
