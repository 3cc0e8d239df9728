import type { ChannelType } from '../db/generated/prisma/enums.ts';
import type { Cut } from './cut-script.ts';
import type { Dialogue, Ending, LanguageBook } from './dialogue.ts';
import type { Person } from './person.ts';
import type { Line } from './script.ts';
import type { Colleague } from './team.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface EndingRule {
  cut: Cut;
  /** Time from the last line of the dialogue to the end of the conversation. */
  tailMs: number;
  /** Number of such conversations, and the range of their ages. */
  count: number;
  youngestMs: number;
  oldestMs: number;
}

/** Endings of the conversations. The oldest are some sixty days old, the newest some minutes. */
export const ENDING_RULES: Record<Ending, EndingRule> = {
  unanswered: rule('unanswered', 18, { youngest: 3 * MINUTE_MS, oldest: 20 * HOUR_MS }),
  waiting: rule('waiting', 28, { youngest: 2 * MINUTE_MS, oldest: 4 * DAY_MS }),
  answered: rule('answered', 8, { youngest: 10 * MINUTE_MS, oldest: 2 * DAY_MS }),
  reopened: rule('whole', 6, { youngest: 20 * MINUTE_MS, oldest: 3 * DAY_MS, tail: 18 * HOUR_MS }),
  pending: rule('answered', 22, { youngest: 40 * MINUTE_MS, oldest: 11 * DAY_MS, tail: 2 * MINUTE_MS }),
  snoozed: rule('answered', 13, { youngest: 2 * HOUR_MS, oldest: 5 * DAY_MS, tail: 2 * MINUTE_MS }),
  resolved: rule('whole', 40, { youngest: HOUR_MS, oldest: 50 * DAY_MS, tail: 20 * MINUTE_MS }),
  resolvedAgain: rule('whole', 6, { youngest: 5 * HOUR_MS, oldest: 30 * DAY_MS, tail: 26 * HOUR_MS }),
  closed: rule('whole', 30, { youngest: 8 * HOUR_MS, oldest: 55 * DAY_MS, tail: 7 * HOUR_MS }),
  abandoned: rule('answered', 12, { youngest: 3 * HOUR_MS, oldest: 40 * DAY_MS, tail: 40 * MINUTE_MS }),
  spam: rule('whole', 6, { youngest: HOUR_MS, oldest: 30 * DAY_MS, tail: 30 * MINUTE_MS }),
};

/** One conversation of the demo, before it is played. */
export interface Scene {
  /** Seed of its ids. */
  key: string;
  person: Person;
  book: LanguageBook;
  dialogue: Dialogue;
  /** The lines of the dialogue that are played. */
  lines: readonly Line[];
  channelType: ChannelType;
  owner: Colleague;
  /** Team member who helps the owner. */
  colleague: Colleague;
  ending: Ending;
  endedAt: Date;
  now: Date;
  /** The members have not read the last turn of the contact. */
  isUnread: boolean;
  /** The contact has not read the last turn of the team. */
  isUnreadByContact: boolean;
  /** Deleted by an administrator. */
  isDeleted: boolean;
}

function rule(
  cut: Cut,
  count: number,
  { youngest, oldest, tail = 0 }: { youngest: number; oldest: number; tail?: number },
): EndingRule {
  return { cut, count, youngestMs: youngest, oldestMs: oldest, tailMs: tail };
}
