import { createContactAddress, createOwnAddress } from './address.ts';
import { asContact, asUser, SYSTEM } from './author.ts';
import { createConversationPlayer } from './conversation-player.ts';
import type { Unit } from './dialogue.ts';
import { AUDIENCES, BOTS, BUSINESS_UNITS, findChannel, WEBSITES } from './directory.ts';
import type { PlaceholderValues } from './placeholder.ts';
import type { Random } from './random.ts';
import type { Rows } from './rows.ts';
import type { Scene } from './scene.ts';
import { hasPlaceholder, hasSpeaker } from './script.ts';

const REFERENCES: Record<Unit, 'order' | 'booking' | 'invoice'> = {
  shop: 'order',
  travel: 'booking',
  cloud: 'invoice',
};

/** Creates the conversation of a scene, with all that is known at its beginning. */
export function openScene(
  rows: Rows,
  scene: Scene,
  { values, random, at }: { values: PlaceholderValues; random: Random; at: Date },
) {
  const { person, dialogue, channelType, lines, book, key } = scene;
  const { unit } = dialogue;
  const isWeb = channelType === 'WEB';
  const hasBot = hasSpeaker(lines, 'bot');
  const [source, theirs] = [createOwnAddress(channelType, unit), createContactAddress(channelType, person)];
  const reference = values[REFERENCES[unit]];
  const { by, initiatedBy } = findInitiator(scene);
  const answers = [
    { questionId: 'topic', internalLabel: 'Topic', question: book.questions.topic, value: dialogue.title },
    { questionId: 'email', internalLabel: 'Email', question: book.questions.email, value: person.email },
  ];
  return createConversationPlayer(rows, {
    ...{ key, at, by },
    input: {
      initiatedBy,
      name: dialogue.title,
      detail: random.chance(0.4) ? reference : null,
      channelId: findChannel(channelType, unit).id,
      contactId: person.id,
      businessUnitId: BUSINESS_UNITS[unit].id,
      botId: hasBot ? BOTS[unit].id : null,
      websiteId: isWeb ? WEBSITES[unit].id : null,
      audienceId: isWeb && random.chance(0.6) ? random.pick(AUDIENCES).id : null,
      reference: { type: channelType, target: theirs.target },
      source,
      participants: [theirs, source],
      answers: isWeb && (hasBot || random.chance(0.4)) ? answers : [],
      bookings: hasPlaceholder(dialogue.script, 'booking') ? [values.booking] : [],
      // The owner labels a conversation later.
      labels: hasBot ? dialogue.labels : [],
      customAttributes: random.chance(0.5) ? { [REFERENCES[unit]]: reference } : {},
    },
  });
}

/** The author of the first line opens the conversation. */
function findInitiator({ lines, person, owner }: Scene) {
  switch (lines[0]?.speaker) {
    case 'agent':
      return { by: asUser(owner.id), initiatedBy: 'AGENT' as const };
    case 'template':
      // The greeting of a chat that was opened, or a message that was sent to begin one.
      return hasSpeaker(lines, 'bot')
        ? { by: asContact(person.id), initiatedBy: 'CONTACT' as const }
        : { by: SYSTEM, initiatedBy: 'SYSTEM' as const };
    case 'bot':
      return { by: SYSTEM, initiatedBy: 'BOT' as const };
    default:
      return { by: asContact(person.id), initiatedBy: 'CONTACT' as const };
  }
}
