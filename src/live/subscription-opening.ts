import { createSourceEventStream } from 'graphql';
import type { Viewer } from '../domain/core/viewer.ts';
import type { Feed } from '../feed/feed.ts';
import { createContext, createSharedContext, type Services } from '../graphql/core/context.ts';
import type { SubscriptionOperation } from './operation-key.ts';

/** Calls the root field for its subscription plan, and notes whether that depends on the viewer. */
export async function createPlan(services: Services, operation: SubscriptionOperation, viewer: Viewer) {
  if (viewer.contactId === null) {
    const { context, wasPersonal } = createSharedContext(services, viewer);
    const plan = await createSourceEventStream({ ...operation, contextValue: context });
    if (!wasPersonal()) return { plan, isPersonal: false };
  }
  const contextValue = createContext(services, viewer);
  return { plan: await createSourceEventStream({ ...operation, contextValue }), isPersonal: true };
}

/** Positions that a subscription has reached when it goes live. */
interface ReachedPositions {
  /** That of the log follower. */
  live: number;
  /** That of the last missed event, or else that of `after`; null without `after`. */
  delivered: number | null;
  /** Hour mark at the moment of going live. */
  hourMark: number;
}

/**
 * Position of the first caught-up frame's cursor. For the team it is that of the follower. For a contact it must not tell of events that they do
 * not see: it is the newest of the hour mark, `after`, and their own events, and no event of theirs lies between it and the
 * follower's.
 */
export async function findCursorPosition(
  feed: Pick<Feed, 'readNewestPublic'>,
  { organizationId, contactId }: Viewer,
  { live, delivered, hourMark }: ReachedPositions,
): Promise<number> {
  if (contactId === null) return live;
  if (delivered !== null) return Math.max(delivered, hourMark);
  return (
    (await feed.readNewestPublic({ organizationId, contactId }, { after: hourMark, upTo: live })) ?? hourMark
  );
}
