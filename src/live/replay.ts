import type { Viewer } from '../domain/core/viewer.ts';
import { writeCursor } from '../feed/cursor.ts';
import type { Feed } from '../feed/feed.ts';
import type { ResetReason, StreamItem } from '../feed/stream-item.ts';
import type { FrameResult } from './executor.ts';
import type { FollowedLog } from './followed-log.ts';
import type { EncodedFrame, SendQueue } from './send-queue.ts';
import type { SubscriberGroup } from './subscriber-group.ts';

const MAX_AHEAD = 8;

export interface ReplayOptions {
  missed: ReturnType<Feed['catchUp']>;
  group: SubscriberGroup;
  log: FollowedLog;
  viewer: Viewer;
  queue: SendQueue;
  deliver: (result: FrameResult) => void;
}

export interface Replayed {
  /** Position of the last event; undefined where none was missed. */
  position?: number;
  /** Frames to send before those that wait in the queue, which is held since the subscriber went live. */
  last: EncodedFrame[];
  /** Set when events are missing: the subscriber has to load again. */
  reason?: ResetReason;
}

interface Started {
  item: StreamItem & { kind: 'event' };
  version: number;
  result: Promise<FrameResult>;
}

/**
 * Delivers missed events at the subscriber's own pace, in order. Events are executed a few ahead of their delivery, and again where a
 * message that they may show was edited or deleted meanwhile.
 */
export async function replay(options: ReplayOptions): Promise<Replayed> {
  const { missed, group, log, viewer, queue, deliver } = options;
  const replayed: Replayed = { last: [] };
  const started: Started[] = [];
  let isDone = false;

  async function startNext() {
    const { done, value } = await missed.next();
    if (done) {
      isDone = true;
      if (value) replayed.reason = value;
      return;
    }
    const cursor = writeCursor(log.follower.state, value.position);
    const item = { kind: 'event', event: value, cursor } as const;
    const result = execute(item);
    // It is awaited in its turn. Until then, an error without a handler would end the process.
    result.catch(() => undefined);
    started.push({ item, version: group.versionOf(item), result });
  }

  const execute = (item: StreamItem) => log.replays(() => group.resultFor(item, viewer));

  function hand(result: FrameResult) {
    if (!queue.isHeld || !('frame' in result)) return deliver(result);
    if (!result.isLast) return void replayed.last.push(result.frame);
    // The subscription ends with this event: the live ones come after it.
    queue.dropHeld();
    for (const frame of replayed.last) queue.push(frame);
    deliver(result);
  }

  try {
    while (queue.isOpen) {
      while (!isDone && started.length < MAX_AHEAD) await startNext();
      const next = started.shift();
      if (!next) break;
      let result = await next.result;
      if (next.version !== group.versionOf(next.item)) result = await execute(next.item);
      replayed.position = next.item.event.position;
      hand(result);
      if (!queue.isHeld) await queue.drained();
    }
  } finally {
    await missed.return(undefined);
  }
  return replayed;
}
