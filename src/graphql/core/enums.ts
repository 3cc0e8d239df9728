import * as db from '../../db/generated/prisma/enums.ts';
import type { ConversationAbility as Ability } from '../../domain/core/ability.ts';
import type { Activity as DoneActivity } from '../../presence/activity-store.ts';
import { builder } from './builder.ts';

// Every value of an enum of the database or the domain, and no other.
type Described<Value extends string> = Record<Value, { description: string }>;

export const ConversationStatus = builder.enumType('ConversationStatus', {
  description: [
    'What brings one into another: a message from the contact leaves OPEN and PENDING, makes SNOOZED, RESOLVED and ABANDONED OPEN,',
    'is kept without a change in SPAM, and opens a new conversation after CLOSED. A reply of the team is refused in CLOSED and SPAM.',
    'By hand all go to all others, but CLOSED only to OPEN. SNOOZED needs a snoozedUntil in the future and wakes by itself.',
  ].join('\n'),
  values: {
    OPEN: { description: 'Being worked on.' },
    PENDING: {
      description: 'Waits for something other than the contact, such as a bot or another department.',
    },
    SNOOZED: { description: 'Out of sight until snoozedUntil, then OPEN by itself.' },
    RESOLVED: { description: 'Done; a message from the contact opens it again.' },
    CLOSED: { description: 'Done for good; a message from the contact opens a new conversation.' },
    ABANDONED: { description: 'The contact stopped answering.' },
    SPAM: { description: 'Unwanted; messages are kept, and nobody is told.' },
  },
});

export const ConversationPriority = builder.enumType('ConversationPriority', {
  description: 'How urgent it is. Null: nobody has said.',
  values: Object.values(db.ConversationPriority),
});

export const Initiator = builder.enumType('Initiator', {
  description: 'Who began a conversation.',
  values: {
    CONTACT: { description: 'The contact wrote or clicked first.' },
    BOT: { description: 'A bot reached out.' },
    AGENT: { description: 'A team member wrote first.' },
    SYSTEM: { description: 'It was made by a program or an import.' },
  },
});

export const Handler = builder.enumType('Handler', {
  description: 'Who answers at present. A bot that hands over, or a team member who replies, makes it TEAM.',
  values: {
    BOT: { description: 'The bot answers.' },
    TEAM: { description: 'The team answers.' },
  } satisfies Described<db.Handler>,
});

export const AddressType = builder.enumType('AddressType', {
  description: 'What kind of address a target is, and so how it is written.',
  values: {
    TEL: { description: 'A phone number in international form, +14155550123.' },
    EMAIL: { description: 'An email address.' },
    LINE: { description: 'A LINE user or channel id.' },
    WHATSAPP: { description: 'A WhatsApp phone number.' },
    WEBCHAT: { description: 'A chat widget.' },
    WEB_SESSION: { description: 'A visitor of a chat widget.' },
    SIP: { description: 'A SIP address.' },
    EXTENSION: { description: 'An extension of a phone system.' },
    AGENT: { description: 'An agent of an upstream system.' },
    AI: { description: 'An assistant of an upstream system.' },
    AI_TEAM: { description: 'A team of assistants of an upstream system.' },
    CONFERENCE: { description: 'A conference.' },
    OTHER: { description: 'Any other.' },
  },
});

export const SourceSystem = builder.enumType('SourceSystem', {
  description: 'The systems that objects can come from.',
  values: Object.values(db.SourceSystem),
});

export const ChannelType = builder.enumType('ChannelType', {
  description: 'What conversations come in through. MESSAGE is SMS and MMS; API is a program.',
  values: Object.values(db.ChannelType),
});

export const ContactType = builder.enumType('ContactType', {
  description: 'How well a contact is known.',
  values: {
    VISITOR: { description: 'Somebody who wrote and is not known further.' },
    LEAD: { description: 'Somebody who may become a customer.' },
    CUSTOMER: { description: 'A customer.' },
  } satisfies Described<db.ContactType>,
});

