import type { Author } from '../feed/event.ts';
import type { Random } from './random.ts';
import type { Said, SaidMessage, Story } from './story.ts';

const LONG_ENOUGH_MS = 45_000;

/**
 * Says something, now and then not quite smoothly: it does not get through and is sent again, is sent twice and taken back, or is
 * corrected. Only where there is time for it before the next one speaks.
 */
export function sayWithMishaps(
  story: Story,
  said: Said,
  { at, author, patienceMs, random }: { at: Date; author: Author; patienceMs: number; random: Random },
): SaidMessage {
  const later = (seconds: number) => new Date(at.getTime() + seconds * 1_000);
  const isPlain =
    patienceMs > LONG_ENOUGH_MS && said.isPrivate !== true && !said.attachments && !said.contentType;
  if (isPlain && author.kind === 'user' && random.chance(0.03)) {
    story.say(at, author, { ...said, deliveryStatus: 'FAILED' });
    return story.say(later(20), author, said);
  }
  const message = story.say(at, author, said);
  if (isPlain && author.kind === 'contact' && random.chance(0.03)) {
    story.changeMessage(later(9), author, story.say(later(2), author, said), 'deletedAt');
  } else if (isPlain && author.kind === 'user' && random.chance(0.05)) {
    story.changeMessage(later(25), author, message, 'editedAt');
  }
  return message;
}
