import type { Viewer } from '../domain/core/viewer.ts';
import type { StateSource, StateSubscriber } from '../domain/presence/state-source.ts';
import type { Executor, FrameResult, StateItem } from './executor.ts';
import type { Redactions } from './redaction.ts';

// Results are shared only briefly: what a state refers to, such as a user, may change without a new state.
const SHARE_MS = 1_000;
const MAX_SHARED = 1_000;

export type StateGroup = ReturnType<typeof createStateGroup>;

export interface StateGroupOptions {
  executor: Pick<Executor, 'executeShared' | 'executePerViewer'>;
  redactions: Pick<Redactions, 'latestVersion'>;
}

interface SharedResult {
  /** Version of what it may show. A result of an older version may contain a deleted text. */
  version: number;
  result: Promise<FrameResult | null>;
  until: number;
}

/** Subscribers with the same operation and visibility scope: a state that several of them are sent is executed once. */
export function createStateGroup({ executor, redactions }: StateGroupOptions) {
  // In order of age. Not an LRUCache, which allocates for its maximum at once: each contact may have a group.
  const shared = new Map<object, SharedResult>();

  function executeShared(state: object, viewer: Viewer): Promise<FrameResult | null> {
    const now = Date.now();
    for (const [old, { until }] of shared) {
      if (until > now && shared.size < MAX_SHARED) break;
      shared.delete(old);
    }
    const known = shared.get(state);
    const version = redactions.latestVersion();
    if (known?.version === version) return known.result;
    const result = executor.executeShared(toItem(state), viewer);
    // Deleted first, so that the map stays in order of age.
    shared.delete(state);
    shared.set(state, { version, result, until: now + SHARE_MS });
    return result;
  }

  return {
    async resultFor(state: object, viewer: Viewer): Promise<FrameResult> {
      const result = await executeShared(state, viewer);
      if (result) return result;
      return (await executor.executePerViewer(toItem(state), [viewer])).get(viewer.id) as FrameResult;
    },
  };
}

function toItem(state: object): StateItem {
  return { kind: 'state', state };
}

export interface StateFeedOptions {
  source: StateSource;
  subscriber: Omit<StateSubscriber, 'emit'>;
  group: Pick<StateGroup, 'resultFor'>;
  /** Whether a frame would be sent at once. `flush` is called when that becomes true. */
  isReady: () => boolean;
  deliver: (result: FrameResult) => void;
  /** The source or an execution failed. */
  onError: (error: unknown) => void;
}

export type StateFeed = ReturnType<typeof startStateFeed>;

/**
 * Feeds one subscriber from a state source. While the subscriber exerts backpressure, only the newest state of each key waits, so
 * that nothing can overflow.
 */
export function startStateFeed({ source, subscriber, group, isReady, deliver, onError }: StateFeedOptions) {
  const waiting = new Map<string, object>();
  let isSending = false;
  let isClosed = false;

  async function sendWaiting() {
    for (const [key, state] of waiting) {
      if (isClosed || !isReady()) return;
      waiting.delete(key);
      const result = await group.resultFor(state, subscriber.viewer);
      if (!isClosed) deliver(result);
    }
  }

  function flush() {
    if (isSending || isClosed || waiting.size === 0) return;
    isSending = true;
    sendWaiting()
      .catch(onError)
      .then(() => {
        isSending = false;
        if (isReady()) flush();
      })
      .catch(onError);
  }

  const subscribed = source.subscribe({
    ...subscriber,
    emit(key, state) {
      if (isClosed) return;
      waiting.set(key, state);
      // Sources emit in listeners and timers, which must not be ended by one subscriber.
      try {
        flush();
      } catch (error) {
        onError(error);
      }
    },
  });
  subscribed.catch((error) => {
    if (!isClosed) onError(error);
  });

  return {
    flush,
    close() {
      isClosed = true;
      waiting.clear();
      subscribed.then((unsubscribe) => unsubscribe()).catch(() => undefined);
    },
  };
}
