import pLimit, { type LimitFunction } from 'p-limit';
import type { Viewers } from '../domain/core/viewer.ts';
import type { Feed } from '../feed/feed.ts';
import type { LogFollower } from '../feed/log-follower.ts';
import { createRefCounted } from '../ref-counted.ts';
import { createRedactions, type Redactions } from './redaction.ts';
import { createRevocation, type Revocation } from './revocation.ts';

// As many as a replay executes together: they read rows together.
const MAX_CONCURRENT_REPLAYS = 32;

/** An organization's log while this node has subscribers to it. */
export interface FollowedLog {
  /** Runs executions for subscribers who catch up, a few at once: those who are live come first. */
  readonly replays: LimitFunction;
  /**
   * Unique in this process, and never used again: what is derived from hearing every event, such as cached frames, must not
   * outlive the time in which they are heard.
   */
  readonly key: string;
  readonly follower: LogFollower;
  readonly redactions: Redactions;
  readonly revocation: Revocation;
  /** Loads of viewers before the log was followed. Later ones are current: an event that changes a viewer drops them. */
  readonly viewersKnownSince: number;
}

interface RunningLog extends FollowedLog {
  stop(): void;
}

export type FollowedLogs = ReturnType<typeof createFollowedLogs>;

/** Follows logs, once for all subscribers of an organization. */
export function createFollowedLogs({
  feed,
  viewers,
}: {
  feed: Pick<Feed, 'follow'>;
  viewers: Pick<Viewers, 'forget' | 'countLoads'>;
}) {
  const logs = createRefCounted<RunningLog, LogFollower>((log) => log.stop());
  let opened = 0;

  function open(follower: LogFollower, organizationId: string): RunningLog {
    const redactions = createRedactions();
    const revocation = createRevocation({ viewers, organizationId });
    // The first listener of this follower: groups hear each event after it.
    const stopListening = follower.listen({ organizationId }, (event) => {
      redactions.apply(event);
      revocation.apply(event);
    });
    const stopWatching = follower.onEpochChange(() => revocation.endAll());
    opened += 1;
    return {
      key: String(opened),
      replays: pLimit(MAX_CONCURRENT_REPLAYS),
      follower,
      redactions,
      revocation,
      viewersKnownSince: viewers.countLoads(),
      stop() {
        stopListening();
        stopWatching();
      },
    };
  }

  return {
    /** Resolves once every later event is heard. Call `release` when done. */
    async follow(organizationId: string): Promise<{ log: FollowedLog; release: () => void }> {
      const { follower, release } = await feed.follow(organizationId);
      const lease = logs.acquire(follower, () => open(follower, organizationId));
      return {
        log: lease.value,
        release() {
          lease.release();
          release();
        },
      };
    },
  };
}
