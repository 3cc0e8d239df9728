import type { Tx } from '../../db/client.ts';
import { NotFoundError } from '../../errors.ts';
import type { Viewer } from './viewer.ts';

/** Directory entries that a conversation refers to, by input field. */
export interface References {
  channelId?: string | null | undefined;
  websiteId?: string | null | undefined;
  audienceId?: string | null | undefined;
  botId?: string | null | undefined;
  businessUnitId?: string | null | undefined;
}

type FindReference = (where: { id: string; organizationId: string; removedAt: null }) => Promise<unknown>;

const ID = { id: true } as const;

/** Throws NotFoundError when an entry does not exist in the organization, was removed, or is of another type. */
export async function requireReferences(tx: Tx, viewer: Viewer, references: References) {
  const { channelId, websiteId, audienceId, botId, businessUnitId } = references;
  await check('channel', 'channelId', channelId, (where) => tx.channel.findFirst({ where, select: ID }));
  await check('website', 'websiteId', websiteId, (where) => tx.website.findFirst({ where, select: ID }));
  await check('audience', 'audienceId', audienceId, (where) => tx.audience.findFirst({ where, select: ID }));
  await check('bot', 'botId', botId, (where) => tx.bot.findFirst({ where, select: ID }));
  await check('business unit', 'businessUnitId', businessUnitId, (where) =>
    tx.businessUnit.findFirst({ where, select: ID }),
  );

  async function check(what: string, field: string, id: string | null | undefined, find: FindReference) {
    if (id == null) return;
    const where = { id, organizationId: viewer.organizationId, removedAt: null };
    if (!(await find(where))) throw new NotFoundError(`${what} for input.${field}`, id);
  }
}

/** Throws NotFoundError when the organization has no such user, or the user was removed and `includeRemoved` is false. */
export async function requireUser(
  tx: Tx,
  viewer: Viewer,
  { field, id, includeRemoved = false }: { field: string; id: string; includeRemoved?: boolean },
) {
  const where = { id, organizationId: viewer.organizationId, ...(includeRemoved ? {} : { removedAt: null }) };
  if (!(await tx.user.findFirst({ where, select: ID }))) {
    throw new NotFoundError(`user for input.${field}`, id);
  }
}

/** Throws NotFoundError when the organization has no such bot, or the bot was removed. */
export async function requireBot(tx: Tx, viewer: Viewer, { field, id }: { field: string; id: string }) {
  const where = { id, organizationId: viewer.organizationId, removedAt: null };
  if (!(await tx.bot.findFirst({ where, select: ID }))) {
    throw new NotFoundError(`bot for input.${field}`, id);
  }
}
