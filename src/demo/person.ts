import { stableId } from '../ids.ts';
import { CONTACT_ROSTER } from './contact-roster.ts';
import { phoneNumberIn } from './country.ts';

/** Somebody of the roster, before the database knows them. */
export interface Person {
  id: string;
  contactIs: 'she' | 'he';
  /** ISO 639. */
  language: string;
  givenName: string;
  familyName: string;
  /** Name in the order of their language. */
  name: string;
  /** How the team addresses them. */
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
  return Object.entries(CONTACT_ROSTER).flatMap(([language, table]) =>
    table
      .trim()
      .split('\n')
      .map((line) => {
        const [is, givenName = '', familyName = '', local = '', country = '', city = '', company = ''] = line
          .trim()
          .split('|');
        const nth = (perCountry.get(country) ?? 0) + 1;
        perCountry.set(country, nth);
        return {
          id: stableId('Contact', `demo:${local}`),
          contactIs: is === 'she' ? ('she' as const) : ('he' as const),
          language,
          givenName,
          familyName,
          name: nameOf(language, givenName, familyName),
          address: addressOf(language, givenName, familyName),
          email: `${local}@example.${nth % 3 === 0 ? 'org' : 'com'}`,
          phoneNumber: phoneNumberIn(country, nth),
          country,
          city,
          company: company || null,
        };
      }),
  );
}

function nameOf(language: string, givenName: string, familyName: string): string {
  if (!FAMILY_NAME_FIRST.has(language)) return `${givenName} ${familyName}`;
  return language === 'ja' ? `${familyName} ${givenName}` : `${familyName}${givenName}`;
}

function addressOf(language: string, givenName: string, familyName: string): string {
  if (language === 'ja') return `${familyName}様`;
  if (language === 'ko') return `${familyName}${givenName}님`;
  if (language === 'zh') return `${familyName}${givenName}`;
  return language === 'th' ? `คุณ${givenName}` : givenName;
}
