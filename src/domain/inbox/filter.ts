import type { Prisma, PrismaClient } from '../../db/generated/prisma/client.ts';
import type {
  ChannelType,
  ConversationPriority,
  ConversationStatus,
  Initiator,
} from '../../db/generated/prisma/enums.ts';
import { BadArgumentError } from '../../errors.ts';
import { ID_PREFIX, type NodeType, parseNodeType } from '../../ids.ts';
import { LIMITS } from '../../limits.ts';
import { visibleTo } from '../core/access.ts';
import type { Maybe } from '../core/input.ts';
import { requireSearchText, toSearchTerms } from '../core/text-search.ts';
import { whereUnread } from '../core/unread.ts';
import { isTeam, type ReadScope, type Viewer } from '../core/viewer.ts';
import { matchesText } from './filter-text.ts';

export interface ConversationFilter {
  text?: Maybe<string>;
  status?: Maybe<readonly ConversationStatus[]>;
  ownerId?: Maybe<readonly string[]>;
  assignment?: Maybe<'MINE' | 'UNASSIGNED' | 'ASSIGNED'>;
  memberId?: Maybe<readonly string[]>;
  contactId?: Maybe<readonly string[]>;
  botId?: Maybe<readonly string[]>;
  websiteId?: Maybe<readonly string[]>;
  audienceId?: Maybe<readonly string[]>;
  channelId?: Maybe<readonly string[]>;
  channelType?: Maybe<readonly ChannelType[]>;
  businessUnitId?: Maybe<readonly string[]>;
  priority?: Maybe<readonly ConversationPriority[]>;
  labels?: Maybe<readonly string[]>;
  isUnread?: Maybe<boolean>;
  isWaiting?: Maybe<boolean>;
  isDeleted?: Maybe<boolean>;
  initiatedBy?: Maybe<readonly Initiator[]>;
  mentions?: Maybe<readonly string[]>;
  createdAfter?: Maybe<Date>;
  createdBefore?: Maybe<Date>;
  updatedAfter?: Maybe<Date>;
}

// Conditions on team fields: a contact could find out hidden values by filtering.
const TEAM_CONDITIONS = ['memberId', 'labels', 'mentions', 'priority', 'isDeleted'] as const;

// Types of the ids in each condition. An id of another type is a mistake of the client.
const IDS = {
  ownerId: 'User',
  memberId: 'User',
  contactId: 'Contact',
  botId: 'Bot',
  websiteId: 'Website',
  audienceId: 'Audience',
  channelId: 'Channel',
  businessUnitId: 'BusinessUnit',
  mentions: 'User',
} as const satisfies Partial<Record<keyof ConversationFilter, NodeType>>;

/**
 * Prisma condition of a filter, including visibleTo. All conditions of the filter must hold; a list of values holds when one of them
 * matches, and an empty list never does. Throws BadArgumentError.
 */
export function conversationsMatching(
  db: PrismaClient,
  viewer: Viewer,
  filter: ConversationFilter = {},
): Prisma.ConversationWhereInput {
  requireValidFilter(viewer, filter);
  const conditions: Prisma.ConversationWhereInput[] = [visibleTo(viewer), equalities(filter)];
  if (filter.assignment) conditions.push(assigned(viewer, filter.assignment));
  if (filter.isUnread != null) conditions.push(whereUnread(db, viewer, filter.isUnread));
  for (const term of toSearchTerms(filter.text)) conditions.push(matchesText(viewer, term));
  return { AND: conditions };
}

/** Throws BadArgumentError for too many values, a text with too many characters or words, ids of a wrong type, and team conditions of a contact. */
export function requireValidFilter(scope: ReadScope, filter: ConversationFilter) {
  for (const [name, value] of Object.entries(filter)) {
    if (Array.isArray(value) && value.length > LIMITS.filterValues) {
      throw new BadArgumentError(
        `filter.${name}`,
        `has ${value.length} values; at most ${LIMITS.filterValues} are allowed.`,
      );
    }
  }
  requireSearchText('filter.text', filter.text);
  for (const [name, type] of Object.entries(IDS)) {
    const other = filter[name as keyof typeof IDS]?.find((id) => parseNodeType(id) !== type);
    if (other !== undefined) {
      throw new BadArgumentError(
        `filter.${name}`,
        `takes ids of the type ${type}, which begin with ${ID_PREFIX[type]}-.`,
      );
    }
  }
  if (isTeam(scope)) return;
  const forbidden = TEAM_CONDITIONS.find((name) => filter[name] != null && filter[name] !== false);
  if (forbidden)
    throw new BadArgumentError(`filter.${forbidden}`, "is for the team; a contact can't filter by it.");
}

function equalities(filter: ConversationFilter): Prisma.ConversationWhereInput {
  return {
    deletedAt: filter.isDeleted ? { not: null } : null,
    ...anyOf('status', filter.status),
    ...anyOf('ownerId', filter.ownerId),
    ...anyOf('contactId', filter.contactId),
    ...anyOf('botId', filter.botId),
    ...anyOf('websiteId', filter.websiteId),
    ...anyOf('audienceId', filter.audienceId),
    ...anyOf('channelId', filter.channelId),
    ...anyOf('businessUnitId', filter.businessUnitId),
    ...anyOf('priority', filter.priority),
    ...anyOf('initiatedBy', filter.initiatedBy),
    ...(filter.channelType ? { channel: { channelType: { in: [...filter.channelType] } } } : {}),
    ...(filter.labels ? { labels: { hasSome: [...filter.labels] } } : {}),
    ...(filter.memberId ? { members: { some: { userId: { in: [...filter.memberId] } } } } : {}),
    ...(filter.mentions
      ? { messages: { some: { mentions: { some: { userId: { in: [...filter.mentions] } } } } } }
      : {}),
    ...(filter.isWaiting == null ? {} : { waitingSince: filter.isWaiting ? { not: null } : null }),
    createdAt: {
      ...(filter.createdAfter && { gt: filter.createdAfter }),
      ...(filter.createdBefore && { lt: filter.createdBefore }),
    },
    ...(filter.updatedAfter ? { updatedAt: { gt: filter.updatedAfter } } : {}),
  };
}

function anyOf<Field extends string, T>(field: Field, values: Maybe<readonly T[]>) {
  if (!values) return {};
  // A single value is an equality, so that its prepared statement is reused: each length of IN is a statement of its own.
  return { [field]: values.length === 1 ? values[0] : { in: [...values] } } as {
    [F in Field]: T | { in: T[] };
  };
}

function assigned(
  viewer: Viewer,
  assignment: 'MINE' | 'UNASSIGNED' | 'ASSIGNED',
): Prisma.ConversationWhereInput {
  switch (assignment) {
    case 'UNASSIGNED':
      return { ownerId: null };
    case 'ASSIGNED':
      return { ownerId: { not: null } };
    case 'MINE':
      return viewer.kind === 'user'
        ? { ownerId: viewer.id }
        : viewer.kind === 'bot'
          ? { botId: viewer.id }
          : visibleTo(viewer);
  }
}
