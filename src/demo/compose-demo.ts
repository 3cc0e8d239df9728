import { addChatwootExample } from './chatwoot-example.ts';
import { addContact, settleContacts } from './contacts.ts';
import { OLIVIA, OLIVIA_IS, planDemoContact } from './demo-contact-plan.ts';
import { addImbraceExample } from './imbrace-example.ts';
import { addOnceHubExample } from './oncehub-example.ts';
import { perform } from './perform.ts';
import { createPersons } from './person.ts';
import { createRandom } from './random.ts';
import { createRows, type Rows } from './rows.ts';
import { planScenes } from './scene-plan.ts';
import { addSettings } from './settings.ts';
import { blockSpammers, createSpammers, planSpam, SPAMMER_IS } from './spam-plan.ts';
import { addTeam } from './team.ts';
import { addVoipbinExample } from './voipbin-example.ts';

const SEED = 20_210_201;

/** Before the oldest of the imported conversations. */
export const FOUNDED_AT = new Date('2021-02-01T09:00:00Z');

/** The whole demo as rows: the same each time, but for the times, which are told from `now`. */
export function composeDemo(now: Date): Rows {
  const random = createRandom(SEED);
  const rows = createRows();
  addTeam(rows, FOUNDED_AT);
  addSettings(rows, FOUNDED_AT);
  for (const addExample of [addOnceHubExample, addVoipbinExample, addChatwootExample, addImbraceExample]) {
    addExample(rows);
  }

  const persons = createPersons();
  const spammers = createSpammers();
  for (const person of persons) addContact(rows, person, random);
  for (const person of spammers) addContact(rows, person, random, SPAMMER_IS);
  addContact(rows, OLIVIA, random, OLIVIA_IS);

  const spam = planSpam(spammers, now, random);
  for (const scene of [...planScenes(persons, now, random), ...planDemoContact(now), ...spam]) {
    perform(rows, scene, random);
  }
  blockSpammers(rows, spam);
  settleContacts(rows, now, random);
  rows.events.sort(
    (one, other) =>
      one.occurredAt.getTime() - other.occurredAt.getTime() ||
      // What a conversation refers to comes before it.
      Number(one.conversationId !== undefined) - Number(other.conversationId !== undefined),
  );
  return rows;
}
