import type { Author } from '../feed/event.ts';
import { SYSTEM } from './author.ts';
import { fillIn } from './placeholder.ts';
import { hasSpeaker, isByTeam, type Line } from './script.ts';
import type { Stage } from './stage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Plays the steps after the last line of the dialogue. */
export function playEnding(stage: Stage, lastLineAt: Date) {
  const { player, scene, random, contact } = stage;
  const { endedAt, now } = scene;
  const soon = new Date(lastLineAt.getTime() + random.whole(20, 90) * 1_000);
  const closer = findCloser(stage);
  switch (scene.ending) {
    case 'pending':
      return player.setStatus(soon, closer, 'PENDING');
    case 'snoozed': {
      const until = new Date(now.getTime() + random.whole(2, 140) * HOUR_MS);
      return player.setStatus(soon, closer, 'SNOOZED', until);
    }
    case 'resolved':
      player.setStatus(soon, random.chance(0.1) ? contact : closer, 'RESOLVED');
      if (random.chance(0.5)) sendSurvey(stage, soon);
      return;
    case 'resolvedAgain':
      player.setStatus(soon, closer, 'RESOLVED');
      writeAgain(stage, ['contact', 'agent'], new Date(endedAt.getTime() - 20 * MINUTE_MS));
      return player.setStatus(endedAt, closer, 'RESOLVED');
    case 'reopened':
      player.setStatus(soon, closer, 'RESOLVED');
      return writeAgain(stage, ['contact'], endedAt);
    case 'closed':
      if (random.chance(0.5)) {
        player.setStatus(soon, closer, 'RESOLVED');
        sendSurvey(stage, soon);
      }
      return player.setStatus(endedAt, SYSTEM, 'CLOSED');
    case 'abandoned':
      return player.setStatus(endedAt, SYSTEM, 'ABANDONED');
    case 'spam':
      return player.setStatus(soon, closer, 'SPAM');
    default:
      return;
  }
}

/** The owner, or the bot where nobody of the team took part. */
function findCloser({ scene, agent, bot }: Stage): Author {
  return scene.lines.some(isByTeam) || !hasSpeaker(scene.lines, 'bot') ? agent : bot;
}

/** The contact writes again after the end. */
function writeAgain(stage: Stage, speakers: readonly Line['speaker'][], from: Date) {
  const { player, scene, values, random, contact } = stage;
  const lines = random.pick(scene.book.afterthoughts).filter(({ speaker }) => speakers.includes(speaker));
  for (const [index, { speaker, text }] of lines.entries()) {
    const author = speaker === 'contact' ? contact : findCloser(stage);
    const at = new Date(from.getTime() + index * 6 * MINUTE_MS);
    player.sendMessage(at, author, { content: fillIn(text, values) });
  }
}

function sendSurvey({ player, scene, random, contact }: Stage, from: Date) {
  const rating = String(random.pick([5, 5, 5, 4, 4, 3, 2]));
  const at = new Date(from.getTime() + 5_000);
  const survey = { content: scene.book.survey, contentType: 'INPUT_CSAT' as const };
  const contentAttributes = { display_type: 'emoji' };
  const message = player.sendMessage(at, SYSTEM, { ...survey, contentAttributes }, { direction: 'TEMPLATE' });
  if (!random.chance(0.6)) return;
  const submittedAt = new Date(at.getTime() + 90_000);
  const submittedValues = [{ name: 'rating', value: rating }];
  player.updateMessage(submittedAt, contact, message, {
    contentAttributes: { ...contentAttributes, submittedValues, submittedAt: submittedAt.toISOString() },
  });
}
