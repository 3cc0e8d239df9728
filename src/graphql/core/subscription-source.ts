import type { StateWatch } from '../../domain/presence/state-source.ts';
import type { Watch } from '../../feed/catch-up.ts';

/**
 * What the field of a subscription opens: not a stream of its own, but what is to be watched, and from where. The server
 * makes one stream of it for all who ask the same. graphql-js takes nothing but an AsyncIterable here.
 */
export interface LiveSource extends AsyncIterable<never> {
  readonly watch: Watch;
  /** A cursor: begin behind it. Null: begin now. */
  readonly after: string | null;
}

/** The same for what has a present and no past. */
export interface StateSource extends AsyncIterable<never> {
  readonly state: StateWatch;
}

export function liveSource(watch: Watch, after: string | null | undefined): LiveSource {
  return { watch, after: after ?? null, [Symbol.asyncIterator]: readElsewhere };
}

export function stateSource(state: StateWatch): StateSource {
  return { state, [Symbol.asyncIterator]: readElsewhere };
}

export function isSource(value: unknown): value is LiveSource | StateSource {
  return typeof value === 'object' && value !== null && ('watch' in value || 'state' in value);
}

function readElsewhere(): never {
  throw new Error('what a subscription watches is read by the server, not by graphql-js');
}
