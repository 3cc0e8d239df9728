import { asBot, asContact, asUser, SYSTEM } from './author.ts';
import {
  addChatwootPeople,
  CHATWOOT_IDS,
  CHATWOOT_LAST_ACTIVITY_AT,
  CHATWOOT_RECEIVED_AT,
  chatwootOrigin,
} from './chatwoot-people.ts';
import { DEMO } from './demo-people.ts';
import type { Rows } from './rows.ts';
import { createStory, type Said, type SaidAttachment } from './story.ts';

const FILES = 'https://chatwoot.example.com/rails/active_storage/';
const CREATED_AT = new Date('2025-06-17T09:00:00Z');

const PHOTO: SaidAttachment = {
  fileType: 'IMAGE',
  fileName: 'cracked-screen.jpg',
  mediaType: 'image/jpeg',
  extension: 'jpg',
  dataUrl: `${FILES}blobs/cracked-screen.jpg`,
  thumbUrl: `${FILES}representations/cracked-screen-250.jpg`,
  fileSize: 184_320,
  width: 1200,
  height: 900,
};
const PLACE: SaidAttachment = {
  fileType: 'LOCATION',
  latitude: 37.7749,
  longitude: -122.4194,
  fallbackTitle: 'Acme Inc., 1 Market Street',
  dataUrl: 'https://www.example.com/maps?q=37.7749,-122.4194',
};
const VOICE_NOTE: SaidAttachment = {
  fileType: 'AUDIO',
  fileName: 'voice-note.ogg',
  mediaType: 'audio/ogg',
  extension: 'ogg',
  dataUrl: `${FILES}blobs/voice-note.ogg`,
  fileSize: 52_431,
  transcribedText: 'Please ask for Tobias at the front desk, I am out on Thursday.',
};
const CARD: SaidAttachment = {
  fileType: 'CONTACT',
  fallbackTitle: '+14155550151',
  meta: { firstName: 'Tobias', lastName: 'Reyes' },
};

/** A conversation as Chatwoot's public API tells it, with every field of its message, attachment and contact. */
export function addChatwootExample(rows: Rows) {
  addChatwootPeople(rows);
  const contact = asContact(CHATWOOT_IDS.contactId);
  const user = asUser(CHATWOOT_IDS.userId);
  const bot = asBot(CHATWOOT_IDS.botId);
  const story = createStory(rows, {
    key: 'chatwoot:42',
    at: CREATED_AT,
    by: contact,
    organizationId: DEMO.organizationId,
    publicId: '42',
    uuid: '6f1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
    name: 'Jane Doe',
    initiatedBy: 'CONTACT',
    channelId: CHATWOOT_IDS.channelId,
    contactId: CHATWOOT_IDS.contactId,
    botId: CHATWOOT_IDS.botId,
    handledBy: 'BOT',
    labels: ['warranty'],
    customAttributes: { order_id: 'A-7731' },
    ...chatwootOrigin('42', CHATWOOT_RECEIVED_AT, 'open'),
  });
  let externalId = 100;
  const imported = (said: Said): Said => ({
    ...said,
    ...chatwootOrigin(`${++externalId}`, CHATWOOT_RECEIVED_AT),
  });

  const first = story.say(
    CREATED_AT,
    contact,
    imported({
      content: 'Hi, one of the tablets arrived with a cracked screen.',
      contentType: 'TEXT',
      contentAttributes: { external_created_at: 1_750_150_799 },
      attachments: [PHOTO],
    }),
  );
  story.say(
    at('09:00:04'),
    bot,
    imported({
      content: 'Sorry to hear that! What would you prefer?',
      contentType: 'INPUT_SELECT',
      contentAttributes: {
        items: [
          { title: 'Replacement', value: 'replacement' },
          { title: 'Refund', value: 'refund' },
        ],
        submitted_values: [{ title: 'Replacement', value: 'replacement' }],
      },
    }),
  );
  story.assign(at('09:03:00'), SYSTEM, CHATWOOT_IDS.userId);
  story.say(
    at('09:03:00'),
    SYSTEM,
    imported({ direction: 'ACTIVITY', content: 'Assigned to Sam by Automation' }),
  );
  story.change(at('09:04:00'), user, {
    type: 'PRIORITY_CHANGED',
    isPublic: false,
    set: { priority: 'HIGH' },
  });
  story.say(
    at('09:05:10'),
    user,
    imported({
      content: 'Hello Jane, the replacement can leave today. Where should the courier bring it?',
      contentAttributes: { in_reply_to: 101 },
      replyToId: first.id,
    }),
  );
  story.say(at('09:11:00'), contact, imported({ attachments: [PLACE] }));
  story.say(at('09:12:20'), contact, imported({ attachments: [VOICE_NOTE] }));
  const last = story.say(
    CHATWOOT_LAST_ACTIVITY_AT,
    contact,
    imported({ content: 'This is Tobias.', attachments: [CARD] }),
  );
  story.say(
    at('09:16:00'),
    user,
    imported({
      content: `@Maya can you tell the warehouse that Tobias signs for it?`,
      isPrivate: true,
      mentions: [DEMO.agentId],
    }),
  );
  story.addMember(at('09:16:00'), user, DEMO.agentId);
  const template = story.say(
    at('09:17:00'),
    SYSTEM,
    imported({ direction: 'TEMPLATE', content: 'We also sent you this conversation by email.' }),
  );
  story.memberReads(at('09:21:30'), CHATWOOT_IDS.userId, template.seq);
  story.memberReads(at('09:16:00'), DEMO.agentId, last.seq);
  story.contactReads(at('09:20:00'), template);
  story.finish();
}

function at(time: string): Date {
  return new Date(`2025-06-17T${time}Z`);
}
