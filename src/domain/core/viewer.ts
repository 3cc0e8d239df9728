import { LRUCache } from 'lru-cache';
import type { Bus } from '../../bus/bus.ts';
import type { Db } from '../../db/client.ts';
import { UnauthenticatedError } from '../../errors.ts';
import type { CursorKeys } from '../../feed/cursor.ts';
import type { Author } from '../../feed/event.ts';
import { isId, parseNodeType } from '../../ids.ts';

/** Visibility scope of an operation: the whole team of an organization, or one contact. */
export interface ReadScope {
  readonly organizationId: string;
  /** Null: the whole team. */
  readonly contactId: string | null;
  /** A blocked contact sees no one and nothing but themselves, and changes nothing: access.ts, mutation.ts. */
  readonly isBlocked: boolean;
  /** Keys that encrypt the organization's cursors. */
  readonly cursorKeys: CursorKeys;
}

/** The authenticated user, bot or contact of an operation. Role and rights come from the database, not from the token. */
export interface Viewer extends Author, ReadScope {
  readonly kind: 'user' | 'contact' | 'bot';
  readonly isAdmin: boolean;
}

const CURSOR_KEYS = {
  organization: { select: { feed: { select: { epoch: true, cursorKey: true } } } },
} as const;

/** Users and bots are the team: they see team fields. Contacts do not. */
export function isTeam({ contactId }: Pick<ReadScope, 'contactId'>): boolean {
  return contactId === null;
}

// Other nodes are told of changed rights at once (viewer-change.ts). These limits count where the bus has lost that.
const CACHE_TTL_MS = 5_000;
const CACHE_TTL_WITHOUT_BUS_MS = 1_000;
const CACHE_MAX = 50_000;

interface CachedViewer {
  viewer: Promise<Viewer>;
  loadedAt: number;
  /** Loads are numbered 1, 2, 3 …: their order does not depend on a clock. */
  number: number;
}

export type Viewers = ReturnType<typeof createViewers>;

export function createViewers({ db, bus }: { db: Db; bus: Pick<Bus, 'isUp'> }) {
  const cache = new LRUCache<string, CachedViewer>({ max: CACHE_MAX });
  let loads = 0;

  /**
   * Loads the viewer that a verified token names, or returns it as it was loaded after the first `since` loads. Throws
   * UnauthenticatedError when it does not exist or was removed.
   */
  function requireViewer(claims: ViewerClaims, since = 0): Promise<Viewer> {
    const key = `${claims.org} ${claims.sub}`;
    const ttlMs = bus.isUp() ? CACHE_TTL_MS : CACHE_TTL_WITHOUT_BUS_MS;
    const known = cache.get(key);
    if (known && known.number > since && Date.now() - known.loadedAt < ttlMs) return known.viewer;
    return load(key, claims);
  }

  function load(key: string, claims: ViewerClaims): Promise<Viewer> {
    loads += 1;
    const cached = { viewer: loadViewer(db, claims), loadedAt: Date.now(), number: loads };
    cache.set(key, cached);
    cached.viewer.catch(() => {
      // A later load may have replaced it.
      if (cache.peek(key) === cached) cache.delete(key);
    });
    return cached.viewer;
  }

  return {
    requireViewer,
    /** Number of loads so far, for `since`. */
    countLoads: () => loads,
    /** Drops the cached viewer after a change of the user, bot or contact. */
    forget(organizationId: string, id: string) {
      cache.delete(`${organizationId} ${id}`);
    },
    /** Drops all cached viewers: changes may have been missed. */
    forgetAll: () => cache.clear(),
    /** Reads which of these ids belong to removed users and bots or to blocked contacts. */
    findRevoked: (ids: readonly string[]) => findRevoked(db, ids),
  };
}

interface ViewerClaims {
  /** Id of a user, contact or bot. */
  sub: string;
  /** Id of the organization. */
  org: string;
}

async function loadViewer(db: Db, { sub, org }: ViewerClaims): Promise<Viewer> {
  const who = { id: sub, organizationId: org };
  // The database would not even take some of what a token can hold, such as U+0000.
  const type = isId(org, 'Organization') && parseNodeType(sub);
  if (!type || !isId(sub, type)) throw createUnknownViewerError();
  switch (type) {
    case 'User': {
      const user = await db.reads.user.findFirst({
        where: { ...who, removedAt: null },
        select: { role: true, ...CURSOR_KEYS },
      });
      if (user) return toViewer('user', user, { isAdmin: user.role === 'ADMIN' });
      break;
    }
    case 'Bot': {
      const bot = await db.reads.bot.findFirst({ where: { ...who, removedAt: null }, select: CURSOR_KEYS });
      if (bot) return toViewer('bot', bot);
      break;
    }
    case 'Contact': {
      const contact = await db.reads.contact.findFirst({
        where: who,
        select: { blocked: true, ...CURSOR_KEYS },
      });
      if (contact) return toViewer('contact', contact, { contactId: sub, isBlocked: contact.blocked });
      break;
    }
    default:
  }

  function toViewer(
    kind: Viewer['kind'],
    { organization }: { organization: { feed: CursorKeys | null } },
    more: Partial<Pick<Viewer, 'contactId' | 'isAdmin' | 'isBlocked'>> = {},
  ): Viewer {
    if (!organization.feed) throw new Error(`the organization ${org} has no feed`);
    const plain = { contactId: null, isAdmin: false, isBlocked: false };
    return { kind, ...who, ...plain, ...more, cursorKeys: organization.feed };
  }

  throw createUnknownViewerError();
}

// The same for a viewer that never existed, was removed, or belongs to another organization.
function createUnknownViewerError(): UnauthenticatedError {
  return new UnauthenticatedError(
    'The token is valid, but names no existing viewer: "sub" must be the id of a user, contact or bot (USR-, CTC-, BOT-) of the organization in "org".',
  );
}

const ID_BATCH_SIZE = 1_000;

async function findRevoked(db: Db, ids: readonly string[]): Promise<string[]> {
  const revoked: string[] = [];
  for (let start = 0; start < ids.length; start += ID_BATCH_SIZE) {
    const batch = ids.slice(start, start + ID_BATCH_SIZE);
    const rows = await db.reads.$queryRaw<{ id: string }[]>`
      SELECT "id" FROM "User" WHERE "id" = ANY(${batch}) AND "removedAt" IS NOT NULL
      UNION ALL SELECT "id" FROM "Bot" WHERE "id" = ANY(${batch}) AND "removedAt" IS NOT NULL
      UNION ALL SELECT "id" FROM "Contact" WHERE "id" = ANY(${batch}) AND "blocked"`;
    revoked.push(...rows.map(({ id }) => id));
  }
  return revoked;
}

/** Organization of a user, contact or bot, for commands that create tokens. Null when the id does not exist. */
export async function findOrganizationId(db: Db, id: string): Promise<string | null> {
  const query = { where: { id }, select: { organizationId: true } };
  switch (parseNodeType(id)) {
    case 'User':
      return (await db.reads.user.findUnique(query))?.organizationId ?? null;
    case 'Bot':
      return (await db.reads.bot.findUnique(query))?.organizationId ?? null;
    case 'Contact':
      return (await db.reads.contact.findUnique(query))?.organizationId ?? null;
    default:
      return null;
  }
}
