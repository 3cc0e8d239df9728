import DataLoader from 'dataloader';
import type { PrismaClient } from '../../db/generated/prisma/client.ts';
import type { Contacts } from '../../domain/contact/contact.ts';
import type { Conversations } from '../../domain/conversation/conversation.ts';
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

/** What resolvers call: reading through Prisma, changing and watching through the domain. */
export interface Services {
  readonly db: PrismaClient;
  readonly feed: Pick<Feed, 'readHeadCursor'>;
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
  /** Who asks. Reading it throws UnauthenticatedError where nobody is known, so that no resolver can forget. */
  readonly viewer: Viewer;
  /**
   * Whose eyes it is seen with. What is decided by this alone is the same for the whole team, so that one execution of an event
   * serves all of them; who reads `viewer` has one of their own.
   */
  readonly readScope: ReadScope;
  /** Whose fields are shown: all, or the public ones. */
  readonly viewerSide: 'team' | 'contact';
  /** Where the stream stood before this operation read anything. */
  readonly streamCursor: () => Promise<string>;
  /** Whether a page of this person is connected; asked for all rows of an answer at once. */
  readonly isOnline: (id: string) => Promise<boolean>;
  /** What goes out beside the data, as `extensions` of the answer. */
  readonly extensions: { cursor?: string; replayed?: true };
}

/** The context of one operation, or of one event of a subscription. */
export function createContext(services: Services, viewer: Viewer | null): Context {
  return buildContext(services, viewer, () => {
    if (!viewer) throw new UnauthenticatedError();
    return viewer;
  });
}

/** A context that a whole team shares: it knows whose eyes, but not who. */
export interface SharedContext {
  context: Context;
  /** Whether somebody asked who it is, which throws: then what came of it is nobody's. */
  wasPersonal(): boolean;
}

export function createSharedContext(services: Services, reader: ReadScope): SharedContext {
  let asked = false;
  const context = buildContext(services, reader, () => {
    asked = true;
    throw new Error('an execution that many share was asked who the viewer is');
  });
  return { context, wasPersonal: () => asked };
}

function buildContext(services: Services, reader: ReadScope | null, requireViewer: () => Viewer): Context {
  let streamCursor: Promise<string> | undefined;
  let online: DataLoader<string, boolean> | undefined;
  return {
    ...services,
    extensions: {},
    streamCursor() {
      streamCursor ??= services.feed.readHeadCursor(this.readScope.organizationId);
      return streamCursor;
    },
    isOnline(id) {
      const { organizationId } = this.readScope;
      online ??= new DataLoader(async (ids) => {
        const present = await services.presence.findOnline(organizationId, ids);
        return ids.map((one) => present.has(one));
      });
      return online.load(id);
    },
    get viewer() {
      return requireViewer();
    },
    get readScope() {
      if (!reader) throw new UnauthenticatedError();
      return reader;
    },
    get viewerSide() {
      return reader && isTeam(reader) ? ('team' as const) : ('contact' as const);
    },
  };
}
