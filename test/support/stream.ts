import { onTestFinished } from 'vitest';
import type { Bus } from '../../src/bus/bus.ts';
import { writeCursor } from '../../src/feed/cursor.ts';
import type { Author, LogEvent, NewEvent } from '../../src/feed/event.ts';
import { createFeed, type Feed, type FeedOptions } from '../../src/feed/feed.ts';
import type { StreamItem } from '../../src/feed/stream-item.ts';
import { createLog } from '../../src/log.ts';
import type { Gateway } from './gateway.ts';
import { createReceiveQueue } from './receive-queue.ts';

/** Creates a feed on the gateway's database with a private bus, for the duration of the test. */
export function feedOn(
  { db }: Pick<Gateway, 'db'>,
  bus: Bus,
  options: Pick<FeedOptions, 'headPollIntervalMs'> = {},
): Feed {
  const feed = createFeed({ db, bus, log: createLog('silent'), ...options });
  onTestFinished(() => feed.stop());
  return feed;
}

/** Appends `count` events to the organization's log in one transaction. Returns the cursor of the last. */
export async function write(
  feed: Feed,
  organizationId: string,
  count = 1,
  about: Pick<NewEvent, 'conversationId' | 'contactId'> = {},
): Promise<string> {
  const author: Author = { organizationId, kind: 'system', id: '' };
  const events = Array.from({ length: count }, () => ({
    type: 'UPDATED' as const,
    isPublic: false,
    ...about,
  }));
  return (await feed.record(author, async () => ({ result: undefined, events }))).cursor;
}

export interface Reader {
  /** The next item: its position, or its kind if it is not an event. */
  next(): Promise<StreamItem>;
  position(): Promise<number>;
  /** Positions of the next `count` events. */
  positions(count: number): Promise<number[]>;
}

/** Reads the feed's stream of an organization without backpressure. */
export async function read(
  feed: Feed,
  organizationId: string,
  after?: string,
  accepts: (event: LogEvent) => boolean = () => true,
): Promise<Reader> {
  const items = createReceiveQueue<StreamItem>('item');
  const { follower, release } = await feed.follow(organizationId);
  onTestFinished(release);
  const scope = { organizationId };
  const put = (event: LogEvent) =>
    items.put({ kind: 'event', event, cursor: writeCursor(follower.state, event.position) });
  // Live events wait while the last missed ones are handed over.
  let [isLive, waiting]: [boolean, LogEvent[]] = [false, []];
  let reached = 0;
  const listen = (position: number) => {
    reached = position;
    follower.listen(scope, (event) => {
      if (event.position <= position || !accepts(event)) return;
      if (isLive) put(event);
      else waiting.push(event);
    });
  };
  const goLive = () => {
    items.put({ kind: 'caughtUp', cursor: writeCursor(follower.state, reached) });
    for (const event of waiting) put(event);
    [isLive, waiting] = [true, []];
  };
  if (after === undefined) {
    listen(follower.position());
    goLive();
  } else {
    const missed = feed.catchUp(follower, { scope, accepts, after, onCaughtUp: listen });
    (async () => {
      for (let next = await missed.next(); ; next = await missed.next()) {
        if (!next.done) for (const event of next.value) put(event);
        else if (next.value === undefined) return goLive();
        else return items.put({ kind: 'reset', reason: next.value, resumeAfter: null });
      }
    })().catch(items.close);
  }

  async function position() {
    const item = await items.next();
    if (item.kind !== 'event') throw new Error(`no event: ${JSON.stringify(item)}`);
    return item.event.position;
  }

  return {
    next: items.next,
    position,
    async positions(count) {
      const taken: number[] = [];
      while (taken.length < count) taken.push(await position());
      return taken;
    },
  };
}
