import { z } from 'zod';
import { stableId } from '../ids.ts';
import contacts from './contacts.json' with { type: 'json' };
import { createPhoneNumber } from './country.ts';

/** Contacts by language. */
const ContactsFile = z.record(
  z.string(),
  z.array(
    z.strictObject({
      contactIs: z.enum(['she', 'he']),
      givenName: z.string(),
      familyName: z.string(),
      /** Local part; the domain is added. */
      email: z.string(),
      country: z.string(),
      city: z.string(),
      company: z.string().optional(),
    }),
  ),
);

/** A person who becomes a contact. */
export interface Person {
  id: string;
  contactIs: 'she' | 'he';
  /** ISO 639. */
  language: string;
  givenName: string;
  familyName: string;
  /** Full name, in the order of their language. */
  name: string;
  /** Form of address in the messages of the team. */
  address: string;
  email: string;
  phoneNumber: string;
  country: string;
  city: string;
  company: string | null;
}

const FAMILY_NAME_FIRST = new Set(['ja', 'zh', 'ko']);

export function createPersons(): Person[] {
  const perCountry = new Map<string, number>();
  return Object.entries(ContactsFile.parse(contacts)).flatMap(([language, list]) =>
    list.map(({ email, company = null, ...person }) => {
      const { country, givenName, familyName } = person;
      const nth = (perCountry.get(country) ?? 0) + 1;
      perCountry.set(country, nth);
      return {
        ...person,
        id: stableId('Contact', `demo:${email}`),
        name: formatName(language, givenName, familyName),
        address: formatAddress(language, givenName, familyName),
        email: `${email}@example.${nth % 3 === 0 ? 'org' : 'com'}`,
        phoneNumber: createPhoneNumber(country, nth),
        ...{ language, company },
      };
    }),
  );
}

function formatName(language: string, givenName: string, familyName: string): string {
  if (!FAMILY_NAME_FIRST.has(language)) return `${givenName} ${familyName}`;
  return language === 'ja' ? `${familyName} ${givenName}` : `${familyName}${givenName}`;
}

function formatAddress(language: string, givenName: string, familyName: string): string {
  if (language === 'ja') return `${familyName}様`;
  if (language === 'ko') return `${familyName}${givenName}님`;
  if (language === 'zh') return `${familyName}${givenName}`;
  return language === 'th' ? `คุณ${givenName}` : givenName;
}
