import type { Availability, UserRole } from '../db/generated/prisma/enums.ts';
import { stableId } from '../ids.ts';
import { DEMO } from './demo-people.ts';
import { avatarOf } from './picture.ts';
import type { Rows } from './rows.ts';
import { addSetupEvent } from './setup-event.ts';

export interface Colleague {
  id: string;
  name: string;
  displayName: string;
  /** Languages of their answers. */
  languages: readonly string[];
  availability: Availability;
  role: UserRole;
}

export const TEAM: readonly Colleague[] = [
  colleague('maya', 'Maya Lindqvist', ['en', 'fr', 'es', 'pt', 'it'], 'ONLINE'),
  colleague('grace', 'Grace Bennett', ['en'], 'ONLINE', 'ADMIN'),
  colleague('zofia', 'Zofia Nowak', ['pl', 'en'], 'BUSY', 'ADMIN'),
  colleague('jonas', 'Jonas Weber', ['de', 'pl', 'en'], 'ONLINE'),
  colleague('lucia', 'Lucía Fernández', ['es', 'pt', 'it'], 'BUSY'),
  colleague('rafael', 'Rafael Costa', ['pt', 'es'], 'OFFLINE'),
  colleague('camille', 'Camille Laurent', ['fr', 'en'], 'ONLINE'),
  colleague('haruto', 'Haruto Sato', ['ja', 'ko'], 'OFFLINE'),
  colleague('mei', 'Mei Chen', ['zh', 'en'], 'ONLINE'),
  colleague('yasmin', 'Yasmin Haddad', ['ar', 'fr'], 'BUSY'),
  colleague('ploy', 'Ploy Srisai', ['th'], 'OFFLINE'),
  colleague('elif', 'Elif Kaya', ['tr', 'de'], 'ONLINE'),
];

function colleague(
  key: string,
  name: string,
  languages: readonly string[],
  availability: Availability,
  role: UserRole = 'AGENT',
): Colleague {
  const [displayName = name] = name.split(' ');
  return { id: stableId('User', `demo:${key}`), name, displayName, languages, availability, role };
}

export function findColleague(key: string): Colleague {
  const id = stableId('User', `demo:${key}`);
  const found = TEAM.find((one) => one.id === id);
  if (!found) throw new Error(`${key} is not in the team`);
  return found;
}

/** Team members who speak this language, at least one. */
export function listSpeakers(language: string): readonly Colleague[] {
  const speakers = TEAM.filter(({ languages }) => languages.includes(language));
  if (speakers.length === 0) throw new Error(`no team member speaks ${language}`);
  return speakers;
}

/** Adds the team: three members at the founding, then one a week. */
export function addTeam(rows: Rows, foundedAt: Date) {
  for (const [index, { id, name, displayName, availability, role }] of TEAM.entries()) {
    const createdAt = new Date(foundedAt.getTime() + 3_600_000 + Math.max(0, index - 2) * 7 * 86_400_000);
    const email = `${displayName
      .normalize('NFD')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase()}@meridian.example.com`;
    rows.User.push({
      ...{ id, organizationId: DEMO.organizationId, name, displayName, email },
      ...{ avatarUrl: avatarOf(name), role, availability, createdAt },
    });
    addSetupEvent(rows, { type: 'USER_CHANGED', subjectUserId: id, at: createdAt });
  }
}
