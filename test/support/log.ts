import { writeCursor } from '../../src/feed/cursor.ts';
import type { LogEvent } from '../../src/feed/event.ts';
import { type FeedState, readEvents, readFeedState } from '../../src/feed/log.ts';
import type { Gateway } from './gateway.ts';

/** State of the organization's feed: epoch, head, cursor key. */
export function stateOf({ db }: Pick<Gateway, 'db'>, organizationId: string): Promise<FeedState> {
  return readFeedState(db, organizationId);
}

/** Events of an organization or of one conversation, oldest first. */
export function eventsOf(
  { db }: Pick<Gateway, 'db'>,
  scope: { organizationId: string; conversationId?: string },
  { after = 0 } = {},
): Promise<LogEvent[]> {
  return readEvents(db, scope, { after, upTo: Number.MAX_SAFE_INTEGER, limit: 100_000 });
}

/** Cursor of a position in the organization's log. */
export async function cursorAt(
  gateway: Pick<Gateway, 'db'>,
  organizationId: string,
  position: number,
): Promise<string> {
  return writeCursor(await stateOf(gateway, organizationId), position);
}
