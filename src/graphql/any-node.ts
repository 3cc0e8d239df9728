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
} from '../domain/access.ts';
import { type NodeType, typeOfId } from '../ids.ts';
import type { Context } from './context.ts';

type Read = (query: { select: { id: true } }, ids: string[], context: Context) => Promise<{ id: string }[]>;

// Objects of each type by their ids, as far as the viewer may see them.
const READ: Record<NodeType, Read> = {
  Organization: (query, ids, { db, viewer }) =>
    db.organization.findMany({
      ...query,
      where: { AND: [{ id: { in: ids } }, { id: viewer.organizationId }] },
    }),
  BusinessUnit: (query, ids, { db, viewer }) =>
    db.businessUnit.findMany({ ...query, where: { AND: [{ id: { in: ids } }, settingsVisibleTo(viewer)] } }),
  Conversation: (query, ids, { db, viewer }) =>
    db.conversation.findMany({ ...query, where: { AND: [{ id: { in: ids } }, visibleTo(viewer)] } }),
  Contact: (query, ids, { db, viewer }) =>
    db.contact.findMany({ ...query, where: { AND: [{ id: { in: ids } }, contactsVisibleTo(viewer)] } }),
  User: (query, ids, { db, viewer }) =>
    db.user.findMany({ ...query, where: { AND: [{ id: { in: ids } }, usersVisibleTo(viewer)] } }),
  Bot: (query, ids, { db, viewer }) =>
    db.bot.findMany({ ...query, where: { AND: [{ id: { in: ids } }, botsVisibleTo(viewer)] } }),
  Website: (query, ids, { db, viewer }) =>
    db.website.findMany({ ...query, where: { AND: [{ id: { in: ids } }, settingsVisibleTo(viewer)] } }),
  Audience: (query, ids, { db, viewer }) =>
    db.audience.findMany({ ...query, where: { AND: [{ id: { in: ids } }, settingsVisibleTo(viewer)] } }),
  Channel: (query, ids, { db, viewer }) =>
    db.channel.findMany({ ...query, where: { AND: [{ id: { in: ids } }, settingsVisibleTo(viewer)] } }),
  Message: (query, ids, { db, viewer }) =>
    db.message.findMany({ ...query, where: { AND: [{ id: { in: ids } }, messagesVisibleTo(viewer)] } }),
  Attachment: (query, ids, { db, viewer }) =>
    db.attachment.findMany({ ...query, where: { AND: [{ id: { in: ids } }, attachmentsVisibleTo(viewer)] } }),
  TimelineEvent: (query, ids, { db, viewer }) =>
    db.event.findMany({ ...query, where: { AND: [{ id: { in: ids } }, eventsVisibleTo(viewer)] } }),
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
