import type { GraphQLError } from 'graphql';
import type { Viewer } from '../domain/core/viewer.ts';
import type { StateSource, StateSubscriber } from '../domain/presence/state-source.ts';
import type { Executor, FrameResult, StateItem } from './executor.ts';
import type { Sink } from './send-queue.ts';

// Outcomes are shared for a moment only: what a state names, such as a person, is read again later.
const SHARED_MS = 1_000;
const MAX_SHARED = 1_000;

export type StateGroup = ReturnType<typeof createStateGroup>;

/** All who ask the same with the same eyes: a state that several are told is executed for them once. */
export function createStateGroup({ execution }: { execution: Executor }) {
  // The oldest first. No LRUCache: it reserves room for all that it may hold, and there may be a group for each contact.
  const shared = new Map<object, { outcome: Promise<FrameResult | null>; until: number }>();

  function share(state: object, viewer: Viewer): Promise<FrameResult | null> {
    const now = Date.now();
    for (const [old, { until }] of shared) {
      if (until > now && shared.size < MAX_SHARED) break;
      shared.delete(old);
    }
    const known = shared.get(state);
    if (known) return known.outcome;
    const outcome = execution.executeShared(itemOf(state), viewer);
    shared.set(state, { outcome, until: now + SHARED_MS });
    return outcome;
  }

  return {
    /** What a state comes to for one viewer. */
    async resultFor(state: object, viewer: Viewer): Promise<FrameResult> {
      const outcome = await share(state, viewer);
      return (
        outcome ?? ((await execution.executePerViewer(itemOf(state), [viewer])).get(viewer.id) as FrameResult)
      );
    },
  };
}

function itemOf(state: object): StateItem {
  return { kind: 'state', state };
}

export interface StateFeedOptions {
  watch: StateSource;
  listener: Omit<StateSubscriber, 'emit'>;
  group: StateGroup;
  sink: Pick<Sink, 'isReady' | 'next'>;
  fail: (errors: readonly GraphQLError[]) => void;
  mask: (error: unknown) => GraphQLError;
}

/**
 * Between something that has a state and one subscriber, who may be slow. What waits for them is never more than the newest of
 * each key, so that there is nothing to overflow.
 */
export async function startStateFeed({ watch, listener, group, sink, fail, mask }: StateFeedOptions) {
  const waiting = new Map<string, object>();
  let isServing = false;
  let isClosed = false;

  async function serve() {
    for (const [key, state] of waiting) {
      if (isClosed || !sink.isReady()) return;
      waiting.delete(key);
      const outcome = await group.resultFor(state, listener.viewer);
      if (isClosed) return;
      if ('errors' in outcome) return fail(outcome.errors);
      if ('payload' in outcome) sink.next(outcome.payload);
    }
  }

  function flush() {
    if (isServing || isClosed || waiting.size === 0) return;
    isServing = true;
    serve()
      .catch((error) => fail([mask(error)]))
      .finally(() => {
        isServing = false;
        if (sink.isReady()) flush();
      });
  }

  const end = await watch.subscribe({
    ...listener,
    emit(key, state) {
      waiting.set(key, state);
      flush();
    },
  });
  return {
    flush,
    close() {
      isClosed = true;
      waiting.clear();
      end();
    },
  };
}
