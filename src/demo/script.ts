// A dialogue is written as a play: one line each for who speaks and what they say, such as
//
//   contact: My parcel has not come. [image empty-porch.jpg]
//   note: @{colleague}, is this the depot that burned down?
//   agent re 1: I am sorry to hear that, {contact}!
//
// `re 1` answers the first line, brackets at the end attach something, and a line without a speaker goes on with the one
// before. A note is the agent's own, for the team only.

const SPEAKERS = ['contact', 'agent', 'colleague', 'bot', 'template', 'note', 'colleague-note'] as const;
const LINE = new RegExp(`^(${SPEAKERS.join('|')})(?: re (\\d+))?:(?: (.*))?$`);
const EXTRA = /\s*\[([a-z-]+)(?: ([^\]]*))?\]$/;

export type Speaker = (typeof SPEAKERS)[number];

/** What a line has besides its text: `[file invoice.pdf]` has the kind `file`. */
export interface Extra {
  kind: string;
  value: string;
}

export interface Line {
  speaker: Speaker;
  text: string;
  /** Which line it answers, counted from 1. */
  repliesTo: number | null;
  extra: Extra | null;
}

const TEAM: ReadonlySet<Speaker> = new Set(['agent', 'colleague', 'note', 'colleague-note']);
const NOTES: ReadonlySet<Speaker> = new Set(['note', 'colleague-note']);

/** A line that a team member writes. */
export function isByTeam(line: Line): boolean {
  return TEAM.has(line.speaker);
}

export function isNote(line: Line): boolean {
  return NOTES.has(line.speaker);
}

export function parseScript(script: string): Line[] {
  const lines: Line[] = [];
  for (const raw of script.trim().split('\n')) {
    const row = raw.trim();
    const found = LINE.exec(row);
    const last = lines.at(-1);
    if (found) {
      const [, speaker, reply, rest = ''] = found;
      lines.push({
        speaker: speaker as Speaker,
        ...splitExtra(rest),
        repliesTo: reply === undefined ? null : Number(reply),
      });
    } else if (last) {
      const { text, extra } = splitExtra(row);
      last.text = `${last.text}\n${text}`;
      last.extra ??= extra;
    } else {
      throw new Error(`nobody says "${row}"`);
    }
  }
  return lines;
}

function splitExtra(text: string): { text: string; extra: Extra | null } {
  const found = EXTRA.exec(text);
  if (!found) return { text, extra: null };
  const [whole, kind = '', value = ''] = found;
  return { text: text.slice(0, -whole.length), extra: { kind, value } };
}
