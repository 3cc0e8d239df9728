import type { ChannelType } from '../db/generated/prisma/enums.ts';
import { cutScript } from './cut-script.ts';
import { DEMO } from './demo-people.ts';
import type { Ending, LanguageBook } from './dialogue.ts';
import type { Person } from './person.ts';
import type { Random } from './random.ts';
import { ENDING_RULES, type Scene } from './scene.ts';
import { hasSpeaker, isNote } from './script.ts';
import { type Colleague, listSpeakers, TEAM } from './team.ts';

/** Number of conversations in each language, and the channels that its people use. */
const LANGUAGES: Record<string, { count: number; channels: readonly ChannelType[] }> = {
  en: {
    count: 52,
    channels: [
      'WEB',
      'EMAIL',
      'WHATSAPP',
      'MESSAGE',
      'FACEBOOK',
      'WEB',
      'INSTAGRAM',
      'API',
      'TELEGRAM',
      'WEB',
    ],
  },
  de: { count: 18, channels: ['WEB', 'WHATSAPP', 'EMAIL', 'TELEGRAM'] },
  es: { count: 17, channels: ['WHATSAPP', 'WEB', 'INSTAGRAM', 'FACEBOOK', 'MESSAGE'] },
  fr: { count: 16, channels: ['WEB', 'EMAIL', 'WHATSAPP', 'FACEBOOK'] },
  pt: { count: 13, channels: ['WHATSAPP', 'INSTAGRAM', 'WEB'] },
  ja: { count: 12, channels: ['LINE', 'WEB', 'EMAIL'] },
  zh: { count: 12, channels: ['WECHAT', 'WEB', 'WECHAT', 'WECOM'] },
  ar: { count: 9, channels: ['WHATSAPP', 'WEB', 'TELEGRAM'] },
  th: { count: 8, channels: ['LINE', 'FACEBOOK'] },
  tr: { count: 7, channels: ['WHATSAPP', 'INSTAGRAM', 'WEB'] },
  pl: { count: 8, channels: ['FACEBOOK', 'WEB', 'MESSAGE'] },
  it: { count: 6, channels: ['WHATSAPP', 'WEB', 'TELEGRAM'] },
  ko: { count: 5, channels: ['OTHER', 'WEB'] },
};

// Endings in which the contact wrote last.
const UNREAD: ReadonlySet<Ending> = new Set(['waiting', 'reopened']);
// One in so many is deleted.
const DELETED_EVERY: Partial<Record<Ending, number>> = { resolved: 14, closed: 12, abandoned: 11 };

/** Plans the conversations of the organization, without those of the demo contact, spam, and the imported examples. */
export function planScenes(
  books: readonly LanguageBook[],
  { persons, now, random }: { persons: readonly Person[]; now: Date; random: Random },
): Scene[] {
  const languages = random.shuffled(
    Object.entries(LANGUAGES).flatMap(([language, { count }]) =>
      Array.from({ length: count }, () => language),
    ),
  );
  const stages = new Map(
    books.map((book) => {
      const speakers = persons.filter(({ language }) => language === book.language);
      const queues = { persons: random.shuffled(speakers), dialogues: random.shuffled(book.dialogues) };
      return [book.language, { book, ...queues, channels: [...(LANGUAGES[book.language]?.channels ?? [])] }];
    }),
  );

  // Newest first, so that two conversations of one dialogue are far apart in a list.
  return listEndings(now, random).map((end, index): Scene => {
    const language = languages[index % languages.length] ?? 'en';
    const stage = stages.get(language);
    if (!stage) throw new Error(`no dialogues in ${language}`);
    const { cut } = ENDING_RULES[end.ending];
    const { dialogue, lines } = takeNext(stage.dialogues, (dialogue) => {
      const lines = cutScript(dialogue.script, cut, random);
      return lines && { dialogue, lines };
    });
    const { contactIs = null, channel } = dialogue;
    const person = takeNext(stage.persons, (one) =>
      contactIs === null || one.contactIs === contactIs ? one : null,
    );
    const owner = pickOwner(language, random);
    return {
      ...end,
      key: `demo:${index}`,
      ...{ book: stage.book, dialogue, lines, person, owner, now },
      colleague: pickColleague(owner, hasSpeaker(dialogue.script, 'colleague') ? language : null, random),
      channelType: channel ?? takeNext(stage.channels, (type) => type),
      isUnread:
        UNREAD.has(end.ending) &&
        !lines.slice(-1).some(isNote) &&
        random.chance(owner.id === DEMO.agentId ? 0.9 : 0.6),
      isUnreadByContact: random.chance(0.4),
    };
  });
}

function listEndings(now: Date, random: Random) {
  return Object.entries(ENDING_RULES)
    .flatMap(([name, { count, youngestMs, oldestMs }]) => {
      const ending = name as Ending;
      if (ending === 'spam') return [];
      return Array.from({ length: count }, (_, index) => {
        // Few are old: each is older than the one before by the same factor.
        const age =
          youngestMs * (oldestMs / youngestMs) ** (index / (count - 1)) * (1 + random.fraction() * 0.05);
        const every = DELETED_EVERY[ending];
        const isDeleted = every !== undefined && index % every === every - 1;
        return { ending, isDeleted, endedAt: new Date(now.getTime() - Math.round(age)) };
      });
    })
    .sort((one, other) => other.endedAt.getTime() - one.endedAt.getTime());
}

/** The first result that is not null; its item goes to the end of the queue. */
function takeNext<T, R>(queue: T[], make: (item: T) => R | null): R {
  for (const [index, item] of queue.entries()) {
    const made = make(item);
    if (made === null) continue;
    queue.push(...queue.splice(index, 1));
    return made;
  }
  throw new Error('no item of the queue fits');
}

function pickOwner(language: string, random: Random): Colleague {
  const speakers = listSpeakers(language);
  // The user whose token is printed has more to do than the others.
  return random.pick([...speakers, ...speakers.filter(({ id }) => id === DEMO.agentId)]);
}

function pickColleague(owner: Colleague, language: string | null, random: Random): Colleague {
  const others = (language ? listSpeakers(language) : TEAM).filter(({ id }) => id !== owner.id);
  const maya = others.find(({ id }) => id === DEMO.agentId);
  return maya && random.chance(0.4) ? maya : random.pick(others);
}
