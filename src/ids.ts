import { createHash } from 'node:crypto';
import { UUID, uuidv7obj } from 'uuidv7';

/** Prefixes of ids by the type of their object. */
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

const TYPE_BY_PREFIX = new Map(
  Object.entries(ID_PREFIX).map(([type, prefix]) => [prefix as string, type as NodeType]),
);

// Crockford's base 32 has no I, L, O, U: they are easily misread.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
// Wider than newId's own: rows that a script has made may have readable ids, such as those of the benchmarks.
const ID_FORMAT = /^[A-Z]{3}-[0-9A-Za-z-]{1,60}$/;

/** A prefix such as `CVR-` and a UUIDv7 in 26 characters of base 32. Ids of one type sort by creation time. */
export function newId(type: NodeType): string {
  return encodeId(type, uuidv7obj());
}

/** Like newId, with the UUID that the id encodes. */
export function newIdWithUuid(type: NodeType): { id: string; uuid: string } {
  const uuid = uuidv7obj();
  return { id: encodeId(type, uuid), uuid: uuid.toString() };
}

/** Derives an id from a seed: the same seed has the same id, also in another process. */
export function stableId(type: NodeType, seed: string): string {
  const bytes = Uint8Array.from(createHash('sha256').update(`${type}:${seed}`).digest().subarray(0, 16));
  return encodeId(type, UUID.ofInner(bytes));
}

/** Reads the type from the prefix of an id. Undefined for an unknown prefix. */
export function parseNodeType(id: string): NodeType | undefined {
  return TYPE_BY_PREFIX.get(id.slice(0, id.indexOf('-')));
}

/** Whether the text can be an id of this type, existing or not: letters, digits and hyphens, which every store takes. */
export function isId(text: string, type: NodeType): boolean {
  return ID_FORMAT.test(text) && parseNodeType(text) === type;
}

function encodeId(type: NodeType, uuid: UUID): string {
  let rest = BigInt(`0x${uuid.toHex()}`);
  let text = '';
  for (let digit = 0; digit < 26; digit++) {
    text = ALPHABET[Number(rest & 31n)] + text;
    rest >>= 5n;
  }
  return `${ID_PREFIX[type]}-${text}`;
}
