import type { ChannelType } from '../db/generated/prisma/enums.ts';

/** The businesses of the demo's organization: it sells outdoor gear, journeys, and planning software. */
export type Unit = 'shop' | 'travel' | 'cloud';

export interface Dialogue {
  /** What the conversation is called, in the language of its lines. */
  title: string;
  unit: Unit;
  labels: readonly string[];
  /** Where it has to take place; left out: wherever people of that language write. */
  channel?: ChannelType;
  /** Where the contact's words tell. */
  contactIs?: 'she' | 'he';
  /** See script.ts. `{order}` and the like are filled in. */
  script: string;
}

/** What is said in one language. */
export interface LanguageBook {
  /** BCP 47. */
  language: string;
  dialogues: readonly Dialogue[];
  /** Scripts of what comes back after the work was done: the contact's word, and the answer. */
  afterthoughts: readonly string[];
  /** Asks how the contact liked it. */
  survey: string;
  /** What a form asks before a chat. */
  questions: { topic: string; email: string };
}
