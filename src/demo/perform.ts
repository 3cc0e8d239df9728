import type { Prisma } from '../db/generated/prisma/client.ts';
import type { Author } from '../feed/event.ts';
import { asBot, asContact, asUser, SYSTEM } from './author.ts';
import { contentOf } from './content.ts';
import { DEMO } from './demo-people.ts';
import { playEpilogue } from './epilogue.ts';
import { fillIn, type Values, valuesOf } from './fill-in.ts';
import { sayWithMishaps } from './mishap.ts';
import { openScene } from './open-scene.ts';
import type { Random } from './random.ts';
import { setReadMarks } from './read-marks.ts';
import type { Rows } from './rows.ts';
import { ENDINGS, type Scene } from './scene.ts';
import { isByTeam, isNote, type Line } from './script.ts';
import { BOTS } from './settings.ts';
import type { Said, SaidMessage, Story } from './story.ts';
import { timesOf } from './timing.ts';

const PRIORITIES = ['LOW', 'MEDIUM', 'MEDIUM', 'HIGH', 'HIGH', 'URGENT'] as const;

interface Cast {
  contact: Author;
  agent: Author;
  colleague: Author;
  bot: Author;
}

/** Plays a scene from its first line to how it stands now, and puts everything that comes of it into the rows. */
export function perform(rows: Rows, scene: Scene, random: Random) {
  const { lines, dialogue, owner } = scene;
  const values = valuesOf(scene, random);
  const last = new Date(scene.endedAt.getTime() - ENDINGS[scene.ending].tailMs);
  const times = timesOf(lines, { last, channelType: scene.channelType, random });
  const [firstAt = last] = times;
  const cast: Cast = {
    contact: asContact(scene.person.id),
    agent: asUser(owner.id),
    colleague: asUser(scene.colleague.id),
    bot: asBot(BOTS[dialogue.unit].id),
  };
  const story = openScene(rows, scene, { values, random, at: new Date(firstAt.getTime() - 300) });
  const members = new Set<string>();
  const hasTeam = lines.some(isByTeam);

  const said: SaidMessage[] = [];
  for (const [index, line] of lines.entries()) {
    const at = times[index] ?? last;
    const before = times[index - 1] ?? firstAt;
    if (isByTeam(line) && !members.has(owner.id)) {
      members.add(owner.id);
      takeOver(story, scene, { at: between(before, at), cast, random });
    }
    const { author, content } = speech(line, { cast, values, scene });
    if (author.id === scene.colleague.id) join(story, members, { at, by: cast.agent, userId: author.id });
    const replyTo = line.repliesTo === null ? undefined : said[line.repliesTo - 1];
    const next = lines[index + 1];
    const patienceMs = (times[index + 1] ?? at).getTime() - at.getTime();
    const full = { ...content, ...(replyTo ? { replyToId: replyTo.id } : {}) };
    said.push(sayWithMishaps(story, full, { at, author, patienceMs, random }));
    for (const userId of content.mentions ?? []) join(story, members, { at, by: author, userId });
    const isBotDone = line.speaker === 'bot' && (next ? isByTeam(next) : isHandedOver(scene));
    if (isBotDone) {
      const set = { handledBy: 'TEAM' as const };
      story.change(at, cast.bot, { type: 'HANDED_OVER', isPublic: true, set });
    }
  }

  const closer = hasTeam || scene.ending === 'spam' ? cast.agent : cast.bot;
  playEpilogue({ story, scene, values, random, closer, contact: cast.contact }, last);
  if (scene.isDeleted) {
    const set = { deletedAt: scene.endedAt.toISOString() };
    story.change(scene.endedAt, asUser(DEMO.adminId), { type: 'DELETED', isPublic: true, set });
  }
  setReadMarks(story, scene, [...members]);
  return story.finish();
}

/** The owner takes the conversation, or is given it, and sorts it. */
function takeOver(
  story: Story,
  { owner, dialogue, ending }: Scene,
  { at, cast, random }: { at: Date; cast: Cast; random: Random },
) {
  story.assign(at, random.pick([cast.agent, cast.agent, asUser(DEMO.adminId), SYSTEM]), owner.id);
  if (ending === 'spam') return;
  const labels = [...dialogue.labels];
  story.change(at, cast.agent, {
    type: 'LABELS_CHANGED',
    isPublic: false,
    set: {},
    also: [{ field: 'labels', before: [], after: labels }],
  });
  if (random.chance(0.35)) {
    const priority = labels.includes('urgent') ? 'URGENT' : random.pick(PRIORITIES);
    story.change(at, cast.agent, { type: 'PRIORITY_CHANGED', isPublic: false, set: { priority } });
  }
  if (random.chance(0.15)) {
    story.say(at, SYSTEM, { direction: 'ACTIVITY', content: `${owner.displayName} took the conversation` });
  }
}

function join(
  story: Story,
  members: Set<string>,
  { at, by, userId }: { at: Date; by: Author; userId: string },
) {
  members.add(userId);
  story.addMember(at, by, userId);
}

function speech(
  line: Line,
  { cast, values, scene }: { cast: Cast; values: Values; scene: Scene },
): { author: Author; content: Said } {
  const extra = line.extra && { ...line.extra, value: fillIn(line.extra.value, values) };
  const content: Said = {
    content: line.text === '' ? null : fillIn(line.text, values),
    ...(extra ? contentOf(extra) : {}),
    isPrivate: isNote(line),
    ...(line.speaker === 'template' ? { direction: 'TEMPLATE' as const } : {}),
    ...(line.text.includes('@{colleague}') ? { mentions: [scene.colleague.id] } : {}),
  };
  if (line.speaker === 'contact' && scene.channelType === 'EMAIL') {
    const email: Prisma.InputJsonObject = { subject: scene.dialogue.title, from: [scene.person.email] };
    Object.assign(content, { contentType: 'INCOMING_EMAIL', contentAttributes: { email } });
  }
  const hasBot = scene.lines.some(({ speaker }) => speaker === 'bot');
  return { author: authorOf(line, cast, hasBot), content };
}

function authorOf({ speaker }: Line, cast: Cast, hasBot: boolean): Author {
  switch (speaker) {
    case 'contact':
      return cast.contact;
    case 'agent':
    case 'note':
      return cast.agent;
    case 'colleague':
    case 'colleague-note':
      return cast.colleague;
    case 'template':
      return hasBot ? cast.bot : SYSTEM;
    case 'bot':
      return cast.bot;
  }
}

/** Whether the bot has handed over, although nobody of the team has written yet. */
function isHandedOver({ ending, dialogue }: Scene): boolean {
  return ending === 'unanswered' && dialogue.script.includes('agent:');
}

function between(before: Date, after: Date): Date {
  return new Date(Math.max(before.getTime(), after.getTime() - 20_000));
}
