import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import {
  attachmentsVisibleTo,
  botsVisibleTo,
  contactsVisibleTo,
  directoryEntriesVisibleTo,
  eventsVisibleTo,
  messagesVisibleTo,
  usersVisibleTo,
  visibleTo,
} from '../../domain/core/access.ts';
import { type NodeType, parseNodeType } from '../../ids.ts';
import type { Context } from './context.ts';

type LoadByIds = (
  query: { select: { id: true } },
  ids: string[],
  context: Context,
) => Promise<{ id: string }[]>;

// Visible objects of each type, by their ids.
const LOAD_BY_TYPE: Record<NodeType, LoadByIds> = {
  Organization: (query, ids, { db, readScope }) =>
    db.organization.findMany({
      ...query,
      where: { AND: [{ id: { in: ids } }, { id: readScope.organizationId }] },
    }),
  BusinessUnit: (query, ids, { db, readScope }) =>
    db.businessUnit.findMany({
      ...query,
      where: { AND: [{ id: { in: ids } }, directoryEntriesVisibleTo(readScope)] },
    }),
  Conversation: (query, ids, { db, readScope }) =>
    db.conversation.findMany({ ...query, where: { AND: [{ id: { in: ids } }, visibleTo(readScope)] } }),
  Contact: (query, ids, { db, readScope }) =>
    db.contact.findMany({ ...query, where: { AND: [{ id: { in: ids } }, contactsVisibleTo(readScope)] } }),
  User: (query, ids, { db, readScope }) =>
    db.user.findMany({ ...query, where: { AND: [{ id: { in: ids } }, usersVisibleTo(readScope)] } }),
  Bot: (query, ids, { db, readScope }) =>
    db.bot.findMany({ ...query, where: { AND: [{ id: { in: ids } }, botsVisibleTo(readScope)] } }),
  Website: (query, ids, { db, readScope }) =>
    db.website.findMany({
      ...query,
      where: { AND: [{ id: { in: ids } }, directoryEntriesVisibleTo(readScope)] },
    }),
  Audience: (query, ids, { db, readScope }) =>
    db.audience.findMany({
      ...query,
      where: { AND: [{ id: { in: ids } }, directoryEntriesVisibleTo(readScope)] },
    }),
  Channel: (query, ids, { db, readScope }) =>
    db.channel.findMany({
      ...query,
      where: { AND: [{ id: { in: ids } }, directoryEntriesVisibleTo(readScope)] },
    }),
  Message: (query, ids, { db, readScope }) =>
    db.message.findMany({ ...query, where: { AND: [{ id: { in: ids } }, messagesVisibleTo(readScope)] } }),
  Attachment: (query, ids, { db, readScope }) =>
    db.attachment.findMany({
      ...query,
      where: { AND: [{ id: { in: ids } }, attachmentsVisibleTo(readScope)] },
    }),
  TimelineEvent: (query, ids, { db, readScope }) =>
    db.event.findMany({ ...query, where: { AND: [{ id: { in: ids } }, eventsVisibleTo(readScope)] } }),
};

/**
 * Loads objects of any types with the selection of the field, in the order of the ids. Null for an id that does not exist, belongs to
 * another organization, or is not visible to the viewer: the three can not be told apart. One statement per type.
 */
export async function loadNodes(
  ids: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<({ id: string } | null)[]> {
  const found = await Promise.all(
    [...groupByType(ids)].map(([typeName, ofType]) => {
      const query = queryFromInfo({ context, info, typeName, select: { id: true } as const });
      return LOAD_BY_TYPE[typeName](query, [...ofType], context);
    }),
  );
  const byId = new Map(found.flat().map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Returns those of the ids that the viewer can see. One statement per type. */
export async function selectVisibleIds(ids: readonly string[], context: Context): Promise<Set<string>> {
  const found = await Promise.all(
    [...groupByType(ids)].map(([type, ofType]) =>
      LOAD_BY_TYPE[type]({ select: { id: true } }, [...ofType], context),
    ),
  );
  return new Set(found.flat().map(({ id }) => id));
}

function groupByType(ids: readonly string[]): Map<NodeType, Set<string>> {
  const byType = new Map<NodeType, Set<string>>();
  for (const id of ids) {
    const type = parseNodeType(id);
    if (type) byType.set(type, (byType.get(type) ?? new Set()).add(id));
  }
  return byType;
}

export async function loadNode(id: string, context: Context, info: GraphQLResolveInfo) {
  const [node = null] = await loadNodes([id], context, info);
  return node;
}
