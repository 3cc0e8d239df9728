import type { Db } from '../db/client.ts';
import { readCursor } from './cursor.ts';
import type { LogEvent } from './event.ts';
import { type LogScope, readEvents, readFeedState } from './log.ts';
import type { LogFollower } from './log-follower.ts';
import type { EventItem, ResetReason, StreamItem } from './stream-item.ts';

// Events that are sent to one subscriber who was away; loading afresh is then cheaper.
const MAX_REPLAYED_EVENTS = 10_000;
const PAGE_SIZE = 500;

/** Which events somebody wants to hear. */
export interface EventFilter {
  scope: LogScope;
  /** Whether they get this event. Must not throw. */
  accepts: (event: LogEvent) => boolean;
  /** Where it is a list that holds only what matches: an event as the list sees it; null where it does not concern it. */
  view?: (item: EventItem) => Promise<StreamItem | null>;
}

export interface CatchUpOptions extends EventFilter {
  /** A cursor: begins behind it. */
  after: string;
  /** Called in the same tick as the last look at the follower, with the position that has been come to: what it hears later is live. */
  onCaughtUp: (position: number) => void;
}

/**
 * What was missed since `after`, oldest first, each event once, at the reader's own pace, until the log has been read up to where
 * the follower is. Returns why that can't be done; undefined when it has arrived.
 */
export async function* catchUp(
  db: Db,
  follower: LogFollower,
  {
    scope,
    after,
    accepts,
    onCaughtUp: arrive,
    onForeign: onEpochMismatch,
  }: CatchUpOptions & { onForeign: () => void },
): AsyncGenerator<LogEvent, ResetReason | undefined, undefined> {
  const { epoch, head, sweptTo } = await readFeedState(db, scope.organizationId);
  const from = readCursor(follower.state, after);
  const isOtherEpoch = !Buffer.from(epoch).equals(follower.state.epoch);
  // The follower itself is of another epoch: it does not know yet.
  if (isOtherEpoch) onEpochMismatch();
  if (from === null || isOtherEpoch || from > Math.max(head, follower.position())) return 'CURSOR_INVALID';
  if (from < sweptTo) return 'CURSOR_EXPIRED';

  let position = from;
  let replayed = 0;
  while (position < follower.position()) {
    const upTo = follower.position();
    const page = await readEvents(db, scope, { after: position, upTo, limit: PAGE_SIZE });
    // Swept while it was read: the page may have lacked its beginning.
    if ((await readFeedState(db, scope.organizationId)).sweptTo > position) return 'CURSOR_EXPIRED';
    for (const event of page) {
      if (!accepts(event)) continue;
      if (++replayed > MAX_REPLAYED_EVENTS) return 'TOO_FAR_BEHIND';
      yield event;
    }
    position = page.length < PAGE_SIZE ? upTo : (page.at(-1)?.position ?? upTo);
  }
  arrive(position);
  return undefined;
}
