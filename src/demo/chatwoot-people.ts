import { stableId } from '../ids.ts';
import { DEMO } from './demo-people.ts';
import { originsOf } from './origin.ts';
import type { Rows } from './rows.ts';
import { addSetupEvent } from './setup-event.ts';

const { organizationId } = DEMO;
const SET_UP_AT = new Date('2025-05-02T08:00:00Z');
const CONTACT_CREATED_AT = new Date('2025-05-04T16:20:00Z');

/** When the example was last heard of. */
export const CHATWOOT_RECEIVED_AT = new Date('2025-06-17T09:22:00Z');
export const CHATWOOT_LAST_ACTIVITY_AT = new Date('2025-06-17T09:14:30Z');

export const CHATWOOT_IDS = {
  channelId: stableId('Channel', 'chatwoot:3'),
  userId: stableId('User', 'chatwoot:9'),
  botId: stableId('Bot', 'chatwoot:2'),
  contactId: stableId('Contact', 'chatwoot:5'),
};

/** Chatwoot counts in each account; this one is number 1. */
export const chatwootOrigin = originsOf('CHATWOOT', '1');

/** The inbox, and the three kinds of senders that Chatwoot knows: contact, user and agent_bot. */
export function addChatwootPeople(rows: Rows) {
  const common = { organizationId, createdAt: SET_UP_AT };
  rows.Channel.push({
    ...common,
    id: CHATWOOT_IDS.channelId,
    channelType: 'API',
    name: 'Chatwoot API inbox',
    ...chatwootOrigin('3', CHATWOOT_RECEIVED_AT),
  });
  addSetupEvent(rows, { type: 'CHANNEL_CHANGED', at: SET_UP_AT });
  rows.User.push({
    ...common,
    id: CHATWOOT_IDS.userId,
    name: 'Samuel Ortiz',
    displayName: 'Sam',
    email: 'samuel.ortiz@example.com',
    avatarUrl: 'https://chatwoot.example.com/avatars/user-9.png',
    availability: 'BUSY',
    ...chatwootOrigin('9', CHATWOOT_RECEIVED_AT, 'busy'),
  });
  addSetupEvent(rows, { type: 'USER_CHANGED', at: SET_UP_AT, subjectUserId: CHATWOOT_IDS.userId });
  rows.Bot.push({
    ...common,
    id: CHATWOOT_IDS.botId,
    name: 'Triage Bot',
    avatarUrl: 'https://chatwoot.example.com/avatars/agent-bot-2.png',
    description: 'Asks what it is about before a person takes over.',
    ...chatwootOrigin('2', CHATWOOT_RECEIVED_AT),
  });
  addSetupEvent(rows, { type: 'SETTINGS_CHANGED', at: SET_UP_AT, subjectBotId: CHATWOOT_IDS.botId });
  rows.Contact.push({
    id: CHATWOOT_IDS.contactId,
    organizationId,
    name: 'Jane Doe',
    firstName: 'Jane',
    middleName: 'Quinn',
    lastName: 'Doe',
    email: 'jane.doe@example.com',
    phoneNumber: '+14155550150',
    avatarUrl: 'https://chatwoot.example.com/avatars/contact-5.png',
    identifier: 'acme-1042',
    contactType: 'CUSTOMER',
    blocked: false,
    countryCode: 'US',
    location: 'San Francisco',
    company: 'Acme Inc.',
    description: 'Buys for the whole office.',
    language: 'en',
    labels: ['vip', 'office-supplies'],
    customAttributes: { plan: 'pro', seats: 25 },
    additionalAttributes: {
      account_id: 1,
      company_id: 7,
      company_name: 'Acme Inc.',
      city: 'San Francisco',
      country: 'United States',
      social_profiles: { github: 'janedoe' },
    },
    lastActivityAt: CHATWOOT_LAST_ACTIVITY_AT,
    createdAt: CONTACT_CREATED_AT,
    updatedAt: CHATWOOT_LAST_ACTIVITY_AT,
    ...chatwootOrigin('5', CHATWOOT_RECEIVED_AT),
  });
}
