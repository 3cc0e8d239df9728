import type { CursorKeys } from '../src/feed/cursor.ts';

/** Size of a benchmark's organization. Users are USR-<id>-1 …, contacts CTC-<id>-1 …, each with one conversation CVR-<id>-1 …. */
export interface Sizes {
  id: string;
  users: number;
  contacts: number;
  /** Number of rename events already in its log. */
  events?: number;
}

const EPOCH = '0102030405060708';
const KEY_BYTE = 'ab';

/** Keys of its cursors. */
export const CURSOR_KEYS: CursorKeys = {
  epoch: Buffer.from(EPOCH, 'hex'),
  cursorKey: Buffer.from(KEY_BYTE.repeat(32), 'hex'),
};

export function fillOrganization({ id, users, contacts, events = 0 }: Sizes): string {
  return `
SET session_replication_role = replica;
INSERT INTO "Organization" ("id", "name") VALUES ('${id}', 'Bench');
INSERT INTO "Feed" ("organizationId", "epoch", "cursorKey", "lastNumber", "head")
  VALUES ('${id}', decode('${EPOCH}', 'hex'), decode(repeat('${KEY_BYTE}', 32), 'hex'), ${contacts}, ${events});
INSERT INTO "Channel" ("id", "organizationId", "name", "channelType") VALUES ('CHN-${id}', '${id}', 'Channel', 'WEB');
INSERT INTO "User" ("id", "organizationId", "name", "displayName", "email")
  SELECT 'USR-${id}-' || i, '${id}', 'Agent ' || i, 'Agent ' || i, 'agent' || i || '@example.com' FROM generate_series(1, ${users}) i;
INSERT INTO "Contact" ("id", "organizationId", "name", "email")
  SELECT 'CTC-${id}-' || i, '${id}', 'Contact ' || i, 'contact' || i || '@example.org' FROM generate_series(1, ${contacts}) i;
INSERT INTO "Conversation" ("id", "organizationId", "uuid", "number", "publicId", "name", "initiatedBy", "channelId", "contactId")
  SELECT 'CVR-${id}-' || i, '${id}', gen_random_uuid(), i, 'CVR-${id}-' || i, 'Question about order ' || i, 'CONTACT',
    'CHN-${id}', 'CTC-${id}-' || i
  FROM generate_series(1, ${contacts}) i;
INSERT INTO "Event" ("id", "organizationId", "position", "type", "actorUserId", "conversationId", "contactId", "isPublic", "changes", "occurredAt")
  SELECT 'EVT-${id}-' || i, '${id}', i, 'RENAMED', 'USR-${id}-1', 'CVR-${id}-1', 'CTC-${id}-1', true,
    jsonb_build_array(jsonb_build_object('field', 'name', 'before', 'Name ' || i, 'after', 'Name ' || i + 1)), clock_timestamp()
  FROM generate_series(1, ${events}) i;
SET session_replication_role = DEFAULT;
`;
}

/** Messages of every contact of a filled organization in their conversation, MSG-<id>-<contact>-<seq>. */
export function fillMessages({
  id,
  contacts,
  messagesEach,
}: Pick<Sizes, 'id' | 'contacts'> & { messagesEach: number }): string {
  return `
SET session_replication_role = replica;
INSERT INTO "Message" ("id", "organizationId", "conversationId", "seq", "publicSeq", "direction", "content",
    "senderContactId", "incomingCount", "publicOutgoingCount", "createdAt")
  SELECT 'MSG-${id}-' || c || '-' || m, '${id}', 'CVR-${id}-' || c, m, m, 'INCOMING',
    'Message ' || m || ': ' || repeat('the parcel of order ' || c || ' has not arrived yet. ', 10), 'CTC-${id}-' || c, m, 0,
    timestamptz '2026-01-01' + make_interval(secs => m)
  FROM generate_series(1, ${contacts}) c, generate_series(1, ${messagesEach}) m;
UPDATE "Conversation" c SET "lastSeq" = ${messagesEach}, "lastPublicSeq" = ${messagesEach}, "incomingCount" = ${messagesEach},
    "lastMessageId" = 'MSG-${id}-' || c."number" || '-${messagesEach}', "lastPublicMessageId" = 'MSG-${id}-' || c."number" || '-${messagesEach}'
  WHERE c."organizationId" = '${id}';
SET session_replication_role = DEFAULT;
`;
}
