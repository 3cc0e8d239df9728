import { stableId } from '../ids.ts';
import { asUser } from './author.ts';
import { phoneNumberIn } from './country.ts';

import { ENGLISH } from './dialogues/english.ts';
import { SPAM } from './dialogues/spam.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';
import type { Rows } from './rows.ts';
import { ENDINGS, type Scene } from './scene.ts';
import { parseScript } from './script.ts';
import { speakersOf } from './team.ts';

const NAMES = [
  'Rank Booster',
  'Parcel Service',
  'Profit Pete',
  'Like Shop',
  'Barrister Williams',
  'Watch Outlet',
];

/** One sender each for what nobody asked for. */
export function createSpammers(): Person[] {
  return NAMES.map((name, index) => {
    const [givenName = '', familyName = ''] = name.split(' ');
    return {
      id: stableId('Contact', `demo:spam:${index}`),
      contactIs: 'he',
      language: 'en',
      ...{ givenName, familyName, name, address: name },
      email: `${name.replace(' ', '.').toLowerCase()}@example.org`,
      phoneNumber: phoneNumberIn('US', 80 + index),
      country: 'US',
      city: 'Springfield',
      company: null,
    };
  });
}

export function planSpam(spammers: readonly Person[], now: Date, random: Random): Scene[] {
  const { youngestMs, oldestMs } = ENDINGS.spam;
  return SPAM.map((dialogue, index) => {
    const person = spammers[index % spammers.length];
    if (!person) throw new Error('there is nobody to send spam');
    const [owner, colleague] = random.shuffled(speakersOf('en'));
    if (!owner || !colleague) throw new Error('two are needed to deal with spam');
    return {
      key: `demo:spam:${index}`,
      ...{ person, dialogue, owner, colleague, now },
      book: ENGLISH,
      lines: parseScript(dialogue.script),
      channelType: dialogue.channel ?? 'EMAIL',
      ending: 'spam',
      endedAt: new Date(now.getTime() - youngestMs * (oldestMs / youngestMs) ** (index / (SPAM.length - 1))),
      isUnread: false,
      isUnreadByContact: true,
      isDeleted: index % 3 === 2,
    };
  });
}

/** Every other one can write no more. */
export function blockSpammers(rows: Rows, scenes: readonly Scene[]) {
  for (const { person, endedAt, owner } of scenes.filter((_, index) => index % 2 === 0)) {
    const contact = rows.Contact.find(({ id }) => id === person.id);
    if (!contact) throw new Error(`${person.name} is no contact`);
    Object.assign(contact, { blocked: true, updatedAt: endedAt });
    rows.events.push({
      type: 'CONTACT_CHANGED',
      contactId: person.id,
      isPublic: true,
      changes: [{ field: 'blocked', before: false, after: true }],
      occurredAt: endedAt,
      author: asUser(owner.id),
    });
  }
}

export const SPAMMER_IS = {
  contactType: 'VISITOR' as const,
  labels: [],
  description: null,
  identifier: null,
};
