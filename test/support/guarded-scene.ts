import { printedSchema } from '../../src/graphql/schema.ts';
import { type NodeType, newId } from '../../src/ids.ts';
import { createFullOrganization, type Objects, TEAM_ONLY_TEXT } from './full-organization.ts';
import type { Gateway } from './gateway.ts';
import { mutate } from './mutate.ts';
import { createMutations, type Person, requireResult } from './mutations.ts';
import { openConversation } from './organization.ts';

/** Marker in every text of a deleted message, which nobody may see. */
export const DELETED_TEXT = 'ERASED';
/** Marker in every text of the other organization. */
export const ALIEN_TEXT = 'ALIEN';

export const VIEWER_KINDS = [
  'agent',
  'administrator',
  'bot',
  'contact',
  'another contact',
  'blocked contact',
  'agent of another organization',
  'removed user',
  'nobody',
] as const;

export type ViewerKind = (typeof VIEWER_KINDS)[number];

/** A kind of viewer, with what it must never learn of. */
export interface GuardedViewer {
  kind: ViewerKind;
  /** Null: no token. */
  person: Person | null;
  /** Ids of objects that the viewer must not see, by type. */
  forbidden: Partial<Record<NodeType, readonly string[]>>;
  /** Texts and ids that no answer may contain. */
  secrets: readonly string[];
}

export type GuardedScene = Awaited<ReturnType<typeof createGuardedScene>>;

type FullOrganization = Awaited<ReturnType<typeof createFullOrganization>>;

/**
 * Creates two full organizations with a viewer of each kind. The first one also has deleted messages, a deleted conversation, a blocked
 * contact and a removed user.
 */
export async function createGuardedScene(gateway: Gateway) {
  const home = await createFullOrganization(gateway);
  const alien = await createFullOrganization(gateway);
  await markTexts(gateway, alien.id);
  const hidden = await createHiddenObjects(gateway, home);
  const blocked = await createBlockedContact(gateway, home);
  const removed = await createRemovedUser(gateway, home);

  const aliens = uniqueTexts(await readRows(gateway, alien.id), await readRows(gateway, home.id));
  const homes = uniqueTexts(await readRows(gateway, home.id), await readRows(gateway, alien.id));
  const team = { forbidden: join(idsOf(alien.own), hidden.fromAll), secrets: [...aliens, DELETED_TEXT] };
  const { Organization: _, ...ofContact } = idsOf(home.own);
  const { Organization: __, ...ofOther } = idsOf(home.foreign);
  const notes = {
    Message: [home.own.note],
    Attachment: [home.own.noteAttachment],
    TimelineEvent: [home.own.noteEvent],
  };
  const strangers = { User: [home.admin.id], Bot: [home.bot.id] };

  function contact(kind: ViewerKind, person: Person, ...forbidden: IdsByType[]): GuardedViewer {
    const ids = join(...forbidden, hidden.fromAll, hidden.fromContacts, strangers);
    const secrets = [...aliens, DELETED_TEXT, ...Object.values(ids).flat()];
    return { kind, person, forbidden: join(idsOf(alien.own), ids), secrets };
  }

  const viewers: GuardedViewer[] = [
    { kind: 'agent', person: home.agent, ...team },
    { kind: 'administrator', person: home.admin, ...team },
    { kind: 'bot', person: home.bot, ...team },
    withSecrets(contact('contact', home.contact, ofOther, notes), [
      TEAM_ONLY_TEXT,
      home.otherContact.email ?? '',
    ]),
    contact('another contact', home.otherContact, ofContact),
    contact('blocked contact', blocked, ofContact, ofOther),
    {
      kind: 'agent of another organization',
      person: alien.agent,
      forbidden: idsOf(home.own),
      secrets: homes,
    },
    { kind: 'removed user', person: removed, forbidden: team.forbidden, secrets: [...homes, ...aliens] },
    { kind: 'nobody', person: null, forbidden: team.forbidden, secrets: [...homes, ...aliens] },
  ];
  return { home, alien, blocked, viewers };
}

type IdsByType = Partial<Record<NodeType, readonly string[]>>;

function idsOf({ note: _, noteAttachment: __, reply: ___, noteEvent: ____, ...objects }: Objects): IdsByType {
  return Object.fromEntries(Object.entries(objects).map(([type, id]) => [type, [id]]));
}

function join(...all: IdsByType[]): IdsByType {
  const types = [...new Set(all.flatMap((ids) => Object.keys(ids) as NodeType[]))];
  return Object.fromEntries(types.map((type) => [type, all.flatMap((ids) => ids[type] ?? [])]));
}

function withSecrets(viewer: GuardedViewer, more: string[]): GuardedViewer {
  return { ...viewer, secrets: [...viewer.secrets, ...more] };
}

