import DataLoader from 'dataloader';
import type { PrismaClient } from '../../db/generated/prisma/client.ts';
import type { Contacts } from '../../domain/contact/contact.ts';
import type { Conversations } from '../../domain/conversation/conversation.ts';
import { requireNotBlocked } from '../../domain/core/access.ts';
import { isTeam, type ReadScope, type Viewer } from '../../domain/core/viewer.ts';
import type { SetAvailability } from '../../domain/directory/availability.ts';
import type { Directory } from '../../domain/directory/directory.ts';
import type { InboxCounts } from '../../domain/inbox/live-counts.ts';
import type { SubscriptionSources } from '../../domain/inbox/subscription-source.ts';
import type { Messages } from '../../domain/message/send.ts';
import type { VideoCalls } from '../../domain/message/video-call.ts';
import type { ActivityRules } from '../../domain/presence/activity.ts';
import type { StateSource } from '../../domain/presence/state-source.ts';
import { UnauthenticatedError } from '../../errors.ts';
import type { Feed } from '../../feed/feed.ts';
import type { Presence } from '../../presence/presence.ts';

/** Services that resolvers call: Prisma to read, the domain to change and to subscribe. */
export interface Services {
  readonly db: PrismaClient;
  readonly feed: Pick<Feed, 'readStreamCursor'>;
  readonly conversations: Conversations;
  readonly messages: Messages;
  readonly subscriptionSources: SubscriptionSources;
  readonly contacts: Contacts;
  readonly setAvailability: SetAvailability;
  readonly directory: Directory;
  readonly videoCalls: VideoCalls;
  readonly presence: Pick<Presence, 'findOnline'>;
  readonly activity: ActivityRules;
  readonly counts: InboxCounts;
  readonly presenceSource: StateSource;
}

export interface Context extends Services {
  /** Authenticated viewer. Reading it throws UnauthenticatedError without one, so no resolver can forget the check. */
  readonly viewer: Viewer;
  /**
   * Visibility scope of the operation: the whole team, or one contact. A resolver that needs no more than this gives the same
   * result for the whole team, so an event is executed once for all its subscribers. A resolver that reads `viewer` makes the
   * execution personal: it runs once per viewer.
   */
  readonly readScope: ReadScope;
  /** Side of the viewer: the team sees all fields, a contact the public ones. */
  readonly viewerSide: 'team' | 'contact';
  /** Cursor of the newest event that is visible in the scope, memoized. `server/execution.ts` awaits it before execution when the document selects it. */
  readonly streamCursor: () => Promise<string>;
  /** Whether a page of this user or contact is connected. Batched: one call of the presence store for all rows. */
  readonly isOnline: (id: string) => Promise<boolean>;
  /** Size of the answer, as far as it is made. Limited: see answer-size.ts. */
  readonly answer: { bytes: number };
  /** `extensions` of the response. */
  readonly extensions: { cursor?: string; replayed?: true };
}

/** Creates the context of one operation, or of one event of a subscription. */
export function createContext(services: Services, viewer: Viewer | null): Context {
  return buildContext(services, viewer, () => {
    if (!viewer) throw new UnauthenticatedError();
    return viewer;
  });
}

/** Context for all subscribers with one visibility scope: it has a scope, but no viewer. */
export interface SharedContext {
  context: Context;
  /** Whether a resolver read the viewer, which throws: then the result must not be used. */
  wasPersonal(): boolean;
}

export function createSharedContext(services: Services, scope: ReadScope): SharedContext {
  let wasRead = false;
  const context = buildContext(services, scope, () => {
    wasRead = true;
    throw new Error('a shared execution read the viewer');
  });
  return { context, wasPersonal: () => wasRead };
}

function buildContext(services: Services, scope: ReadScope | null, requireViewer: () => Viewer): Context {
  let streamCursor: Promise<string> | undefined;
  let online: DataLoader<string, boolean> | undefined;
  return {
    ...services,
    answer: { bytes: 0 },
    extensions: {},
    streamCursor() {
      requireNotBlocked(this.readScope);
      streamCursor ??= services.feed.readStreamCursor(this.readScope);
      return streamCursor;
    },
    isOnline(id) {
      const { organizationId } = this.readScope;
      online ??= new DataLoader(async (ids) => {
        const present = await services.presence.findOnline(organizationId, ids);
        return ids.map((each) => present.has(each));
      });
      return online.load(id);
    },
    get viewer() {
      return requireViewer();
    },
    get readScope() {
      if (!scope) throw new UnauthenticatedError();
      return scope;
    },
    get viewerSide() {
      return scope && isTeam(scope) ? ('team' as const) : ('contact' as const);
    },
  };
}
