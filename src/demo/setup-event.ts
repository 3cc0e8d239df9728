import type { Author, NewEvent } from '../feed/event.ts';
import { SYSTEM } from './author.ts';
import type { Rows } from './rows.ts';

type Setup = Pick<NewEvent, 'subjectUserId' | 'subjectBotId' | 'contactId'> & {
  type: 'SETTINGS_CHANGED' | 'CHANNEL_CHANGED' | 'USER_CHANGED' | 'CONTACT_CHANGED';
  at: Date;
  by?: Author;
};

/** The event of something that conversations refer to, when it came into being. */
export function addSetupEvent(rows: Rows, { at, by = SYSTEM, ...event }: Setup) {
  // A contact hears of themselves.
  const isPublic = event.type === 'CONTACT_CHANGED';
  rows.events.push({ ...event, isPublic, occurredAt: at, author: by });
}
