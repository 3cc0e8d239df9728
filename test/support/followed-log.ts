import pLimit from 'p-limit';
import type { CursorKeys } from '../../src/feed/cursor.ts';
import type { LogEvent } from '../../src/feed/event.ts';
import type { LogFollower } from '../../src/feed/log-follower.ts';
import { createRecentEvents } from '../../src/feed/recent-events.ts';
import type { FollowedLog } from '../../src/live/followed-log.ts';
import { createRedactions, type Redactions } from '../../src/live/redaction.ts';
import { createRevocation } from '../../src/live/revocation.ts';

export interface FakeLogOptions {
  organizationId: string;
  keys: CursorKeys;
  position: () => number;
  hourMark?: () => number;
  redactions?: Redactions;
}

/** A followed log without a database. `hear` delivers an event to its only listener. */
export function createFakeLog({
  organizationId,
  keys,
  position,
  hourMark = () => 0,
  redactions = createRedactions(),
}: FakeLogOptions) {
  let deliver: (event: LogEvent) => void = () => {};
  const follower: LogFollower = {
    id: '1',
    state: { ...keys, head: 0, sweptTo: 0, hourMark: 0 },
    position,
    hourMark,
    recent: createRecentEvents().ofLog('1', async () => []),
    listen(_scope, listener) {
      deliver = listener;
      return () => {};
    },
    onEpochChange: () => () => {},
  };
  const log: FollowedLog = {
    key: '1',
    follower,
    redactions,
    viewersKnownSince: 0,
    revocation: createRevocation({ viewers: { forget() {} }, organizationId }),
    replays: pLimit(1),
  };
  return { log, hear: (event: LogEvent) => deliver(event) };
}
