import type { Watch } from '../feed/catch-up.ts';

/**
 * What the field of a subscription opens: not a stream of its own, but what is to be watched, and from where. The server
 * makes one stream of it for all who ask the same. graphql-js takes nothing but an AsyncIterable here.
 */
export interface LiveSource extends AsyncIterable<never> {
  readonly watch: Watch;
  /** A cursor: begin behind it. Null: begin now. */
  readonly after: string | null;
}

export function liveSource(watch: Watch, after: string | null | undefined): LiveSource {
  return {
    watch,
    after: after ?? null,
    [Symbol.asyncIterator]() {
      throw new Error('what a subscription watches is read by the server, not by graphql-js');
    },
  };
}

export function isLiveSource(value: unknown): value is LiveSource {
  return typeof value === 'object' && value !== null && 'watch' in value;
}
