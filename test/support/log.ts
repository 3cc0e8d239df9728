import { writeCursor } from '../../src/feed/cursor.ts';
import type { LogEvent } from '../../src/feed/event.ts';
import { type FeedState, readEvents, readFeedState } from '../../src/feed/log.ts';
import type { Gateway } from './gateway.ts';

/** Where the organization's log stands. */
export function stateOf({ db }: Pick<Gateway, 'db'>, organizationId: string): Promise<FeedState> {
  return readFeedState(db, organizationId);
}

/** The log of an organization, or of one conversation, oldest first. */
export function eventsOf(
  { db }: Pick<Gateway, 'db'>,
  scope: { organizationId: string; conversationId?: string },
  { after = 0 } = {},
): Promise<LogEvent[]> {
  return readEvents(db, scope, { after, upTo: Number.MAX_SAFE_INTEGER, limit: 100_000 });
}

/** The cursor of a position in the organization's stream. */
export async function cursorAt(
  gateway: Pick<Gateway, 'db'>,
  organizationId: string,
  position: number,
): Promise<string> {
  return writeCursor(await stateOf(gateway, organizationId), position);
}
