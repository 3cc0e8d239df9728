import type { PrismaClient } from '../db/generated/prisma/client.ts';
import type { Conversations } from '../domain/conversation.ts';
import type { CreateConversation } from '../domain/create-conversation.ts';
import type { Messages } from '../domain/message.ts';
import { isTeam, type Viewer } from '../domain/viewer.ts';
import { UnauthenticatedError } from '../errors.ts';
import type { Feed } from '../feed/feed.ts';

/** What resolvers call: reading through Prisma, changing and watching through the domain. */
export interface Services {
  readonly db: PrismaClient;
  readonly feed: Pick<Feed, 'headCursor'>;
  readonly conversations: Conversations;
  readonly createConversation: CreateConversation;
  readonly messages: Messages;
}

export interface Context extends Services {
  /** Who asks. Reading it throws UnauthenticatedError where nobody is known, so that no resolver can forget. */
  readonly viewer: Viewer;
  /** Whose fields are shown: all, or the public ones. */
  readonly audience: 'team' | 'contact';
  /** Where the stream stood before this operation read anything. */
  readonly streamCursor: () => Promise<string>;
  /** What goes out beside the data, as `extensions` of the answer. */
  readonly extensions: { cursor?: string };
}

/** The context of one operation, or of one event of a subscription. */
export function createContext(services: Services, viewer: Viewer | null): Context {
  let streamCursor: Promise<string> | undefined;
  return {
    ...services,
    extensions: {},
    streamCursor() {
      streamCursor ??= services.feed.headCursor(this.viewer.organizationId);
      return streamCursor;
    },
    get viewer() {
      if (!viewer) throw new UnauthenticatedError();
      return viewer;
    },
    get audience() {
      return viewer && isTeam(viewer) ? ('team' as const) : ('contact' as const);
    },
  };
}
