import { fillMessages, fillOrganization } from './organization.ts';

export const ORGANIZATION = 'ORG-HOSTILE';
export const BULK_ID_COUNTS = [100, 1_000] as const;
/** Characters that take most in JSON, in UTF-8, or in both. */
export const SPECIAL_TEXTS = { CJK: '漢', 'control characters': '\u0001', emoji: '😀' } as const;

const CONTACTS = 200;
const MESSAGES_EACH = 100;
// Conversations of the contact who sends the inputs. Those after the first 100 have messages of the largest size.
const OWN_CONVERSATIONS = 104;
// Largest JSON that is allowed, as many values.
const ATTRIBUTES = `(SELECT jsonb_object_agg('k' || i, 1) FROM generate_series(1, 6000) i)`;
const FORM = JSON.stringify({ items: [{ name: 'email', label: 'Your email', type: 'email' }] });

/** Organization of the hostile contact CTC-ORG-HOSTILE-1 and the hostile agent USR-ORG-HOSTILE-1. */
export function fillHostileOrganization(): string {
  const id = ORGANIZATION;
  const texts = [`repeat('a', 50000)`, `repeat('漢', 50000)`, `repeat(chr(1), 50000)`, `repeat('😀', 25000)`];
  return `${fillOrganization({ id, users: 5, contacts: CONTACTS })}
${fillMessages({ id, contacts: CONTACTS, messagesEach: MESSAGES_EACH })}
SET session_replication_role = replica;
UPDATE "Conversation" SET "contactId" = 'CTC-${id}-1' WHERE "number" <= ${OWN_CONVERSATIONS};
UPDATE "Conversation" SET "customAttributes" = ${ATTRIBUTES};
UPDATE "Message" SET "contentAttributes" = ${ATTRIBUTES} WHERE "conversationId" = 'CVR-${id}-1';
UPDATE "Message" SET "contentType" = 'FORM', "contentAttributes" = '${FORM}', "direction" = 'OUTGOING', "senderContactId" = NULL,
  "senderUserId" = 'USR-${id}-1' WHERE "id" = 'MSG-${id}-1-1';
${texts.map((text, index) => `UPDATE "Message" SET "content" = ${text} WHERE "conversationId" = 'CVR-${id}-${101 + index}';`).join('\n')}
SET session_replication_role = DEFAULT;
`;
}