export const UserRole = builder.enumType('UserRole', {
  description: 'What a team member may do: an ADMIN also changes settings and people.',
  values: {
    AGENT: { description: 'Works in conversations.' },
    ADMIN: { description: 'Also changes settings and people.' },
  } satisfies Described<db.UserRole>,
});

export const Availability = builder.enumType('Availability', {
  description: 'What a team member says of themselves.',
  values: Object.values(db.Availability),
});

export const MessageDirection = builder.enumType('MessageDirection', {
  description: 'Which way a message goes.',
  values: {
    INCOMING: { description: 'From the contact.' },
    OUTGOING: { description: 'From the team or a bot.' },
    ACTIVITY: { description: "An upstream system's own line about what happened." },
    TEMPLATE: { description: 'Sent by the upstream system itself, such as a greeting.' },
  },
});

export const MessageContentType = builder.enumType('MessageContentType', {
  description: 'What a message holds besides its text; what belongs to it is in contentAttributes.',
  values: {
    TEXT: { description: 'Text alone, with attachments or without.' },
    INPUT_TEXT: { description: 'Asks for a line of text.' },
    INPUT_TEXTAREA: { description: 'Asks for a longer text.' },
    INPUT_EMAIL: { description: 'Asks for an email address.' },
    INPUT_SELECT: { description: 'Asks to choose one of the items.' },
    INPUT_CSAT: { description: 'Asks how content the contact is.' },
    CARDS: { description: 'Cards with a picture, a title and buttons.' },
    FORM: { description: 'Asks to fill in the fields of a form.' },
    ARTICLE: { description: 'Links to articles.' },
    INCOMING_EMAIL: { description: 'An email with its head; the text of it is in content.' },
    STICKER: { description: 'A sticker; its picture is attached.' },
    INTEGRATION: { description: 'Made by an integration, such as an invitation to a call.' },
    VOICE_CALL: { description: 'A voice call.' },
    VIDEO_CALL: { description: 'A video call.' },
    QUICK_REPLIES: { description: 'A text with answers to tap.' },
    OTHER: { description: 'Any other; contentAttributes says what.' },
  } satisfies Described<db.MessageContentType>,
});

export const DeliveryStatus = builder.enumType('DeliveryStatus', {
  description: 'How far a message has come.',
  values: {
    SENDING: { description: 'On its way to the channel.' },
    SENT: { description: 'The channel has it.' },
    DELIVERED: { description: 'It has reached the other side.' },
    READ: { description: 'The other side has opened it.' },
    FAILED: { description: 'The channel did not take it.' },
  } satisfies Described<db.DeliveryStatus>,
});

export const AttachmentType = builder.enumType('AttachmentType', {
  description: 'What an attachment is, and so which of its fields are filled.',
  values: {
    IMAGE: { description: 'A picture.' },
    AUDIO: { description: 'A sound; transcribedText may say what is in it.' },
    VIDEO: { description: 'A film.' },
    FILE: { description: 'Any file.' },
    LOCATION: { description: 'A place: latitude, longitude and fallbackTitle.' },
    FALLBACK: { description: 'What the channel could not hand over: fallbackTitle and dataUrl.' },
    SHARE: { description: 'A post that was shared.' },
    STORY_MENTION: { description: 'A story that mentions us.' },
    CONTACT: { description: "Somebody's card: fallbackTitle and meta." },
    IG_REEL: { description: 'A reel of Instagram.' },
    EMBED: { description: 'A page to be shown inside: dataUrl.' },
    STICKER: { description: 'A sticker.' },
    TEMPLATE: { description: 'A template of the channel: meta.' },
    OTHER: { description: 'Any other.' },
  } satisfies Described<db.AttachmentType>,
});

export const ConversationAbility = builder.enumType('ConversationAbility', {
  description: 'What the viewer may do here now, so that a page shows no button that will be refused.',
  values: {
    REPLY: { description: 'Send a message to the other side.' },
    WRITE_NOTE: { description: 'Write a note among the team.' },
    CLAIM: { description: 'Take it: nobody owns it.' },
    ASSIGN: { description: 'Make somebody the owner or a member, or hand it over.' },
    RENAME: { description: 'Change its name and detail.' },
    LABEL: { description: 'Add and remove labels.' },
    CHANGE_STATUS: { description: 'Change its status, to one of allowedStatuses.' },
    START_VIDEO_CALL: { description: 'Invite the contact to a video call.' },
    DELETE: { description: 'Delete it; it can be restored.' },
  } satisfies Described<Ability>,
});

