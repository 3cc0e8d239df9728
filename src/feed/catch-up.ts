import type { Db } from '../db/client.ts';
import { readCursor } from './cursor.ts';
import type { LogEvent } from './event.ts';
import { readEvents, readFeedState, type Scope } from './log.ts';
import type { Follower } from './log-follower.ts';
import type { Happened, ResetReason, StreamItem } from './stream-item.ts';

// Events that are sent to one subscriber who was away; loading afresh is then cheaper.
const MAX_REPLAYED = 10_000;
const PAGE = 500;

/** Which events somebody wants to hear. */
export interface Watch {
  scope: Scope;
  /** Whether they get this event. Must not throw. */
  accepts: (event: LogEvent) => boolean;
  /** Where it is a list that holds only what matches: an event as the list sees it; null where it does not concern it. */
  view?: (item: Happened) => Promise<StreamItem | null>;
}

export interface CatchUp extends Watch {
  /** A cursor: begins behind it. */
  after: string;
  /** Called in the same tick as the last look at the follower, with the position that has been come to: what it hears later is live. */
  arrive: (position: number) => void;
}

/**
 * What was missed since `after`, oldest first, each event once, at the reader's own pace, until the log has been read up to where
 * the follower is. Returns why that can't be done; undefined when it has arrived.
 */
export async function* catchUp(
  db: Db,
  follower: Follower,
  { scope, after, accepts, arrive, onForeign }: CatchUp & { onForeign: () => void },
): AsyncGenerator<LogEvent, ResetReason | undefined, undefined> {
  const { epoch, head, sweptTo } = await readFeedState(db, scope.organizationId);
  const from = readCursor(follower.state, after);
  const isForeign = !Buffer.from(epoch).equals(follower.state.epoch);
  // The follower itself is of another epoch: it does not know yet.
  if (isForeign) onForeign();
  if (from === null || isForeign || from > Math.max(head, follower.position())) return 'CURSOR_INVALID';
  if (from < sweptTo) return 'CURSOR_EXPIRED';

  let position = from;
  let replayed = 0;
  while (position < follower.position()) {
    const upTo = follower.position();
    const page = await readEvents(db, scope, { after: position, upTo, limit: PAGE });
    // Swept while it was read: the page may have lacked its beginning.
    if ((await readFeedState(db, scope.organizationId)).sweptTo > position) return 'CURSOR_EXPIRED';
    for (const event of page) {
      if (!accepts(event)) continue;
      if (++replayed > MAX_REPLAYED) return 'TOO_FAR_BEHIND';
      yield event;
    }
    position = page.length < PAGE ? upTo : (page.at(-1)?.position ?? upTo);
  }
  arrive(position);
  return undefined;
}
