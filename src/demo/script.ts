// A script is a list of lines, each with a speaker and what they say, for example
//
//   contact: My parcel has not come. [image empty-porch.jpg]
//   note: @{colleague}, is this the depot that burned down?
//   agent re 1: I am sorry to hear that, {contact}!
//
// `re 1` replies to the first line. Brackets at the end add an attachment or another content type (content.ts). Braces are
// placeholders (placeholder.ts). A note is written by the agent, for the team only.

const SPEAKERS = ['contact', 'agent', 'colleague', 'bot', 'template', 'note', 'colleague-note'] as const;
const LINE = new RegExp(
  `^(${SPEAKERS.join('|')})(?: re (\\d+))?:(?: (.*?))??(?:\\s*\\[([a-z-]+)(?: ([^\\]]*))?\\])?$`,
  's',
);

export type Speaker = (typeof SPEAKERS)[number];

/** Content in brackets: `[file invoice.pdf]` has the kind `file`. */
export interface Extra {
  kind: string;
  value: string;
}

export interface Line {
  speaker: Speaker;
  text: string;
  /** The line that it replies to, counted from 1. */
  repliesTo: number | null;
  extra: Extra | null;
}

const TEAM: ReadonlySet<Speaker> = new Set(['agent', 'colleague', 'note', 'colleague-note']);
const NOTES: ReadonlySet<Speaker> = new Set(['note', 'colleague-note']);

export function isByTeam({ speaker }: Line): boolean {
  return TEAM.has(speaker);
}

export function isNote({ speaker }: Line): boolean {
  return NOTES.has(speaker);
}

export function hasSpeaker(lines: readonly Line[], speaker: Speaker): boolean {
  return lines.some((line) => line.speaker === speaker);
}

/** True when the text or the extra of a line has this placeholder. */
export function hasPlaceholder(lines: readonly Line[], name: string): boolean {
  return lines.some(({ text, extra }) => `${text} ${extra?.value}`.includes(`{${name}}`));
}

/** Throws when the line has no known speaker. */
export function parseLine(line: string): Line {
  const [, found, reply, text = '', kind, value = ''] = LINE.exec(line) ?? [];
  const speaker = SPEAKERS.find((name) => name === found);
  if (!speaker) throw new Error(`no speaker in the line "${line}"`);
  return {
    speaker,
    text,
    repliesTo: reply === undefined ? null : Number(reply),
    extra: kind === undefined ? null : { kind, value },
  };
}