/** Of the log's event types those that are about a conversation. */
export const EventType = builder.enumType('EventType', {
  description: 'What happened.',
  values: {
    CREATED: { description: 'It was opened.' },
    RENAMED: { description: 'Its name or detail changed.' },
    STATUS_CHANGED: { description: 'Its status changed, by hand, by a message or by itself.' },
    PRIORITY_CHANGED: { description: 'Its priority changed.' },
    LABELS_CHANGED: { description: 'Its labels changed.' },
    ASSIGNED: { description: 'It got another owner, or none.' },
    MEMBER_ADDED: { description: 'A team member came in.' },
    MEMBER_REMOVED: { description: 'A team member left.' },
    ANSWERS_RECORDED: { description: 'The contact answered questions.' },
    HANDED_OVER: { description: 'It went from the bot to the team, or back.' },
    UPDATED: { description: 'Another of its fields changed.' },
    VIDEO_CALL_STARTED: { description: 'A video call began.' },
    MESSAGE_ADDED: { description: 'Somebody wrote.' },
    MESSAGE_CHANGED: { description: 'A message was changed, deleted or came further.' },
    READ: { description: 'Somebody read it.' },
    DELETED: { description: 'It was deleted.' },
    RESTORED: { description: 'It was restored.' },
    CONTACT_CHANGED: { description: 'Its contact was made or changed.' },
    USER_CHANGED: { description: 'A team member came, changed or went.' },
    CHANNEL_CHANGED: {
      description: 'A channel was set up, changed or removed. The first of the changes is `id`: which one.',
    },
    SETTINGS_CHANGED: {
      description:
        'A bot, website, audience or business unit was set up, changed or removed. The first of the changes is `id`: which one.',
    },
  } satisfies Described<db.EventType>,
});

export const ConversationOrderField = builder.enumType('ConversationOrderField', {
  description: 'What a list of conversations is ordered by.',
  values: {
    LAST_INTERACTED_AT: { description: 'The newest message that the contact may see.' },
    CREATED_AT: { description: 'When it began.' },
    WAITING_SINCE: { description: 'Since when somebody waits for our answer.' },
    PRIORITY: { description: 'ASC begins with LOW, DESC with URGENT.' },
  } as const,
});

export const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Up or down. Nulls come last in both directions.',
  values: ['ASC', 'DESC'] as const,
});

export const AssignmentFilter = builder.enumType('AssignmentFilter', {
  description: 'Whose conversations.',
  values: {
    MINE: {
      description:
        'Those whose owner is the viewer; of a bot those that it facilitates; of a contact their own.',
    },
    UNASSIGNED: { description: 'Those without an owner.' },
    ASSIGNED: { description: 'Those with an owner.' },
  } as const,
});

export const ResetReason = builder.enumType('ResetReason', {
  description: 'Why a stream can not go on without a hole.',
  values: {
    CURSOR_INVALID: { description: 'The cursor is not one of this stream, or the stream was set back.' },
    CURSOR_EXPIRED: { description: 'The cursor is older than what is kept.' },
    TOO_FAR_BEHIND: {
      description: 'So much was missed, or changed at once, that loading afresh is faster.',
    },
    SLOW_CONSUMER: { description: 'Events came faster than they were taken.' },
  } as const,
});

export const Activity = builder.enumType('Activity', {
  description: 'What somebody does in a conversation at this moment.',
  values: {
    NONE: { description: 'Nothing, or nothing any more.' },
    VIEWING: { description: 'Looks at it. Contacts are not shown it.' },
    TYPING: { description: 'Writes a message.' },
    WRITING_NOTE: {
      description: 'Writes a note of the team. Contacts are not shown it, and can not say it.',
    },
  } satisfies Described<DoneActivity>,
});
