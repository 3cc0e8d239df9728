import { LRUCache } from 'lru-cache';
import type { LogEvent } from './event.ts';

/** Events per page. A page is read in one statement. */
export const PAGE_SIZE = 500;
const MAX_BYTES = 32 * 1_048_576;
const TTL_MS = 60_000;
const EVENT_BYTES = 600;

/** Events after the position `from`, without a gap. */
interface Page {
  from: number;
  events: LogEvent[];
  bytes: number;
}

/** Events after a position, oldest first, without a gap. */
interface Range {
  after: number;
  upTo: number;
}

export type RecentEvents = ReturnType<typeof createRecentEvents>;
export type RecentLog = ReturnType<RecentEvents['ofLog']>;

/**
 * The newest events of the logs that this node follows, in pages, at most 32 MB of all logs together and for a minute: when many
 * subscribers resume at once, most have missed the same events. Events come from the follower as they are delivered, and older
 * ones from the database, each page once for all who wait for it.
 */
export function createRecentEvents() {
  const pages = new LRUCache<string, Page>({ maxSize: MAX_BYTES, ttl: TTL_MS });
  const reads = new Map<string, Promise<void>>();

  function store(key: string, page: Page) {
    // The size of an entry that is set again is not computed again, so it is deleted first.
    pages.delete(key);
    pages.set(key, page, { size: Math.max(page.bytes, 1) });
  }

  /** One log. `logId` is that of its follower, so that events from before a rewind are never served after it. */
  function ofLog(logId: string, readPage: (range: Range) => Promise<LogEvent[]>) {
    const keyOf = (after: number) => `${logId} ${Math.floor(after / PAGE_SIZE)}`;

    /** Takes the next event of the log. */
    function add(event: LogEvent) {
      const key = keyOf(event.position - 1);
      const known = pages.peek(key);
      const isNext = known && endOf(known) === event.position - 1;
      const page = isNext ? known : { from: event.position - 1, events: [], bytes: 0 };
      // A copy: what others keep for as long as the event lives is not kept with the page.
      page.events.push({ ...event });
      page.bytes += sizeOf(event);
      store(key, page);
    }

    /** The kept events right after a position, as far as they are without a gap; null if the next one is not kept. They are shared. */
    function peek({ after, upTo }: Range): LogEvent[] | null {
      const page = pages.get(keyOf(after));
      if (!page || after < page.from || after >= endOf(page)) return null;
      return page.events.slice(after - page.from, upTo - page.from);
    }

    /** Reads the page's events before the kept ones. Resolves when they are kept, unless the log lacks some. */
    async function load(after: number, upTo: number) {
      const key = keyOf(after);
      const begin = Math.floor(after / PAGE_SIZE) * PAGE_SIZE;
      const events = await readPage({ after: begin, upTo: Math.min(begin + PAGE_SIZE, upTo) });
      const isWhole = events.every(({ position }, index) => position === begin + 1 + index);
      if (!isWhole) return;
      const page = { from: begin, events, bytes: events.reduce((sum, event) => sum + sizeOf(event), 0) };
      const newer = pages.peek(key);
      for (const event of newer?.events ?? []) {
        if (event.position !== endOf(page) + 1) continue;
        page.events.push(event);
        page.bytes += sizeOf(event);
      }
      store(key, page);
    }

    return {
      add,
      peek,
      /**
       * The next events after a position, at least one and at most 500; `isRead` where a statement was sent for them. Null where
       * the log lacks some of them.
       */
      async read({ after, upTo }: Range): Promise<{ events: LogEvent[]; isRead: boolean } | null> {
        const kept = peek({ after, upTo });
        if (kept) return { events: kept, isRead: false };
        const key = keyOf(after);
        const reading =
          reads.get(key) ??
          load(after, upTo).finally(() => {
            reads.delete(key);
          });
        reads.set(key, reading);
        await reading;
        const events = peek({ after, upTo });
        return events && { events, isRead: true };
      },
    };
  }

  return { ofLog };
}

function endOf({ from, events }: Page): number {
  return from + events.length;
}

// Objects take about twice as much as their text.
function sizeOf({ changes }: LogEvent): number {
  return EVENT_BYTES + (changes.length === 0 ? 0 : 2 * JSON.stringify(changes).length);
}
