import { stableId } from '../ids.ts';
import { asBot, asContact, SYSTEM } from './author.ts';
import { DEMO } from './demo-people.ts';
import { originsOf } from './origin.ts';
import type { Rows } from './rows.ts';
import { addSetupEvent } from './setup-event.ts';
import { createStory } from './story.ts';

const { organizationId } = DEMO;
const CREATED_AT = new Date('2021-07-13T12:28:24Z');
const CLOSED_AT = new Date('2021-07-13T12:33:54Z');
const RECEIVED_AT = new Date('2021-07-13T12:33:55Z');
const SET_UP_AT = new Date('2021-07-12T08:00:00Z');

const ids = {
  channelId: stableId('Channel', 'oncehub:chat'),
  websiteId: stableId('Website', 'oncehub:WEB-B1D45D12BB'),
  botId: stableId('Bot', 'oncehub:BOT-62774A40FB'),
  ownerId: stableId('User', 'oncehub:USR-GNSBE50D6A'),
  contactId: stableId('Contact', 'oncehub:CTC-9QEG09XXYN'),
};

// An empty label is what OnceHub says; it is not the same as none.
const ANSWERS = [
  { questionId: 'INT-5D22DCBE36', internalLabel: '', question: 'Full name', value: 'Carrie Customer' },
  {
    questionId: 'INT-4CC379BB35',
    internalLabel: '',
    question: 'Email address',
    value: 'so.carrie.customer@gmail.com',
  },
  {
    questionId: 'INT-013A1D5216',
    internalLabel: '',
    question: 'Meeting location',
    value: '123 Office Street',
  },
];

const originOf = originsOf('ONCEHUB', 'demo');

/** The conversation that the documentation of OnceHub shows: a bot that asks three questions and books a meeting. */
export function addOnceHubExample(rows: Rows) {
  addSurroundings(rows);
  const bot = asBot(ids.botId);
  const contact = asContact(ids.contactId);
  const story = createStory(rows, {
    key: 'oncehub:CVR-022EAEA41C',
    at: CREATED_AT,
    by: contact,
    organizationId,
    publicId: 'CVR-022EAEA41C',
    name: 'Carrie Customer',
    initiatedBy: 'CONTACT',
    channelId: ids.channelId,
    contactId: ids.contactId,
    botId: ids.botId,
    handledBy: 'BOT',
    websiteId: ids.websiteId,
    audienceId: null,
    bookings: ['BKNG-3KM0HY2BF9SL'],
    ...originOf('CVR-022EAEA41C', RECEIVED_AT, 'closed'),
  });
  for (const [ordinal, answer] of ANSWERS.entries()) {
    rows.Answer.push({ organizationId, conversationId: story.id, ordinal, ...answer });
    // OnceHub has no messages, only what was asked and answered: this is how the visitor saw it.
    const askedAt = CREATED_AT.getTime() + 2_000 + ordinal * 95_000;
    story.say(new Date(askedAt), bot, { content: `${answer.question}?` });
    story.say(new Date(askedAt + 41_000), contact, { content: answer.value });
  }
  const booked = 'Thank you! Your meeting is booked, the invitation is in your mail.';
  const last = story.say(CLOSED_AT, bot, { content: booked });
  story.assign(CLOSED_AT, SYSTEM, ids.ownerId);
  story.setStatus(CLOSED_AT, bot, 'CLOSED');
  story.memberReads(RECEIVED_AT, ids.ownerId, last.seq);
  story.contactReads(CLOSED_AT, last);
  story.finish();
}

function addSurroundings(rows: Rows) {
  const common = { organizationId, createdAt: SET_UP_AT };
  rows.Channel.push({ ...common, id: ids.channelId, channelType: 'WEB', name: 'OnceHub chat' });
  rows.Website.push({
    ...common,
    id: ids.websiteId,
    name: 'Company Website',
    url: 'https://www.example.com',
    defaultChannelId: ids.channelId,
    ...originOf('WEB-B1D45D12BB', RECEIVED_AT),
  });
  rows.Bot.push({
    ...common,
    id: ids.botId,
    name: 'Sales Assistant Bot',
    description: 'Asks who you are, and books a meeting with Sales.',
    ...originOf('BOT-62774A40FB', RECEIVED_AT),
  });
  rows.User.push({
    ...common,
    id: ids.ownerId,
    name: 'Andrea Hartie',
    displayName: 'Andrea',
    email: 'AndreaHartie@example.com',
    availability: 'OFFLINE',
    ...originOf('USR-GNSBE50D6A', RECEIVED_AT, 'active'),
  });
  rows.Contact.push({
    id: ids.contactId,
    organizationId,
    name: 'Carrie Customer',
    firstName: 'Carrie',
    lastName: 'Customer',
    email: 'so.carrie.customer@gmail.com',
    contactType: 'LEAD',
    createdAt: CREATED_AT,
    updatedAt: CLOSED_AT,
    ...originOf('CTC-9QEG09XXYN', RECEIVED_AT),
  });
  addSetupEvent(rows, { type: 'CHANNEL_CHANGED', at: SET_UP_AT });
  addSetupEvent(rows, { type: 'SETTINGS_CHANGED', at: SET_UP_AT });
  addSetupEvent(rows, { type: 'SETTINGS_CHANGED', at: SET_UP_AT, subjectBotId: ids.botId });
  addSetupEvent(rows, { type: 'USER_CHANGED', at: SET_UP_AT, subjectUserId: ids.ownerId });
}
