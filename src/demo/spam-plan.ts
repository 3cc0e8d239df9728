import { buildContactEvents } from '../domain/contact/change.ts';
import { stableId } from '../ids.ts';
import { asUser } from './author.ts';
import { createPhoneNumber } from './country.ts';
import type { Dialogues } from './dialogue.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';
import type { Rows } from './rows.ts';
import { ENDING_RULES, type Scene } from './scene.ts';
import { listSpeakers } from './team.ts';

const NAMES = [
  'Rank Booster',
  'Parcel Service',
  'Profit Pete',
  'Like Shop',
  'Barrister Williams',
  'Watch Outlet',
];

/** Senders of spam. */
export function createSpammers(): Person[] {
  return NAMES.map((name, index) => {
    const [givenName = '', familyName = ''] = name.split(' ');
    return {
      id: stableId('Contact', `demo:spam:${index}`),
      contactIs: 'he',
      language: 'en',
      ...{ givenName, familyName, name, address: name },
      email: `${name.replace(' ', '.').toLowerCase()}@example.org`,
      phoneNumber: createPhoneNumber('US', 80 + index),
      country: 'US',
      city: 'Springfield',
      company: null,
    };
  });
}

export function planSpam(
  { spam, english }: Dialogues,
  { spammers, now, random }: { spammers: readonly Person[]; now: Date; random: Random },
): Scene[] {
  const { youngestMs, oldestMs } = ENDING_RULES.spam;
  return spam.map((dialogue, index) => {
    const person = spammers[index % spammers.length];
    if (!person) throw new Error('there is nobody to send spam');
    const [owner, colleague] = random.shuffled(listSpeakers('en'));
    if (!owner || !colleague) throw new Error('two are needed to deal with spam');
    return {
      key: `demo:spam:${index}`,
      ...{ person, dialogue, owner, colleague, now },
      book: english,
      lines: dialogue.script,
      channelType: dialogue.channel ?? 'EMAIL',
      ending: 'spam',
      endedAt: new Date(now.getTime() - youngestMs * (oldestMs / youngestMs) ** (index / (spam.length - 1))),
      isUnread: false,
      isUnreadByContact: true,
      isDeleted: index % 3 === 2,
    };
  });
}

/** Blocks every other sender. */
export function blockSpammers(rows: Rows, scenes: readonly Scene[]) {
  for (const { person, endedAt, owner } of scenes.filter((_, index) => index % 2 === 0)) {
    const contact = rows.Contact.find(({ id }) => id === person.id);
    if (!contact) throw new Error(`${person.name} is no contact`);
    Object.assign(contact, { blocked: true, updatedAt: endedAt });
    const [event] = buildContactEvents(person.id, [{ field: 'blocked', before: false, after: true }]);
    if (event) rows.events.push({ ...event, occurredAt: endedAt, author: asUser(owner.id) });
  }
}

export const SPAMMER_COLUMNS = {
  contactType: 'VISITOR' as const,
  labels: [],
  description: null,
  identifier: null,
};
