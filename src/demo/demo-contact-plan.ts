import type { ChannelType } from '../db/generated/prisma/enums.ts';
import { DEMO } from './demo-people.ts';
import type { Dialogue } from './dialogue.ts';
import * as dialogues from './dialogues/demo-contact.ts';
import { ENGLISH } from './dialogues/english.ts';
import type { Person } from './person.ts';
import { avatarOf } from './picture.ts';
import type { Ending, Scene } from './scene.ts';
import { parseScript } from './script.ts';
import { TEAM } from './team.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The contact whose token is given out. */
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

export const OLIVIA_IS = {
  contactType: 'CUSTOMER' as const,
  email: OLIVIA.email,
  phoneNumber: OLIVIA.phoneNumber,
  identifier: 'C-100001',
  avatarUrl: avatarOf(OLIVIA.name),
  description: 'Has been with us from the first season. Likes short answers.',
  labels: ['vip', 'newsletter'],
  customAttributes: { customerSince: 2019, loyaltyPoints: 1_240 },
};

interface Plan {
  dialogue: Dialogue;
  ending: Ending;
  ageMs: number;
  channelType: ChannelType;
  ownerId?: string;
  isUnreadByContact?: boolean;
}

const PLANS: readonly Plan[] = [
  { dialogue: dialogues.BROKEN_STOVE, ending: 'waiting', ageMs: 4 * MINUTE_MS, channelType: 'WEB' },
  { dialogue: dialogues.ASK_COMPASS, ending: 'unanswered', ageMs: 26 * MINUTE_MS, channelType: 'WEB' },
  {
    dialogue: dialogues.GROUP_BOOKING,
    ending: 'pending',
    ageMs: 3 * HOUR_MS,
    channelType: 'EMAIL',
    isUnreadByContact: true,
  },
  { dialogue: dialogues.DOUBLE_CHARGE, ending: 'reopened', ageMs: 50 * MINUTE_MS, channelType: 'WHATSAPP' },
  { dialogue: dialogues.NEW_DATE, ending: 'snoozed', ageMs: 2 * DAY_MS, channelType: 'WHATSAPP' },
  {
    dialogue: dialogues.GIFT_CARD,
    ending: 'resolved',
    ageMs: 9 * DAY_MS,
    channelType: 'WEB',
    ownerId: DEMO.adminId,
  },
  { dialogue: dialogues.LATE_DELIVERY, ending: 'closed', ageMs: 33 * DAY_MS, channelType: 'MESSAGE' },
];

/** Her conversations: something to do in each of them. */
export function planDemoContact(now: Date): Scene[] {
  return PLANS.map(
    ({ dialogue, ageMs, ownerId = DEMO.agentId, isUnreadByContact = false, ...plan }, index) => ({
      ...plan,
      key: `demo:olivia:${index}`,
      person: OLIVIA,
      book: ENGLISH,
      dialogue,
      lines: parseScript(dialogue.script),
      owner: colleagueOf(ownerId),
      colleague: colleagueOf(ownerId === DEMO.agentId ? DEMO.adminId : DEMO.agentId),
      endedAt: new Date(now.getTime() - ageMs),
      now,
      isUnread: plan.ending === 'waiting' || plan.ending === 'reopened',
      isUnreadByContact,
      isDeleted: false,
    }),
  );
}

function colleagueOf(id: string) {
  const found = TEAM.find((one) => one.id === id);
  if (!found) throw new Error(`${id} is not in the team`);
  return found;
}
