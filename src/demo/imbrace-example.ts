import { stableId } from '../ids.ts';
import { asContact, asUser, SYSTEM } from './author.ts';
import { DEMO } from './demo-people.ts';
import { originsOf } from './origin.ts';
import type { Rows } from './rows.ts';
import { addSetupEvent } from './setup-event.ts';
import { stableUuid } from './stable-uuid.ts';
import { createStory } from './story.ts';

const { organizationId } = DEMO;
const EXTERNAL_ID = 'conv_31b75006-beac-49af-b3b3-b8591d3438e6';
const CHANNEL = 'ch_ed6e2673-fd52-459f-b3a1-d392addcd771';
const CONTACT = 'con_32a507dd-dc57-49a9-8456-7fb9c48d2a41';
const BUSINESS_UNIT = 'bu_imbrace_testing';
const CREATED_AT = new Date('2024-11-14T14:12:16.016Z');
const LAST_MESSAGE_AT = new Date('2024-12-07T07:54:40.910Z');
const UPDATED_AT = new Date('2025-09-05T09:40:47.437Z');
const RECEIVED_AT = new Date('2025-09-05T09:40:48.000Z');
const SET_UP_AT = new Date('2024-11-01T02:00:00Z');

const ids = {
  businessUnitId: stableId('BusinessUnit', `imbrace:${BUSINESS_UNIT}`),
  channelId: stableId('Channel', `imbrace:${CHANNEL}`),
  contactId: stableId('Contact', `imbrace:${CONTACT}`),
};

const USERS = [
  { name: 'Winnie Lau', displayName: 'Winnie', key: 'winnie' },
  { name: 'Derek Ho', displayName: 'Derek', key: 'derek' },
].map((user) => ({
  ...user,
  id: stableId('User', `imbrace:${user.key}`),
  externalId: `u_${stableUuid(`imbrace:${user.key}`)}`,
}));

const originOf = originsOf('IMBRACE', 'org_imbrace');

/** The conversation that the documentation of iMBRACE shows, with two team members in it and no owner. */
export function addImbraceExample(rows: Rows) {
  addSurroundings(rows);
  const contact = asContact(ids.contactId);
  const [winnie, derek] = USERS.map(({ id }) => asUser(id));
  if (!winnie || !derek) throw new Error('two users are in this conversation');

  const story = createStory(rows, {
    key: `imbrace:${EXTERNAL_ID}`,
    at: CREATED_AT,
    by: contact,
    organizationId,
    publicId: EXTERNAL_ID,
    uuid: EXTERNAL_ID.slice('conv_'.length),
    name: 'TWN#NJ9585@14 Nov 2024',
    initiatedBy: 'CONTACT',
    channelId: ids.channelId,
    contactId: ids.contactId,
    businessUnitId: ids.businessUnitId,
    customAttributes: { mode: 'hybrid', is_ready: true, is_agent_joined: true },
    ...originOf(EXTERNAL_ID, RECEIVED_AT, 'pending'),
  });

  const imported = (content: string) => ({
    content,
    ...originOf(`msg_${stableUuid(`imbrace:${content}`)}`, RECEIVED_AT),
  });
  const opening = 'Hello, does the web chat keep our history when we change the browser?';
  const end = 'Any update on the history export?';
  story.say(CREATED_AT, contact, imported(opening));
  story.addMember(after(CREATED_AT, 240), SYSTEM, winnie.id);
  const answer = 'Hi! It does as long as you are logged in. Shall I show you how to export it, too?';
  const answered = story.say(after(CREATED_AT, 300), winnie, imported(answer));
  story.addMember(after(CREATED_AT, 360), winnie, derek.id);
  const last = story.say(LAST_MESSAGE_AT, contact, imported(end));
  story.setStatus(UPDATED_AT, winnie, 'PENDING');
  story.memberReads(UPDATED_AT, winnie.id, last.seq);
  story.memberReads(after(CREATED_AT, 400), derek.id, answered.seq);
  story.contactReads(LAST_MESSAGE_AT, last);
  story.finish();
}

function addSurroundings(rows: Rows) {
  const common = { organizationId, createdAt: SET_UP_AT };
  rows.BusinessUnit.push({
    ...common,
    id: ids.businessUnitId,
    name: 'iMBRACE Testing',
    ...originOf(BUSINESS_UNIT, RECEIVED_AT),
  });
  addSetupEvent(rows, { type: 'SETTINGS_CHANGED', at: SET_UP_AT });
  rows.Channel.push({
    ...common,
    id: ids.channelId,
    channelType: 'WEB',
    name: 'iMBRACE web chat',
    ...originOf(CHANNEL, RECEIVED_AT),
  });
  addSetupEvent(rows, { type: 'CHANNEL_CHANGED', at: SET_UP_AT });
  for (const { id, name, displayName, key, externalId } of USERS) {
    const email = `${key}@imbrace.example.com`;
    const avatarUrl = `https://cdn.example.com/avatars/${key}.png`;
    rows.User.push({
      ...{ ...common, id, name, displayName, email, avatarUrl },
      ...originOf(externalId, RECEIVED_AT),
    });
    addSetupEvent(rows, { type: 'USER_CHANGED', at: SET_UP_AT, subjectUserId: id });
  }
  rows.Contact.push({
    id: ids.contactId,
    organizationId,
    name: 'TWN#NJ9585',
    language: 'en',
    countryCode: 'TW',
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    ...originOf(CONTACT, RECEIVED_AT),
  });
}

function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1_000);
}
