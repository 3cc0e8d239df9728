export const ORGANIZATION = 'ORG-BENCH';
export const AGENT = 'USR-BENCH-1';
export const CONVERSATIONS = 100_000;
export const MESSAGES_EACH = 10;

/** SQL that fills an organization with 100,000 conversations of 10 messages each. No events: this benchmark does not read the log. */
export const FILL = `
SET session_replication_role = replica;
INSERT INTO "Organization" ("id", "name") VALUES ('${ORGANIZATION}', 'Bench');
INSERT INTO "Feed" ("organizationId", "epoch", "cursorKey", "lastNumber")
  VALUES ('${ORGANIZATION}', decode('0102030405060708', 'hex'), decode(repeat('ab', 32), 'hex'), ${CONVERSATIONS});
INSERT INTO "Channel" ("id", "organizationId", "name", "channelType")
  SELECT 'CHN-BENCH-' || i, '${ORGANIZATION}', 'Channel ' || i, 'WEB' FROM generate_series(1, 5) i;
INSERT INTO "User" ("id", "organizationId", "name", "displayName", "email")
  SELECT 'USR-BENCH-' || i, '${ORGANIZATION}', 'Agent ' || i, 'Agent ' || i, 'agent' || i || '@example.com' FROM generate_series(1, 50) i;
INSERT INTO "Bot" ("id", "organizationId", "name")
  SELECT 'BOT-BENCH-' || i, '${ORGANIZATION}', 'Bot ' || i FROM generate_series(1, 10) i;
INSERT INTO "Website" ("id", "organizationId", "name", "url", "defaultChannelId")
  SELECT 'WEB-BENCH-' || i, '${ORGANIZATION}', 'Website ' || i, 'https://www' || i || '.example.com', 'CHN-BENCH-1' FROM generate_series(1, 10) i;
INSERT INTO "Audience" ("id", "organizationId", "name")
  SELECT 'AUD-BENCH-' || i, '${ORGANIZATION}', 'Audience ' || i FROM generate_series(1, 10) i;
INSERT INTO "Contact" ("id", "organizationId", "name", "email")
  SELECT 'CTC-BENCH-' || i, '${ORGANIZATION}', 'Contact ' || i, 'contact' || i || '@example.org' FROM generate_series(1, 50000) i;
INSERT INTO "Conversation" ("id", "organizationId", "uuid", "number", "publicId", "name", "status", "initiatedBy",
    "channelId", "contactId", "ownerId", "botId", "websiteId", "audienceId", "lastSeq", "lastPublicSeq",
    "lastMessageId", "lastPublicMessageId", "incomingCount", "publicOutgoingCount", "lastInteractedAt", "createdAt", "updatedAt")
  SELECT 'CVR-BENCH-' || i, '${ORGANIZATION}', gen_random_uuid(), i, 'CVR-BENCH-' || i, 'Question about order ' || i,
    (ARRAY['OPEN', 'OPEN', 'PENDING', 'RESOLVED', 'CLOSED'])[1 + i % 5]::"ConversationStatus", 'CONTACT',
    'CHN-BENCH-' || 1 + i % 5, 'CTC-BENCH-' || 1 + i % 50000, 'USR-BENCH-' || 1 + i % 50, 'BOT-BENCH-' || 1 + i % 10,
    'WEB-BENCH-' || 1 + i % 10, 'AUD-BENCH-' || 1 + i % 10, ${MESSAGES_EACH}, ${MESSAGES_EACH},
    'MSG-BENCH-' || i || '-${MESSAGES_EACH}', 'MSG-BENCH-' || i || '-${MESSAGES_EACH}', ${MESSAGES_EACH / 2}, ${MESSAGES_EACH / 2},
    timestamptz '2026-01-01' + make_interval(secs => hashint4(i) % 10000000), timestamptz '2025-06-01', timestamptz '2026-01-01'
  FROM generate_series(1, ${CONVERSATIONS}) i;
INSERT INTO "Message" ("id", "organizationId", "conversationId", "seq", "publicSeq", "direction", "content",
    "senderUserId", "senderContactId", "incomingCount", "publicOutgoingCount", "createdAt")
  SELECT 'MSG-BENCH-' || c || '-' || m, '${ORGANIZATION}', 'CVR-BENCH-' || c, m, m,
    (CASE WHEN m % 2 = 1 THEN 'INCOMING' ELSE 'OUTGOING' END)::"MessageDirection",
    'Message ' || m || ': the parcel of order ' || c || ' has not arrived yet, could you look where it is?',
    CASE WHEN m % 2 = 0 THEN 'USR-BENCH-' || 1 + c % 50 END, CASE WHEN m % 2 = 1 THEN 'CTC-BENCH-' || 1 + c % 50000 END,
    (m + 1) / 2, m / 2, timestamptz '2026-01-01' + make_interval(secs => m)
  FROM generate_series(1, ${CONVERSATIONS}) c, generate_series(1, ${MESSAGES_EACH}) m;
SET session_replication_role = DEFAULT;
`;
