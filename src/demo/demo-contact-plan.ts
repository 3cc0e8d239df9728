import { DEMO } from './demo-people.ts';
import type { Dialogues } from './dialogue.ts';
import type { Person } from './person.ts';
import { avatarOf } from './picture.ts';
import type { Scene } from './scene.ts';
import { findColleague } from './team.ts';

const MINUTE_MS = 60_000;

/** The contact whose token is printed. */
export const OLIVIA: Person = {
  id: DEMO.contactId,
  contactIs: 'she',
  language: 'en',
  givenName: 'Olivia',
  familyName: 'Reed',
  name: 'Olivia Reed',
  address: 'Olivia',
  email: 'olivia.reed@example.com',
  phoneNumber: '+447700900777',
  country: 'GB',
  city: 'Manchester',
  company: 'Reed Landscapes',
};

export const OLIVIA_COLUMNS = {
  contactType: 'CUSTOMER' as const,
  email: OLIVIA.email,
  phoneNumber: OLIVIA.phoneNumber,
  identifier: 'C-100001',
  avatarUrl: avatarOf(OLIVIA.name),
  description: 'Has been with us from the first season. Likes short answers.',
  labels: ['vip', 'newsletter'],
  customAttributes: { customerSince: 2019, loyaltyPoints: 1_240 },
};

/** Plans the conversations of the demo contact: each has another ending. */
export function planDemoContact({ demoContact, english }: Dialogues, now: Date): Scene[] {
  return demoContact.map(({ ending, ageMinutes, owner, isUnreadByContact, dialogue }, index) => ({
    ...{ key: `demo:olivia:${index}`, person: OLIVIA, book: english },
    ...{ ending, dialogue, isUnreadByContact, now },
    lines: dialogue.script,
    channelType: dialogue.channel,
    owner: findColleague(owner),
    colleague: findColleague(owner === 'maya' ? 'grace' : 'maya'),
    endedAt: new Date(now.getTime() - ageMinutes * MINUTE_MS),
    isUnread: ending === 'waiting' || ending === 'reopened',
    isDeleted: false,
  }));
}
