import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import {
  attachmentsVisibleTo,
  botsVisibleTo,
  contactsVisibleTo,
  eventsVisibleTo,
  messagesVisibleTo,
  settingsVisibleTo,
  usersVisibleTo,
  visibleTo,
} from '../../domain/core/access.ts';
import { type NodeType, typeOfId } from '../../ids.ts';
import type { Context } from './context.ts';

type Read = (query: { select: { id: true } }, ids: string[], context: Context) => Promise<{ id: string }[]>;

// Objects of each type by their ids, as far as the viewer may see them.
const READ: Record<NodeType, Read> = {
  Organization: (query, ids, { db, reader }) =>
    db.organization.findMany({
      ...query,
      where: { AND: [{ id: { in: ids } }, { id: reader.organizationId }] },
    }),
  BusinessUnit: (query, ids, { db, reader }) =>
    db.businessUnit.findMany({ ...query, where: { AND: [{ id: { in: ids } }, settingsVisibleTo(reader)] } }),
  Conversation: (query, ids, { db, reader }) =>
    db.conversation.findMany({ ...query, where: { AND: [{ id: { in: ids } }, visibleTo(reader)] } }),
  Contact: (query, ids, { db, reader }) =>
    db.contact.findMany({ ...query, where: { AND: [{ id: { in: ids } }, contactsVisibleTo(reader)] } }),
  User: (query, ids, { db, reader }) =>
    db.user.findMany({ ...query, where: { AND: [{ id: { in: ids } }, usersVisibleTo(reader)] } }),
  Bot: (query, ids, { db, reader }) =>
    db.bot.findMany({ ...query, where: { AND: [{ id: { in: ids } }, botsVisibleTo(reader)] } }),
  Website: (query, ids, { db, reader }) =>
    db.website.findMany({ ...query, where: { AND: [{ id: { in: ids } }, settingsVisibleTo(reader)] } }),
  Audience: (query, ids, { db, reader }) =>
    db.audience.findMany({ ...query, where: { AND: [{ id: { in: ids } }, settingsVisibleTo(reader)] } }),
  Channel: (query, ids, { db, reader }) =>
    db.channel.findMany({ ...query, where: { AND: [{ id: { in: ids } }, settingsVisibleTo(reader)] } }),
  Message: (query, ids, { db, reader }) =>
    db.message.findMany({ ...query, where: { AND: [{ id: { in: ids } }, messagesVisibleTo(reader)] } }),
  Attachment: (query, ids, { db, reader }) =>
    db.attachment.findMany({ ...query, where: { AND: [{ id: { in: ids } }, attachmentsVisibleTo(reader)] } }),
  TimelineEvent: (query, ids, { db, reader }) =>
    db.event.findMany({ ...query, where: { AND: [{ id: { in: ids } }, eventsVisibleTo(reader)] } }),
};

/**
 * The objects with these ids, in their order, whatever their types, with what the field selects of each; null for an id that
 * was never given out, of another organization, or not the viewer's to see. One statement for each type among them.
 */
export async function readNodes(
  ids: readonly string[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<({ id: string } | null)[]> {
  const found = await Promise.all(
    [...byTypeOf(ids)].map(([typeName, ofType]) => {
      const query = queryFromInfo({ context, info, typeName, select: { id: true } as const });
      return READ[typeName](query, [...ofType], context);
    }),
  );
  const byId = new Map(found.flat().map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Which of these ids are the viewer's to see. */
export async function visibleAmong(ids: readonly string[], context: Context): Promise<Set<string>> {
  const found = await Promise.all(
    [...byTypeOf(ids)].map(([type, ofType]) => READ[type]({ select: { id: true } }, [...ofType], context)),
  );
  return new Set(found.flat().map(({ id }) => id));
}

function byTypeOf(ids: readonly string[]): Map<NodeType, Set<string>> {
  const byType = new Map<NodeType, Set<string>>();
  for (const id of ids) {
    const type = typeOfId(id);
    if (type) byType.set(type, (byType.get(type) ?? new Set()).add(id));
  }
  return byType;
}

export async function readNode(id: string, context: Context, info: GraphQLResolveInfo) {
  const [node = null] = await readNodes([id], context, info);
  return node;
}
