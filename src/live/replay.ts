import type { Viewer } from '../domain/core/viewer.ts';
import type { LogEvent } from '../feed/event.ts';
import type { Feed } from '../feed/feed.ts';
import type { ResetReason } from '../feed/stream-item.ts';
import type { FrameResult } from './executor.ts';
import type { EncodedFrame, SendQueue } from './send-queue.ts';
import type { SubscriberGroup } from './subscriber-group.ts';
import type { Turn } from './turns.ts';

// Events that are executed together, and whose frames are written together.
const BATCH_SIZE = 32;
const MAX_WRITE_BYTES = 65_536;

export interface ReplayOptions {
  missed: ReturnType<Feed['catchUp']>;
  group: SubscriberGroup;
  viewer: Viewer;
  queue: SendQueue;
  /** The share of the event loop of all replays. */
  turn: Turn;
  deliver: (result: FrameResult) => void;
}

export interface Replayed {
  /** Position of the last event; undefined where none was missed. */
  position?: number;
  /** Set when events are missing: the subscriber has to load again. */
  reason?: ResetReason;
}

interface Executed {
  event: LogEvent;
  /** Version of what the event may show, when its execution began. */
  version: number;
  result: FrameResult;
}

/**
 * Delivers missed events at the subscriber's own pace, in order. While a batch is sent, the next one is executed; an event is executed again
 * where a message that it may show was edited or deleted meanwhile.
 */
export async function replay({
  missed,
  group,
  viewer,
  queue,
  turn,
  deliver,
}: ReplayOptions): Promise<Replayed> {
  const replayed: Replayed = {};
  let events: readonly LogEvent[] = [];
  let taken = 0;

  /** Executes the next events; null when all are replayed. */
  async function executeNext(): Promise<Executed[] | null> {
    if (taken === events.length) {
      const { done, value } = await missed.next();
      if (done) {
        if (value) replayed.reason = value;
        return null;
      }
      [events, taken] = [value, 0];
    }
    const batch = events.slice(taken, taken + BATCH_SIZE);
    taken += batch.length;
    return execute(batch);
  }

  async function execute(batch: readonly LogEvent[]): Promise<Executed[]> {
    const versions = batch.map((event) => group.versionOf(event));
    const results = await Promise.all(group.replayedResultsFor(batch, viewer));
    return batch.map((event, index) => ({
      event,
      version: versions[index] as number,
      result: results[index] as FrameResult,
    }));
  }

  const isOutdated = ({ event, version }: Executed) => version !== group.versionOf(event);

  /** Sends as many of the batch as may be written together, from the given one on. Returns how many of the batch are done. */
  function sendSome(batch: readonly Executed[], done: number): number {
    const frames: EncodedFrame[] = [];
    let bytes = 0;
    let count = done;
    for (const next of batch.slice(done)) {
      if (bytes >= MAX_WRITE_BYTES || isOutdated(next)) break;
      const { event, result } = next;
      replayed.position = event.position;
      count += 1;
      if ('frame' in result && !result.isLast) {
        frames.push(result.frame);
        bytes += result.frame.body.length;
      } else if (!('gone' in result)) {
        queue.pushMissed(frames);
        deliver(result);
        return count;
      }
    }
    queue.pushMissed(frames);
    return count;
  }

  async function sendAll(batch: Executed[]) {
    for (let done = 0; done < batch.length && queue.isOpen; ) {
      const next = batch[done];
      if (next && isOutdated(next)) batch.splice(done, 1, ...(await execute([next.event])));
      done = sendSome(batch, done);
      await queue.drained();
    }
  }

  try {
    let next = executeNext();
    for (let batch = await next; batch && queue.isOpen; batch = await next) {
      next = executeNext();
      // It is awaited after this batch. Until then, an error without a handler would end the process.
      next.catch(() => undefined);
      await turn();
      await sendAll(batch);
    }
  } finally {
    await missed.return(undefined);
  }
  return replayed;
}
