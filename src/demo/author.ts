import type { Author } from '../feed/event.ts';
import { parseNodeType } from '../ids.ts';
import { DEMO } from './demo-people.ts';

const { organizationId } = DEMO;

export const SYSTEM: Author = { organizationId, kind: 'system', id: '' };

export function asUser(id: string): Author {
  return { organizationId, kind: 'user', id };
}

export function asContact(id: string): Author {
  return { organizationId, kind: 'contact', id };
}

export function asBot(id: string): Author {
  return { organizationId, kind: 'bot', id };
}

/** The author that an id names. */
export function toAuthor(id: string): Author {
  switch (parseNodeType(id)) {
    case 'User':
      return asUser(id);
    case 'Contact':
      return asContact(id);
    case 'Bot':
      return asBot(id);
    default:
      throw new Error(`${id} is not the id of a user, contact or bot`);
  }
}
