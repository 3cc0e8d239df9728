import type { Author, NewEvent } from '../feed/event.ts';
import { SYSTEM } from './author.ts';
import type { Rows } from './rows.ts';

type Setup = Pick<NewEvent, 'subjectUserId' | 'subjectBotId' | 'contactId'> & {
  type: 'SETTINGS_CHANGED' | 'CHANNEL_CHANGED' | 'USER_CHANGED' | 'CONTACT_CHANGED';
  at: Date;
  by?: Author;
};

/** Adds the event of a new directory entry or contact. */
export function addSetupEvent(rows: Rows, { at, by = SYSTEM, ...event }: Setup) {
  // Contacts see the events of themselves.
  const isPublic = event.type === 'CONTACT_CHANGED';
  rows.events.push({ ...event, isPublic, occurredAt: at, author: by });
}
