import { addContact, settleContacts } from './contacts.ts';
import { OLIVIA, OLIVIA_COLUMNS, planDemoContact } from './demo-contact-plan.ts';
import { loadDialogues } from './dialogue.ts';
import { addDirectory } from './directory.ts';
import { loadExamples } from './example.ts';
import { createPersons } from './person.ts';
import { playExample } from './play-example.ts';
import { playScene } from './play-scene.ts';
import { createRandom } from './random.ts';
import { createRows, type Rows } from './rows.ts';
import { planScenes } from './scene-plan.ts';
import { blockSpammers, createSpammers, planSpam, SPAMMER_COLUMNS } from './spam-plan.ts';
import { addTeam } from './team.ts';

const SEED = 20_210_201;

/** Creation of the organization, before the oldest imported conversation. */
export const FOUNDED_AT = new Date('2021-02-01T09:00:00Z');

/** All rows of the demo: always the same, except for times, which are relative to `now`. */
export function composeDemo(now: Date): Rows {
  const random = createRandom(SEED);
  const rows = createRows();
  addTeam(rows, FOUNDED_AT);
  addDirectory(rows, FOUNDED_AT);
  for (const example of loadExamples()) playExample(rows, example);

  const persons = createPersons();
  const spammers = createSpammers();
  for (const person of persons) addContact(rows, person, random);
  for (const person of spammers) addContact(rows, person, random, SPAMMER_COLUMNS);
  addContact(rows, OLIVIA, random, OLIVIA_COLUMNS);

  const dialogues = loadDialogues();
  const spam = planSpam(dialogues, { spammers, now, random });
  const scenes = planScenes(dialogues.books, { persons, now, random });
  for (const scene of [...scenes, ...planDemoContact(dialogues, now), ...spam])
    playScene(rows, scene, random);
  blockSpammers(rows, spam);
  settleContacts(rows, now, random);
  rows.events.sort(
    (one, other) =>
      one.occurredAt.getTime() - other.occurredAt.getTime() ||
      // The directory entries and the contact of a conversation come before it.
      Number(one.conversationId !== undefined) - Number(other.conversationId !== undefined),
  );
  return rows;
}
