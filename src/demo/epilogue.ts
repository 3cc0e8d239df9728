import type { Prisma } from '../db/generated/prisma/client.ts';
import type { Author } from '../feed/event.ts';
import { SYSTEM } from './author.ts';
import { fillIn, type Values } from './fill-in.ts';
import type { Random } from './random.ts';
import type { Scene } from './scene.ts';
import { type Line, parseScript } from './script.ts';
import type { Story } from './story.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Stage {
  story: Story;
  scene: Scene;
  values: Values;
  random: Random;
  /** Who ends it: the owner, or the bot where no person took part. */
  closer: Author;
  contact: Author;
}

/** What happens after the last line of the dialogue. */
export function playEpilogue(stage: Stage, lastLineAt: Date) {
  const { story, scene, random, closer } = stage;
  const { endedAt } = scene;
  const after = (ms: number) => new Date(lastLineAt.getTime() + ms);
  const soon = after(random.whole(20, 90) * 1_000);
  switch (scene.ending) {
    case 'pending':
      return story.setStatus(soon, closer, 'PENDING');
    case 'snoozed':
      return story.setStatus(
        soon,
        closer,
        'SNOOZED',
        new Date(scene.now.getTime() + random.whole(2, 140) * HOUR_MS),
      );
    case 'resolved':
      story.setStatus(soon, random.chance(0.1) ? stage.contact : closer, 'RESOLVED');
      if (random.chance(0.5)) askHowItWas(stage, soon);
      return;
    case 'resolvedAgain':
      story.setStatus(soon, closer, 'RESOLVED');
      comeBack(stage, ['contact', 'agent'], new Date(endedAt.getTime() - 20 * MINUTE_MS));
      return story.setStatus(endedAt, closer, 'RESOLVED');
    case 'reopened':
      story.setStatus(soon, closer, 'RESOLVED');
      return comeBack(stage, ['contact'], endedAt);
    case 'closed':
      if (random.chance(0.5)) {
        story.setStatus(soon, closer, 'RESOLVED');
        askHowItWas(stage, soon);
      }
      return story.setStatus(endedAt, SYSTEM, 'CLOSED');
    case 'abandoned':
      return story.setStatus(endedAt, SYSTEM, 'ABANDONED');
    case 'spam':
      return story.setStatus(soon, closer, 'SPAM');
    default:
      return;
  }
}

/** The contact writes again after the work was done. */
function comeBack(stage: Stage, speakers: readonly Line['speaker'][], from: Date) {
  const { story, scene, values, random } = stage;
  const lines = parseScript(random.pick(scene.book.afterthoughts)).filter(({ speaker }) =>
    speakers.includes(speaker),
  );
  for (const [index, { speaker, text }] of lines.entries()) {
    const author = speaker === 'contact' ? stage.contact : stage.closer;
    story.say(new Date(from.getTime() + index * 6 * MINUTE_MS), author, { content: fillIn(text, values) });
  }
}

function askHowItWas({ story, scene, random }: Stage, at: Date) {
  const rating = random.pick([5, 5, 5, 4, 4, 3, 2]);
  const submitted: Prisma.InputJsonObject = { csat_survey_response: { rating } };
  story.say(new Date(at.getTime() + 5_000), SYSTEM, {
    direction: 'TEMPLATE',
    content: scene.book.survey,
    contentType: 'INPUT_CSAT',
    contentAttributes: {
      display_type: 'emoji',
      ...(random.chance(0.6) ? { submitted_values: submitted } : {}),
    },
  });
}
