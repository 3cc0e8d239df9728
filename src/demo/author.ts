import type { Author } from '../feed/event.ts';
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
