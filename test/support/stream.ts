import { onTestFinished } from 'vitest';
import type { Bus } from '../../src/feed/bus.ts';
import type { Author } from '../../src/feed/event.ts';
import { createFeed, type Feed } from '../../src/feed/feed.ts';
import type { StreamItem, StreamOptions } from '../../src/feed/stream.ts';
import { createLog } from '../../src/log.ts';
import type { Gateway } from './gateway.ts';
import { createInbox } from './inbox.ts';

/** A feed on the gateway's database and a bus of the test's own, until the test is finished. */
export function feedOn({ db }: Pick<Gateway, 'db'>, bus: Bus): Feed {
  const feed = createFeed({ db, bus, log: createLog('silent') });
  onTestFinished(() => feed.stop());
  return feed;
}

/** Writes this many events into the organization's log, in one transaction; gives the cursor of the last. */
export async function write(feed: Feed, organizationId: string, count = 1): Promise<string> {
  const author: Author = { organizationId, kind: 'system', id: '' };
  const events = Array.from({ length: count }, () => ({ type: 'UPDATED' as const, isPublic: false }));
  return (await feed.record(author, async () => ({ result: undefined, events }))).cursor;
}

export interface Reader {
  /** The next item, as its position, or as what else it is. */
  next(): Promise<StreamItem>;
  position(): Promise<number>;
  /** Positions of the next events. */
  positions(count: number): Promise<number[]>;
}

/** Opens a stream of what happens in the organization and reads it as fast as it comes. */
export async function read(
  feed: Feed,
  organizationId: string,
  after?: string,
  accepts: StreamOptions['accepts'] = () => true,
): Promise<Reader> {
  const items = createInbox<StreamItem>('item');
  const stream = await feed.open({ scope: { organizationId }, after, accepts });
  onTestFinished(async () => void (await stream.return?.()));
  (async () => {
    for await (const item of stream) items.put(item);
  })().then(() => items.close(), items.close);

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
