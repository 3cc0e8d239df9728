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

// Objects of each type by their ids, as far as the viewer may see them.
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
 * The objects with these ids, in their order, whatever their types, with what the field selects of each; null for an id that
 * was never given out, of another organization, or not the viewer's to see. One statement for each type among them.
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

/** Which of these ids are the viewer's to see. */
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
