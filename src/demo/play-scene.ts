import type { Author } from '../feed/event.ts';
import { asBot, asContact, asUser, SYSTEM } from './author.ts';
import { createContent } from './content.ts';
import type { ImportedMessage, MessageContent } from './conversation-player.ts';
import { DEMO } from './demo-people.ts';
import { BOTS } from './directory.ts';
import { openScene } from './open-scene.ts';
import { createPlaceholderValues, fillIn } from './placeholder.ts';
import { playEnding } from './play-ending.ts';
import type { Random } from './random.ts';
import type { Rows } from './rows.ts';
import { ENDING_RULES, type Scene } from './scene.ts';
import { hasSpeaker, isByTeam, isNote, type Line } from './script.ts';
import type { Stage } from './stage.ts';
import { scheduleLines } from './timing.ts';

const PRIORITIES = ['LOW', 'MEDIUM', 'MEDIUM', 'HIGH', 'HIGH', 'URGENT'] as const;
const HANDOVER_TO_TEAM = { type: 'HANDED_OVER', data: { ownerId: null, handledBy: 'TEAM' } } as const;
/** Time that a second try or a correction needs before the next line. */
const MISHAP_MS = 45_000;

/** Plays a scene from its first line to its ending. */
export function playScene(rows: Rows, scene: Scene, random: Random) {
  const { lines, owner, colleague, person, dialogue, endedAt, ending } = scene;
  const values = createPlaceholderValues(scene, random);
  const last = new Date(endedAt.getTime() - ENDING_RULES[ending].tailMs);
  const times = scheduleLines(lines, { last, channelType: scene.channelType, random });
  const [first = last] = times;
  const player = openScene(rows, scene, { values, random, at: new Date(first.getTime() - 300) });
  const cast = {
    contact: asContact(person.id),
    agent: asUser(owner.id),
    colleague: asUser(colleague.id),
    bot: asBot(BOTS[dialogue.unit].id),
  };
  const stage: Stage = { player, scene, values, random, ...cast };
  const unread = findUnreadTurns(scene);

  const sent: string[] = [];
  for (const [index, line] of lines.entries()) {
    const at = times[index] ?? last;
    if (index === unread.byTeam) markReadByTeam(stage);
    if (index === unread.byContact) player.markReadByContact(player.now());
    if (isByTeam(line) && !player.memberIds().includes(owner.id)) takeOver(stage, at);
    if (line.speaker.startsWith('colleague')) player.addMember(at, stage.agent, colleague.id);
    const patienceMs = (times[index + 1] ?? at).getTime() - at.getTime();
    sent.push(sendLine(stage, line, { at, patienceMs, replyToId: sent[(line.repliesTo ?? 0) - 1] }));
    const next = lines[index + 1];
    const isBotDone = line.speaker === 'bot' && (next ? isByTeam(next) : hasHandedOver(scene));
    if (isBotDone) player.change(player.now(), stage.bot, HANDOVER_TO_TEAM);
  }
  if (unread.byTeam === null || ending === 'reopened') markReadByTeam(stage);
  if (unread.byContact === null) player.markReadByContact(player.now());

  playEnding(stage, last);
  if (!scene.isUnread) markReadByTeam(stage);
  if (!scene.isUnreadByContact) player.markReadByContact(player.now());
  if (scene.isDeleted) {
    const deletedAt = latest(player.now(), endedAt);
    player.change(deletedAt, asUser(DEMO.adminId), { type: 'DELETED', data: { deletedAt } });
  }
  player.finish();
}

/** The owner takes the conversation, or is given it, and sorts it. */
function takeOver({ player, scene, agent, random }: Stage, lineAt: Date) {
  const { owner, dialogue, ending } = scene;
  const at = latest(player.now(), new Date(lineAt.getTime() - 20_000));
  player.assign(at, random.pick([agent, agent, asUser(DEMO.adminId), SYSTEM]), owner.id);
  if (ending === 'spam') return;
  player.setLabels(at, agent, dialogue.labels);
  if (random.chance(0.35)) {
    player.setPriority(at, agent, dialogue.labels.includes('urgent') ? 'URGENT' : random.pick(PRIORITIES));
  }
  if (random.chance(0.15)) {
    const content = `${owner.displayName} took the conversation`;
    player.sendMessage(at, SYSTEM, { content, isPrivate: true }, { direction: 'ACTIVITY' });
  }
}

