import { createHash } from 'node:crypto';
import { UUID, uuidv7obj } from 'uuidv7';

/** The prefix of an id names its type. */
export const ID_PREFIX = {
  Organization: 'ORG',
  BusinessUnit: 'BUN',
  Conversation: 'CVR',
  Contact: 'CTC',
  User: 'USR',
  Bot: 'BOT',
  Website: 'WEB',
  Audience: 'AUD',
  Channel: 'CHN',
  Message: 'MSG',
  Attachment: 'ATT',
  TimelineEvent: 'EVT',
} as const;

export type NodeType = keyof typeof ID_PREFIX;

const TYPES = new Map(
  Object.entries(ID_PREFIX).map(([type, prefix]) => [prefix as string, type as NodeType]),
);

// Crockford's base 32: no I, L, O, U, so that an id read aloud is not misheard.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A new id: `CVR-` and a UUIDv7 in 26 characters, so that ids sort by the time they were made. */
export function newId(type: NodeType): string {
  return idOf(type, uuidv7obj());
}

/** A new id together with the UUID that is in it. */
export function newIdWithUuid(type: NodeType): { id: string; uuid: string } {
  const uuid = uuidv7obj();
  return { id: idOf(type, uuid), uuid: uuid.toString() };
}

/** The same id for the same seed, for data that is made again and again, such as the demo's. */
export function stableId(type: NodeType, seed: string): string {
  const bytes = Uint8Array.from(createHash('sha256').update(`${type}:${seed}`).digest().subarray(0, 16));
  return idOf(type, UUID.ofInner(bytes));
}

/** The type that an id's prefix names, or undefined when no type has that prefix. */
export function parseNodeType(id: string): NodeType | undefined {
  return TYPES.get(id.slice(0, id.indexOf('-')));
}

function idOf(type: NodeType, uuid: UUID): string {
  let rest = BigInt(`0x${uuid.toHex()}`);
  let text = '';
  for (let digit = 0; digit < 26; digit++) {
    text = ALPHABET[Number(rest & 31n)] + text;
    rest >>= 5n;
  }
  return `${ID_PREFIX[type]}-${text}`;
}
