import { ourAddress, theirAddress } from './address.ts';
import { asContact, asUser, SYSTEM } from './author.ts';
import { DEMO } from './demo-people.ts';
import type { Unit } from './dialogue.ts';
import type { Values } from './fill-in.ts';
import type { Random } from './random.ts';
import type { Rows } from './rows.ts';
import type { Scene } from './scene.ts';
import { isByTeam } from './script.ts';
import { AUDIENCES, BOTS, BUSINESS_UNITS, channelOf, WEBSITES } from './settings.ts';
import { createStory } from './story.ts';

const { organizationId } = DEMO;
const DETAILS: Record<Unit, 'order' | 'booking' | 'invoice'> = {
  shop: 'order',
  travel: 'booking',
  cloud: 'invoice',
};

/** Begins the conversation of a scene, with all that is known at its beginning. */
export function openScene(
  rows: Rows,
  scene: Scene,
  { values, random, at }: { values: Values; random: Random; at: Date },
) {
  const { person, dialogue, channelType, lines, book } = scene;
  const { unit } = dialogue;
  const isWeb = channelType === 'WEB';
  const hasBot = lines.some(({ speaker }) => speaker === 'bot');
  const [source, theirs] = [ourAddress(channelType, unit), theirAddress(channelType, person)];
  const reference = values[DETAILS[unit]];

  const story = createStory(rows, {
    key: scene.key,
    at,
    ...beginner(scene),
    organizationId,
    name: dialogue.title,
    detail: random.chance(0.4) ? reference : null,
    channelId: channelOf(channelType, unit).id,
    contactId: person.id,
    businessUnitId: BUSINESS_UNITS[unit].id,
    referenceType: channelType,
    referenceTarget: theirs.target,
    sourceType: source.type,
    sourceTarget: source.target,
    sourceTargetName: source.targetName,
    sourceName: source.name,
    sourceDetail: source.detail,
    handledBy: hasBot ? 'BOT' : 'TEAM',
    botId: hasBot ? BOTS[unit].id : null,
    websiteId: isWeb ? WEBSITES[unit].id : null,
    audienceId: isWeb && random.chance(0.6) ? random.pick(AUDIENCES).id : null,
    bookings: dialogue.script.includes('{booking}') ? [values.booking] : [],
    // Whoever takes a conversation sorts it; until then it is not.
    labels: lines.some(isByTeam) || hasBot ? [...dialogue.labels] : [],
    customAttributes: random.chance(0.5) ? { [DETAILS[unit]]: reference } : {},
  });

  const keys = { organizationId, conversationId: story.id };
  for (const [ordinal, address] of [theirs, source].entries()) {
    rows.ConversationAddress.push({ ...keys, ordinal, ...address });
  }
  if (isWeb && (hasBot || random.chance(0.4))) {
    rows.Answer.push(
      {
        ...keys,
        ordinal: 0,
        questionId: 'topic',
        internalLabel: 'Topic',
        question: book.questions.topic,
        value: dialogue.title,
      },
      {
        ...keys,
        ordinal: 1,
        questionId: 'email',
        internalLabel: 'Email',
        question: book.questions.email,
        value: person.email,
      },
    );
  }
  return story;
}

/** Who opens the conversation: the one who has the first word. */
function beginner({ lines, person, owner }: Scene) {
  const hasBot = lines.some(({ speaker }) => speaker === 'bot');
  switch (lines[0]?.speaker) {
    case 'agent':
      return { by: asUser(owner.id), initiatedBy: 'AGENT' as const };
    case 'template':
      // The greeting of a chat that was opened, or something that was sent to begin one.
      return hasBot
        ? { by: asContact(person.id), initiatedBy: 'CONTACT' as const }
        : { by: SYSTEM, initiatedBy: 'SYSTEM' as const };
    case 'bot':
      return { by: SYSTEM, initiatedBy: 'BOT' as const };
    default:
      return { by: asContact(person.id), initiatedBy: 'CONTACT' as const };
  }
}
