import type { Db } from '../db/client.ts';
import { LIMITS } from '../limits.ts';
import { readCursor } from './cursor.ts';
import type { LogEvent } from './event.ts';
import { type FeedState, isInScope, type LogScope, readEvents, readNewestPublic } from './log.ts';
import type { LogFollower } from './log-follower.ts';
import { PAGE_SIZE } from './recent-events.ts';
import type { ResetReason } from './stream-item.ts';

// Events that were delivered during the replay and are handed over at its end, while later ones are live already.
const MAX_HANDED_OVER = 100;
// Beyond so many rounds, a replay ends with as many events as there are.
const MAX_ROUNDS = 8;

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
   * Called once, with the follower's position: events that the follower delivers later are live. What is replayed after this call are at
   * most some events that the follower delivered before it.
   */
  onCaughtUp: (position: number) => void;
}

export interface CatchUpDependencies {
  db: Db;
  /** Reads the state of a log no earlier than it is called. */
  readState: (organizationId: string) => Promise<FeedState>;
  /** Called when the log was rewound, and the follower has not noticed yet. */
  onEpochMismatch: () => void;
}

/**
 * Replays the events since `after`, oldest first, each once, in lists of at most 500, as fast as the consumer takes them. Returns the reason
 * when that is not possible; undefined when all are replayed.
 *
 * It ends after a bounded number of steps, whatever is written meanwhile: each round replays what was missed when it began, in a fraction of
 * the time in which that was written, and the last events come from memory, in the same tick in which later ones are live.
 */
export async function* catchUp(
  { db, readState, onEpochMismatch }: CatchUpDependencies,
  follower: LogFollower,
  { scope, after, accepts, onCaughtUp }: CatchUpOptions,
): AsyncGenerator<LogEvent[], ResetReason | undefined, undefined> {
  const { epoch, head, sweptTo } = await readState(scope.organizationId);
  const from = readCursor(follower.state, after);
  const isOtherEpoch = !Buffer.from(epoch).equals(follower.state.epoch);
  if (isOtherEpoch) onEpochMismatch();
  if (from === null || isOtherEpoch || from > Math.max(head, follower.position())) return 'CURSOR_INVALID';
  if (await hasExpired(db, scope, { from, sweptTo })) return 'CURSOR_EXPIRED';

  const isWanted = (event: LogEvent) => isInScope(scope, event) && accepts(event);
  let position = from;
  let replayed = 0;
  for (let round = 1; ; round += 1) {
    const target = follower.position();
    while (position < target) {
      const { events, upTo, isRead } = await readStretch({ after: position, upTo: target });
      if (isRead) {
        // Events were deleted during the read: the stretch may lack its beginning.
        const state = await readState(scope.organizationId);
        if (await hasExpired(db, scope, { from: position, sweptTo: state.sweptTo })) return 'CURSOR_EXPIRED';
      }
      const wanted = events.filter(isWanted);
      // Counts what was missed at the beginning, not what came meanwhile.
      const left = round === 1 ? LIMITS.replayedEvents - replayed : Number.POSITIVE_INFINITY;
      replayed += wanted.length;
      if (wanted.length > 0) yield wanted.slice(0, left);
      if (wanted.length > left) return 'TOO_FAR_BEHIND';
      position = upTo;
    }
    const rest = peekRest(position);
    if (!rest || (rest.length > MAX_HANDED_OVER && round < MAX_ROUNDS)) continue;
    // A cursor may be of a node that is ahead of this one.
    onCaughtUp(Math.max(position, follower.position()));
    if (rest.length > 0) yield rest;
    return undefined;
  }

  /** The next events, and the position up to which there are no others in the scope. */
  async function readStretch(range: { after: number; upTo: number }) {
    const isNarrow = scope.conversationId !== undefined || scope.contactId !== undefined;
    const isFar = range.upTo - range.after > PAGE_SIZE;
    const recent = isNarrow && isFar ? null : await follower.recent.read(range);
    if (recent) return { ...recent, upTo: recent.events.at(-1)?.position ?? range.upTo };
    const events = await readEvents(db, scope, { ...range, limit: PAGE_SIZE });
    const upTo = events.length < PAGE_SIZE ? range.upTo : (events.at(-1)?.position ?? range.upTo);
    return { events, upTo, isRead: true };
  }

  /** Wanted events up to the follower's position, from memory; null where some are not kept. */
  function peekRest(after: number): LogEvent[] | null {
    const rest: LogEvent[] = [];
    const upTo = follower.position();
    for (let at = after; at < upTo; ) {
      const events = follower.recent.peek({ after: at, upTo });
      if (!events) return null;
      rest.push(...events.filter(isWanted));
      at += events.length;
    }
    return rest;
  }
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
