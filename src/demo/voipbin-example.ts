import { stableId } from '../ids.ts';
import type { DemoAddress } from './address.ts';
import { asContact } from './author.ts';
import { DEMO } from './demo-people.ts';
import { originsOf } from './origin.ts';
import type { Rows } from './rows.ts';
import { addSetupEvent } from './setup-event.ts';
import { createStory } from './story.ts';

const { organizationId } = DEMO;
const EXTERNAL_ID = 'bdc9d9f5-706c-4e2d-9be7-7dc1e5fd45a0';
// VoIPBin says 05:05:40.950834 and .950842: what is finer than a millisecond is cut off, so that both are the same here.
const CREATED_AT = new Date('2022-06-23T05:05:40.950Z');
const RECEIVED_AT = new Date('2022-06-23T05:05:41.000Z');
const SET_UP_AT = new Date('2022-06-20T09:00:00Z');

const channelId = stableId('Channel', 'voipbin:sms');
const contactId = stableId('Contact', 'voipbin:+673802');
const originOf = originsOf('VOIPBIN', 'demo');

/** The conversation that the documentation of VoIPBin shows: text messages, of which none has come yet. */
export function addVoipbinExample(rows: Rows) {
  rows.Channel.push({
    id: channelId,
    organizationId,
    channelType: 'MESSAGE',
    name: 'VoIPBin +14703298699',
    createdAt: SET_UP_AT,
    ...originOf('a1b2c3d4-e5f6-7890-abcd-ef1234567890', RECEIVED_AT),
  });
  addSetupEvent(rows, { type: 'CHANNEL_CHANGED', at: SET_UP_AT });
  rows.Contact.push({
    id: contactId,
    organizationId,
    name: '+673802',
    phoneNumber: '+673802',
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
  });
  rows.ContactAddress.push({ organizationId, contactId, ordinal: 0, ...telephone('+673802') });

  const source = telephone('+14703298699');
  const story = createStory(rows, {
    key: `voipbin:${EXTERNAL_ID}`,
    at: CREATED_AT,
    by: asContact(contactId),
    organizationId,
    uuid: EXTERNAL_ID,
    publicId: EXTERNAL_ID,
    name: 'conversation',
    detail: 'conversation detail',
    initiatedBy: 'CONTACT',
    channelId,
    contactId,
    referenceType: 'MESSAGE',
    referenceTarget: '+673802',
    sourceType: source.type,
    sourceTarget: source.target,
    sourceTargetName: source.targetName,
    sourceName: source.name,
    sourceDetail: source.detail,
    ...originOf(EXTERNAL_ID, RECEIVED_AT),
  });
  for (const [ordinal, address] of [source, telephone('+673802')].entries()) {
    rows.ConversationAddress.push({ organizationId, conversationId: story.id, ordinal, ...address });
  }
  story.finish();
}

/** VoIPBin's empty texts stay empty texts. */
function telephone(target: string): DemoAddress {
  return { type: 'TEL', target, targetName: '', name: '', detail: '' };
}
