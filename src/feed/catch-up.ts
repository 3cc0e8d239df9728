import type { Db } from '../db/client.ts';
import { LIMITS } from '../limits.ts';
import { readCursor } from './cursor.ts';
import type { LogEvent } from './event.ts';
import { type LogScope, readEvents, readFeedState, readNewestPublic } from './log.ts';
import type { LogFollower } from './log-follower.ts';
import type { ResetReason } from './stream-item.ts';

const PAGE_SIZE = 500;

/** Selects the events of one subscription. */
export interface EventFilter {
  scope: LogScope;
  /** Must not throw. */
  accepts: (event: LogEvent) => boolean;
}

export interface CatchUpOptions extends EventFilter {
  /** A cursor; the events after it are replayed. */
  after: string;
  /**
   * Called with the position that the replay has reached, in the same tick in which it equals the follower's: events that the
   * follower delivers later are live.
   */
  onCaughtUp: (position: number) => void;
}

/**
 * Replays the events since `after` from the log, oldest first, each once, as fast as the consumer takes them, until the follower's
 * position is reached. Returns the reason when that is not possible; undefined when it has caught up.
 */
export async function* catchUp(
  db: Db,
  follower: LogFollower,
  { scope, after, accepts, onCaughtUp, onEpochMismatch }: CatchUpOptions & { onEpochMismatch: () => void },
): AsyncGenerator<LogEvent, ResetReason | undefined, undefined> {
  const { epoch, head, sweptTo } = await readFeedState(db, scope.organizationId);
  const from = readCursor(follower.state, after);
  const isOtherEpoch = !Buffer.from(epoch).equals(follower.state.epoch);
  // The log was rewound, and the follower has not noticed yet.
  if (isOtherEpoch) onEpochMismatch();
  if (from === null || isOtherEpoch || from > Math.max(head, follower.position())) return 'CURSOR_INVALID';
  if (await hasExpired(db, scope, { from, sweptTo })) return 'CURSOR_EXPIRED';

  let position = from;
  let replayed = 0;
  while (position < follower.position()) {
    const upTo = follower.position();
    const page = await readEvents(db, scope, { after: position, upTo, limit: PAGE_SIZE });
    // Events were deleted during the read: the page may lack its beginning.
    const { sweptTo } = await readFeedState(db, scope.organizationId);
    if (await hasExpired(db, scope, { from: position, sweptTo })) return 'CURSOR_EXPIRED';
    for (const event of page) {
      if (!accepts(event)) continue;
      if (++replayed > LIMITS.replayedEvents) return 'TOO_FAR_BEHIND';
      yield event;
    }
    position = page.length < PAGE_SIZE ? upTo : (page.at(-1)?.position ?? upTo);
  }
  onCaughtUp(position);
  return undefined;
}

/**
 * Whether events after the cursor may be missing in the log. For a contact only where there is an event of theirs after it: the newest is
 * kept, and events of others are no reason to load again, nor to be told of.
 */
async function hasExpired(
  db: Db,
  { organizationId, contactId }: LogScope,
  { from, sweptTo }: { from: number; sweptTo: number },
): Promise<boolean> {
  if (from >= sweptTo) return false;
  if (contactId === undefined) return true;
  const range = { after: from, upTo: Number.MAX_SAFE_INTEGER };
  return (await readNewestPublic(db, { organizationId, contactId }, range)) !== null;
}
