import { createHash } from 'node:crypto';
import type { AddressType, ChannelType } from '../db/generated/prisma/enums.ts';
import type { Unit } from './dialogue.ts';
import type { Person } from './person.ts';
import { stableUuid } from './stable-uuid.ts';

export interface DemoAddress {
  type: AddressType;
  target: string;
  targetName: string | null;
  name: string | null;
  detail: string | null;
}

const OURS = '+442079460118';

/** Address of the organization on a channel. */
export function createOwnAddress(type: ChannelType, unit: Unit): DemoAddress {
  const named = { targetName: 'Meridian', name: null, detail: null };
  switch (type) {
    case 'EMAIL':
      return { type: 'EMAIL', target: `help@${unit}.example.com`, ...named };
    case 'MESSAGE':
    case 'VOICE':
      return { type: 'TEL', target: OURS, ...named };
    case 'WHATSAPP':
      return { type: 'WHATSAPP', target: OURS, ...named };
    case 'LINE':
      return { type: 'LINE', target: '@meridian', ...named };
    case 'WEB':
    case 'API':
      return { type: 'WEBCHAT', target: stableUuid(`widget:${unit}`), ...named };
    default:
      return { type: 'OTHER', target: 'meridian', ...named };
  }
}

/** Address of a contact on a channel. */
export function createContactAddress(type: ChannelType, person: Person): DemoAddress {
  const named = { targetName: person.name, name: null, detail: null };
  const key = createHash('sha256').update(`${type}:${person.id}`).digest('hex');
  switch (type) {
    case 'EMAIL':
      return { type: 'EMAIL', target: person.email, ...named };
    case 'MESSAGE':
    case 'VOICE':
      return { type: 'TEL', target: person.phoneNumber, ...named };
    case 'WHATSAPP':
      return { type: 'WHATSAPP', target: person.phoneNumber, ...named };
    case 'LINE':
      return { type: 'LINE', target: `U${key.slice(0, 32)}`, ...named };
    case 'WEB':
    case 'API':
      return { type: 'WEB_SESSION', target: stableUuid(`session:${person.id}`), ...named, targetName: null };
    default:
      return { type: 'OTHER', target: BigInt(`0x${key.slice(0, 13)}`).toString(), ...named };
  }
}
