import type { Db } from '../db/client.ts';
import { readCursor, writeCursor } from './cursor.ts';
import type { LogEvent } from './event.ts';
import type { Follower, Followers } from './follow.ts';
import { isWithin, readEvents, readFeedState, type Scope } from './log.ts';
import { createQueue } from './queue.ts';

// Events that wait for one subscriber.
const MAX_WAITING = 1_000;
// Events that are sent to one subscriber who was away; loading afresh is then cheaper.
const MAX_REPLAYED = 10_000;
const PAGE = 500;

export type ResetReason = 'CURSOR_INVALID' | 'CURSOR_EXPIRED' | 'TOO_FAR_BEHIND' | 'SLOW_CONSUMER';

/** What a subscriber gets: events, the word that it has caught up, or the word that it must load afresh, which is the last. */
export type StreamItem =
  | { kind: 'event'; event: LogEvent; cursor: string }
  | { kind: 'caughtUp'; cursor: string }
  | { kind: 'reset'; reason: ResetReason; resumeAfter: string | null };

export interface StreamOptions {
  scope: Scope;
  /** A cursor: begins behind it. Left out: begins now. */
  after?: string | null | undefined;
  /** Whether the subscriber gets this event. Must not throw. */
  accepts: (event: LogEvent) => boolean;
}

/**
 * Opens a stream: first what the subscriber missed since `after`, oldest first, then CaughtUp, then what happens. Each event
 * comes once. Resolves once everything from now on will be in it.
 */
export async function openStream(
  { db, followers }: { db: Db; followers: Followers },
  { scope, after, accepts }: StreamOptions,
): Promise<AsyncIterableIterator<StreamItem>> {
  const { follower, release } = await followers.follow(scope.organizationId);
  const cursorAt = (position: number) => writeCursor(follower.state, position);
  const queue = createQueue<StreamItem>(MAX_WAITING, (oldest) => ({
    kind: 'reset',
    reason: 'SLOW_CONSUMER',
    resumeAfter: oldest.kind === 'event' ? cursorAt(oldest.event.position - 1) : null,
  }));
  let stopListening = () => {};

  /** Queues what happens from now on. The subscriber may know of more than this node has heard yet: up to `known`. */
  function goLive(known: number): StreamItem {
    stopListening = follower.listen((event) => {
      if (event.position <= known || !isWithin(scope, event) || !accepts(event)) return;
      queue.push({ kind: 'event', event, cursor: cursorAt(event.position) });
    });
    return { kind: 'caughtUp', cursor: cursorAt(Math.max(known, follower.position())) };
  }

  function close() {
    stopListening();
    queue.end();
    release();
  }

  const now = after == null ? goLive(follower.position()) : undefined;

  async function* items(): AsyncGenerator<StreamItem, undefined, undefined> {
    try {
      const begin = now ?? (yield* replay(db, follower, { scope, after: after ?? '', accepts, goLive }));
      yield begin;
      if (begin.kind === 'reset') return;
      for (let item = await queue.next(); item; item = await queue.next()) yield item;
    } finally {
      close();
    }
  }

  const generator = items();
  const stream: AsyncIterableIterator<StreamItem> = {
    next: () => generator.next(),
    // A generator would only hear of its end after the event it waits for.
    return: () => {
      close();
      return generator.return(undefined);
    },
    [Symbol.asyncIterator]: () => stream,
  };
  return stream;
}

interface Replay {
  scope: Scope;
  after: string;
  accepts: (event: LogEvent) => boolean;
  goLive: (known: number) => StreamItem;
}

/** The log at the subscriber's own pace, until it has come to where the follower is. Ends with CaughtUp, or why it can't. */
async function* replay(
  db: Db,
  follower: Follower,
  { scope, after, accepts, goLive }: Replay,
): AsyncGenerator<StreamItem, StreamItem, undefined> {
  const { epoch, head, sweptTo } = await readFeedState(db, scope.organizationId);
  const from = readCursor(follower.state, after);
  const isForeign = !Buffer.from(epoch).equals(follower.state.epoch);
  if (from === null || isForeign || from > Math.max(head, follower.position()))
    return reset('CURSOR_INVALID');
  if (from < sweptTo) return reset('CURSOR_EXPIRED');

  let position = from;
  let replayed = 0;
  while (position < follower.position()) {
    const upTo = follower.position();
    const page = await readEvents(db, scope, { after: position, upTo, limit: PAGE });
    for (const event of page) {
      if (!accepts(event)) continue;
      if (++replayed > MAX_REPLAYED) return reset('TOO_FAR_BEHIND');
      yield { kind: 'event', event, cursor: writeCursor(follower.state, event.position) };
    }
    position = page.length < PAGE ? upTo : (page.at(-1)?.position ?? upTo);
  }
  // In the same tick as the last look at the follower: what it hears after that is heard live.
  return goLive(position);
}

function reset(reason: ResetReason): StreamItem {
  return { kind: 'reset', reason, resumeAfter: null };
}