/**
 * Sends a line and returns the id of its message. If there is time before the next line, some messages fail and are sent again,
 * are sent twice, or are corrected.
 */
function sendLine(
  stage: Stage,
  line: Line,
  { at, patienceMs, replyToId }: { at: Date; patienceMs: number; replyToId: string | undefined },
): string {
  const { player, random, agent } = stage;
  const author = findAuthor(stage, line);
  const { content, imported } = createMessage(stage, line);
  const message = { ...content, replyToId };
  const after = (seconds: number) => new Date(at.getTime() + seconds * 1_000);
  const isPlain = patienceMs > MISHAP_MS && !isNote(line) && !line.extra && !content.contentType;
  if (isPlain && author.kind === 'user' && random.chance(0.03)) {
    const failed = player.sendMessage(at, author, message);
    player.updateMessage(after(4), SYSTEM, failed, { deliveryStatus: 'FAILED' });
    return player.sendMessage(after(20), author, message, imported).id;
  }
  if (isPlain && author.kind === 'user' && random.chance(0.05)) {
    const withoutLastCharacter = [...(content.content ?? '')].slice(0, -1).join('');
    const sent = player.sendMessage(at, author, { ...message, content: withoutLastCharacter });
    player.updateMessage(after(25), author, sent, { content: content.content ?? null });
    return sent.id;
  }
  const sent = player.sendMessage(at, author, message, imported);
  if (isPlain && author.kind === 'contact' && player.memberIds().length > 0 && random.chance(0.03)) {
    const double = player.sendMessage(after(2), author, message);
    player.updateMessage(after(9), agent, double, { deletedAt: after(9) });
  }
  for (const userId of content.mentionedUserIds ?? []) player.addMember(player.now(), author, userId);
  return sent.id;
}

function createMessage(
  { values, scene }: Stage,
  line: Line,
): { content: MessageContent; imported: ImportedMessage } {
  const { text, extra, speaker } = line;
  const content: MessageContent = {
    content: text === '' ? null : fillIn(text, values),
    ...(extra ? createContent({ ...extra, value: fillIn(extra.value, values) }) : {}),
    isPrivate: isNote(line),
    mentionedUserIds: text.includes('@{colleague}') ? [scene.colleague.id] : [],
  };
  if (speaker === 'contact' && scene.channelType === 'EMAIL') {
    const email = { subject: scene.dialogue.title, from: [scene.person.email] };
    Object.assign(content, { contentType: 'INCOMING_EMAIL', contentAttributes: { email } });
  }
  return { content, imported: speaker === 'template' ? { direction: 'TEMPLATE' } : {} };
}

function findAuthor({ scene, contact, agent, colleague, bot }: Stage, { speaker }: Line): Author {
  switch (speaker) {
    case 'contact':
      return contact;
    case 'agent':
    case 'note':
      return agent;
    case 'colleague':
    case 'colleague-note':
      return colleague;
    case 'template':
      return hasSpeaker(scene.lines, 'bot') ? bot : SYSTEM;
    case 'bot':
      return bot;
  }
}

/** True when the bot has handed over, but no team member has written yet. */
function hasHandedOver({ ending, dialogue }: Scene): boolean {
  return ending === 'unanswered' && hasSpeaker(dialogue.script, 'agent');
}

function markReadByTeam({ player }: Stage) {
  for (const userId of player.memberIds()) player.markReadByMember(player.now(), userId);
}

/** Index of the first line that the team, and the contact, have not read. Null: they have read all. */
function findUnreadTurns({ lines, isUnread, isUnreadByContact, ending }: Scene) {
  const isContact = ({ speaker }: Line) => speaker === 'contact';
  const endsWithContact = lines.findLast((line) => !isNote(line))?.speaker === 'contact';
  return {
    byTeam: isUnread && ending !== 'reopened' ? findLastTurn(lines, isContact) : null,
    byContact: isUnreadByContact && !endsWithContact ? findLastTurn(lines, (line) => !isContact(line)) : null,
  };
}

/** Index of the first line of one side's last turn. */
function findLastTurn(lines: readonly Line[], isTheirs: (line: Line) => boolean): number {
  const end = lines.findLastIndex(isTheirs);
  return lines.slice(0, Math.max(end, 0)).findLastIndex((line) => !isTheirs(line)) + 1;
}

function latest(one: Date, other: Date): Date {
  return one > other ? one : other;
}