async function createHiddenObjects(gateway: Gateway, { id, agent, own, ...organization }: FullOrganization) {
  const changes = createMutations(gateway);
  const { reads, writes } = gateway.db;

  async function erase(input: object) {
    const attachments = [
      { fileType: 'FILE', fileName: `${DELETED_TEXT}.pdf`, dataUrl: `https://${DELETED_TEXT}.example/` },
    ];
    const message = { conversationId: own.Conversation, content: DELETED_TEXT, attachments, ...input };
    const { id: messageId } = requireResult(await changes.send(agent, message));
    requireResult(await changes.deleteMessage(agent, { messageId }));
    const attachment = await reads.attachment.findFirstOrThrow({ where: { messageId } });
    return { messageId, attachmentId: attachment.id };
  }

  const erased = await erase({});
  const erasedNote = await erase({ isPrivate: true });
  const conversationId = await openConversation(
    gateway,
    { id, agent, ...organization },
    {
      name: TEAM_ONLY_TEXT,
      firstMessage: { content: TEAM_ONLY_TEXT },
    },
  );
  await writes.conversation.update({ where: { id: conversationId }, data: { deletedAt: new Date() } });
  await writes.conversation.update({
    where: { id: own.Conversation },
    data: { referenceType: 'WEB', referenceTarget: 'session 1' },
  });
  const lost = await reads.message.findFirstOrThrow({ where: { conversationId } });
  const event = await reads.event.findFirstOrThrow({ where: { conversationId } });
  return {
    fromAll: { Attachment: [erased.attachmentId, erasedNote.attachmentId] },
    fromContacts: {
      Conversation: [conversationId],
      Message: [lost.id, erasedNote.messageId],
      TimelineEvent: [event.id],
    },
  };
}

async function createBlockedContact(gateway: Gateway, home: FullOrganization): Promise<Person> {
  const { contact } = gateway.db.writes;
  const data = { id: newId('Contact'), organizationId: home.id, name: 'Gil', email: 'gil@example.org' };
  const blocked = await contact.create({ data });
  const conversationId = await openConversation(gateway, home, { contactId: blocked.id });
  requireResult(await createMutations(gateway).send(blocked, { conversationId, content: 'Let me in' }));
  // Through the API, so that the node forgets the contact that it knows.
  const input = { contactId: blocked.id, blocked: true };
  await mutate(gateway, home.agent, { mutation: 'setContactBlocked', input, selected: '' });
  return blocked;
}

async function createRemovedUser(gateway: Gateway, { id }: FullOrganization): Promise<Person> {
  const named = { name: 'Ida', displayName: 'Ida', email: 'ida@example.com', role: 'ADMIN' as const };
  return gateway.db.writes.user.create({
    data: { id: newId('User'), organizationId: id, removedAt: new Date(), ...named },
  });
}

/** Every row of an organization, by table: two are equal when nothing changed in between. */
export async function readRows(gateway: Gateway, organizationId: string): Promise<Record<string, unknown[]>> {
  const { reads } = gateway.db;
  const tables = await reads.$queryRaw<{ name: string }[]>`
    SELECT table_name AS "name" FROM information_schema.columns
     WHERE table_schema = current_schema() AND column_name = 'organizationId' ORDER BY table_name`;
  const rows = tables.map(async ({ name }) => {
    const found = await reads.$queryRawUnsafe<{ row: unknown }[]>(
      `SELECT to_jsonb(t) AS "row" FROM "${name}" t WHERE "organizationId" = $1 ORDER BY t`,
      organizationId,
    );
    return [name, found.map(({ row }) => row)];
  });
  return Object.fromEntries(await Promise.all(rows));
}

// Replaces every text of the organization that is no key, so that none is also a text of the other one.
async function markTexts(gateway: Gateway, organizationId: string) {
  const { reads, writes } = gateway.db;
  const columns = await reads.$queryRaw<{ table: string; column: string }[]>`
    SELECT texts.table_name AS "table", texts.column_name AS "column" FROM information_schema.columns texts
      JOIN information_schema.columns owners USING (table_schema, table_name)
     WHERE table_schema = current_schema() AND owners.column_name = 'organizationId'
       AND texts.data_type = 'text' AND texts.column_name !~ '(^id|Id)$' AND table_name <> 'IdempotencyKey'`;
  for (const { table, column } of columns) {
    await writes.$executeRawUnsafe(
      `UPDATE "${table}" SET "${column}" = '${ALIEN_TEXT}' || md5("${column}") WHERE "organizationId" = $1`,
      organizationId,
    );
  }
}

// Shorter texts, times, and words of the schema may be in an answer for another reason.
const MIN_LENGTH = 6;
const TIME = /^\d{4}-\d\d-\d\dT/;
const SCHEMA = printedSchema();

function uniqueTexts(rows: unknown, others: unknown): string[] {
  const known = new Set(textsIn(others));
  const texts = new Set(textsIn(rows).filter(isTelling));
  return [...texts].filter((text) => !known.has(text));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function isTelling(text: string): boolean {
  return text.length >= MIN_LENGTH && !TIME.test(text) && !SCHEMA.includes(text);
}
