import { z } from 'zod';
import { ChannelType } from '../db/generated/prisma/enums.ts';
import arabic from './dialogues/arabic.json' with { type: 'json' };
import chinese from './dialogues/chinese.json' with { type: 'json' };
import demoContact from './dialogues/demo-contact.json' with { type: 'json' };
import english from './dialogues/english.json' with { type: 'json' };
import french from './dialogues/french.json' with { type: 'json' };
import german from './dialogues/german.json' with { type: 'json' };
import italian from './dialogues/italian.json' with { type: 'json' };
import japanese from './dialogues/japanese.json' with { type: 'json' };
import korean from './dialogues/korean.json' with { type: 'json' };
import polish from './dialogues/polish.json' with { type: 'json' };
import portuguese from './dialogues/portuguese.json' with { type: 'json' };
import spam from './dialogues/spam.json' with { type: 'json' };
import spanish from './dialogues/spanish.json' with { type: 'json' };
import thai from './dialogues/thai.json' with { type: 'json' };
import turkish from './dialogues/turkish.json' with { type: 'json' };
import { parseLine } from './script.ts';

const UNITS = ['shop', 'travel', 'cloud'] as const;
const ENDINGS = [
  'unanswered',
  'waiting',
  'answered',
  'reopened',
  'pending',
  'snoozed',
  'resolved',
  'resolvedAgain',
  'closed',
  'abandoned',
  'spam',
] as const;

const Script = z.array(z.string().transform(parseLine)).min(1);

const DialogueFile = z.strictObject({
  /** Name of the conversation, in the language of its lines. */
  title: z.string(),
  unit: z.enum(UNITS),
  labels: z.array(z.string()),
  /** The only channel that fits. Default: any on which people of that language write. */
  channel: z.enum(ChannelType).optional(),
  /** Set where the grammar of the contact's lines depends on it. */
  contactIs: z.enum(['she', 'he']).optional(),
  script: Script,
});

const LanguageBookFile = z.strictObject({
  /** BCP 47. */
  language: z.string(),
  /** Asks for a rating. */
  survey: z.string(),
  /** Questions of a form before a chat. */
  questions: z.strictObject({ topic: z.string(), email: z.string() }),
  /** Scripts of a contact who writes again after the end, with the answer. */
  afterthoughts: z.array(Script),
  dialogues: z.array(DialogueFile),
});

const DemoContactFile = z.strictObject({
  ending: z.enum(ENDINGS),
  ageMinutes: z.number(),
  /** Key of the owner in the team. */
  owner: z.string().default('maya'),
  isUnreadByContact: z.boolean().default(false),
  dialogue: DialogueFile.required({ channel: true }),
});

/** Businesses of the demo organization: it sells outdoor gear, journeys, and planning software. */
export type Unit = (typeof UNITS)[number];
/** Ending of a conversation (ENDING_RULES in scene.ts). */
export type Ending = (typeof ENDINGS)[number];
export type Dialogue = z.infer<typeof DialogueFile>;
export type LanguageBook = z.infer<typeof LanguageBookFile>;

const BOOKS = [
  english,
  german,
  spanish,
  french,
  portuguese,
  japanese,
  chinese,
  arabic,
  thai,
  turkish,
  polish,
];

/** The dialogues of dialogues/*.json. Throws when a file is invalid. */
export function loadDialogues() {
  const books = z.array(LanguageBookFile).parse([...BOOKS, italian, korean]);
  const [english] = books;
  if (!english) throw new Error('there are no English dialogues');
  return {
    books,
    english,
    /** Dialogues without an answer. */
    spam: z.array(DialogueFile).parse(spam),
    /** Conversations of the contact whose token is printed. */
    demoContact: z.array(DemoContactFile).parse(demoContact),
  };
}

export type Dialogues = ReturnType<typeof loadDialogues>;
