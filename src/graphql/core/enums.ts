import * as db from '../../db/generated/prisma/enums.ts';
import type { ConversationAbility as Ability } from '../../domain/core/ability.ts';
import type { Activity as PresenceActivity } from '../../presence/activity-store.ts';
import { builder } from './builder.ts';

/** One description for each value of an enum of the database or the domain: a missing or unknown value does not compile. */
type DescribedValues<Value extends string> = Record<Value, { description: string }>;

export const ConversationStatus = builder.enumType('ConversationStatus', {
  description: [
    'State of the work on a conversation.',
    'A message from the contact: OPEN and PENDING stay, SNOOZED, RESOLVED and ABANDONED become OPEN, SPAM stays, and after CLOSED a new conversation is created.',
    'A reply of the team is refused in CLOSED and SPAM.',
    'setConversationStatus allows any other status, but after CLOSED only OPEN; a contact may set RESOLVED only.',
  ].join('\n'),
  values: {
    OPEN: { description: 'In progress; the initial status.' },
    PENDING: {
      description:
        'On hold until something other than a message of the contact, such as a bot or another department.',
    },
    SNOOZED: { description: 'Postponed until `snoozedUntil`, when it becomes OPEN automatically.' },
    RESOLVED: { description: 'Done. A message from the contact makes it OPEN.' },
    CLOSED: { description: 'Done for good. A message from the contact creates a new conversation.' },
    ABANDONED: { description: 'Done: the contact stopped answering. A message from them makes it OPEN.' },
    SPAM: { description: 'Unwanted. Messages of the contact are stored, and the status stays.' },
  },
});

export const ConversationPriority = builder.enumType('ConversationPriority', {
  description: 'Urgency of a conversation, lowest first: LOW, MEDIUM, HIGH, URGENT.',
  values: Object.values(db.ConversationPriority),
});

export const Initiator = builder.enumType('Initiator', {
  description: 'Side that started a conversation.',
  values: {
    CONTACT: { description: 'The contact, by a message or a click.' },
    BOT: { description: 'A bot sent the first message.' },
    AGENT: { description: 'A team member sent the first message.' },
    SYSTEM: { description: 'A program or an import.' },
  },
});

export const Handler = builder.enumType('Handler', {
  description:
    'Side that answers a conversation at present. It becomes TEAM when a bot hands over, an owner is assigned, or a team member replies.',
  values: {
    BOT: { description: 'The bot answers the contact.' },
    TEAM: { description: 'The team answers the contact.' },
  } satisfies DescribedValues<db.Handler>,
});

export const AddressType = builder.enumType('AddressType', {
  description: 'Kind of an address, which determines the format of its `target`.',
  values: {
    TEL: { description: 'Phone number in international form, such as +14155550123.' },
    EMAIL: { description: 'Email address, such as ana@example.com.' },
    LINE: { description: 'Id of a LINE user or channel.' },
    WHATSAPP: { description: 'Phone number used with WhatsApp.' },
    WEBCHAT: { description: 'Chat widget on a website.' },
    WEB_SESSION: { description: 'Session of a visitor of a chat widget.' },
    SIP: { description: 'SIP address, such as sip:1001@example.com.' },
    EXTENSION: { description: 'Extension of a phone system, such as 1001.' },
    AGENT: { description: 'Agent of the upstream system.' },
    AI: { description: 'AI assistant of the upstream system.' },
    AI_TEAM: { description: 'Team of AI assistants of the upstream system.' },
    CONFERENCE: { description: 'Conference room of a phone system.' },
    OTHER: { description: 'Any kind that has no value here.' },
  },
});

export const SourceSystem = builder.enumType('SourceSystem', {
  description: 'Upstream system that an object was imported from.',
  values: Object.values(db.SourceSystem),
});

export const ChannelType = builder.enumType('ChannelType', {
  description:
    'Kind of a channel. WEB is a chat widget, API a program, MESSAGE SMS and MMS, VOICE phone calls; the others are the services of these names.',
  values: Object.values(db.ChannelType),
});

export const ContactType = builder.enumType('ContactType', {
  description: 'Stage of the relation with a contact. A new contact is a VISITOR; only the team changes it.',
  values: {
    VISITOR: { description: 'Person of whom nothing more is known.' },
    LEAD: { description: 'Person who may become a customer.' },
    CUSTOMER: { description: 'Known customer of the organization.' },
  } satisfies DescribedValues<db.ContactType>,
});

export const UserRole = builder.enumType('UserRole', {
  description: 'Rights of a team member.',
  values: {
    AGENT: { description: 'Works in conversations and with contacts.' },
    ADMIN: {
      description:
        'Also manages audiences, bots, business units, channels, users and websites. An organization keeps at least one.',
    },
  } satisfies DescribedValues<db.UserRole>,
});

export const Availability = builder.enumType('Availability', {
  description: 'Readiness of a team member to work in conversations.',
  values: {
    ONLINE: { description: 'Ready to answer new messages.' },
    BUSY: { description: 'At work, but not to be disturbed.' },
    OFFLINE: { description: 'Not at work. In `presence` also: not connected.' },
  } satisfies DescribedValues<db.Availability>,
});

export const MessageDirection = builder.enumType('MessageDirection', {
  description: 'Origin of a message in relation to the team.',
  values: {
    INCOMING: { description: 'From the contact to the team.' },
    OUTGOING: { description: 'From the team or a bot.' },
    ACTIVITY: { description: 'Line of an upstream system about an event, such as an assignment.' },
    TEMPLATE: { description: 'Automatic message of an upstream system, such as a greeting.' },
  },
});

export const MessageContentType = builder.enumType('MessageContentType', {
  description: 'Kind of content of a message. `contentAttributes` holds the parts that go beyond the text.',
  values: {
    TEXT: { description: 'Text, with or without attachments.' },
    INPUT_TEXT: { description: 'Question that asks for a line of text.' },
    INPUT_TEXTAREA: { description: 'Question that asks for a longer text.' },
    INPUT_EMAIL: { description: 'Question that asks for an email address.' },
    INPUT_SELECT: { description: 'Question that asks to choose one of several items.' },
    INPUT_CSAT: { description: 'Question about the satisfaction of the contact (CSAT).' },
    CARDS: { description: 'Cards, each with a picture, a title and buttons.' },
    FORM: { description: 'Form to fill in; submitMessageForm answers it.' },
    ARTICLE: { description: 'Links to articles of a help center.' },
    INCOMING_EMAIL: { description: 'Email: the text is in `content`, the headers in `contentAttributes`.' },
    STICKER: { description: 'Sticker; its picture is an attachment.' },
    INTEGRATION: { description: 'Message of an integration of the customer or of a source system.' },
    VOICE_CALL: { description: 'Record of a voice call.' },
    VIDEO_CALL: { description: 'Invitation to a video call, or the record of one.' },
    QUICK_REPLIES: { description: 'Text with answers to choose from.' },
    OTHER: { description: 'Any other kind; see `contentAttributes`.' },
  } satisfies DescribedValues<db.MessageContentType>,
});

export const DeliveryStatus = builder.enumType('DeliveryStatus', {
  description:
    'Progress of the delivery of a message. It moves forward only; after FAILED a new attempt begins with SENDING or SENT.',
  values: {
    SENDING: { description: 'Not accepted by the channel yet.' },
    SENT: { description: 'Accepted by the channel for delivery.' },
    DELIVERED: { description: 'Delivered to the device of the recipient.' },
    READ: { description: 'Opened or read by the recipient.' },
    FAILED: { description: 'Refused by the channel, or not deliverable.' },
  } satisfies DescribedValues<db.DeliveryStatus>,
});

export const AttachmentType = builder.enumType('AttachmentType', {
  description: 'Kind of an attachment, which determines the fields that have a value.',
  values: {
    IMAGE: { description: 'Picture to load from `dataUrl`.' },
    AUDIO: { description: 'Sound at `dataUrl`; `transcribedText` may hold its text.' },
    VIDEO: { description: 'Video to load from `dataUrl`.' },
    FILE: { description: 'File of any other type at `dataUrl`.' },
    LOCATION: { description: 'Place: `latitude`, `longitude`, and its name in `fallbackTitle`.' },
    FALLBACK: { description: 'Content that the channel could not pass on: `fallbackTitle` and `dataUrl`.' },
    SHARE: { description: 'Post of a social network that was shared.' },
    STORY_MENTION: { description: 'Story that mentions the organization.' },
    CONTACT: { description: 'Contact card: `fallbackTitle` and `meta`.' },
    IG_REEL: { description: 'Instagram reel that was shared.' },
    EMBED: { description: 'Web page to embed: `dataUrl`.' },
    STICKER: { description: 'Image of a sticker at `dataUrl`.' },
    TEMPLATE: { description: 'Message template of the channel: `meta`.' },
    OTHER: { description: 'Any kind that has no value here.' },
  } satisfies DescribedValues<db.AttachmentType>,
});

export const ConversationAbility = builder.enumType('ConversationAbility', {
  description:
    'Action that the viewer may take in a conversation at present. A client can hide the buttons of all others.',
  values: {
    REPLY: { description: 'Send a message to the other side.' },
    WRITE_NOTE: { description: 'Write a private note of the team.' },
    CLAIM: { description: 'Become the owner; nobody owns it.' },
    ASSIGN: { description: 'Assign an owner, add members, or hand over.' },
    RENAME: { description: 'Change the `name` and the `detail`.' },
    LABEL: { description: 'Add labels and remove labels.' },
    CHANGE_STATUS: { description: 'Change the status to one of `allowedStatuses`.' },
    START_VIDEO_CALL: { description: 'Invite the contact to a video call.' },
    DELETE: { description: 'Delete the conversation; it can be restored.' },
  } satisfies DescribedValues<Ability>,
});

export const EventType = builder.enumType('EventType', {
  description: 'Type of an event in the log of the organization. A mutation or the gateway itself causes it.',
  values: {
    CREATED: { description: 'A new conversation was created.' },
    RENAMED: { description: 'The name or detail of a conversation changed.' },
    STATUS_CHANGED: {
      description:
        'The status of a conversation changed: by a mutation, by a message, or automatically at `snoozedUntil`.',
    },
    PRIORITY_CHANGED: { description: 'The priority of a conversation changed. Team only.' },
    LABELS_CHANGED: { description: 'The labels of a conversation changed. Team only.' },
    ASSIGNED: { description: 'The owner of a conversation changed, or was removed.' },
    MEMBER_ADDED: { description: 'A team member became a member of a conversation.' },
    MEMBER_REMOVED: { description: 'A team member is no longer a member of a conversation.' },
    ANSWERS_RECORDED: { description: 'Answers of the contact to questions were recorded.' },
    HANDED_OVER: { description: 'A conversation went from a bot to the team, or back.' },
    UPDATED: { description: 'Other fields of a conversation changed.' },
    VIDEO_CALL_STARTED: { description: 'A video call was started.' },
    MESSAGE_ADDED: { description: 'A message was sent, or a note was written.' },
    MESSAGE_CHANGED: {
      description: 'A message was edited or deleted, its form was filled in, or its delivery status changed.',
    },
    READ: { description: 'A viewer marked a conversation as read, up to a message.' },
    DELETED: { description: 'A conversation was deleted; it can be restored.' },
    RESTORED: { description: 'A deleted conversation was restored.' },
    CONTACT_CHANGED: { description: 'A contact was created or changed.' },
    USER_CHANGED: { description: 'A user was created, changed or removed. Team only.' },
    CHANNEL_CHANGED: {
      description:
        'A channel was created, changed or removed. The first of the changes is `id`, the id of the channel. Team only.',
    },
    SETTINGS_CHANGED: {
      description:
        'A bot, website, audience or business unit was created, changed or removed. The first of the changes is `id`, the id of the object. Team only.',
    },
  } satisfies DescribedValues<db.EventType>,
});

export const ConversationOrderField = builder.enumType('ConversationOrderField', {
  description: 'Sort key of a list of conversations.',
  values: {
    LAST_INTERACTED_AT: { description: 'Time of the newest message, notes aside.' },
    CREATED_AT: { description: 'Time at which the conversation was created.' },
    WAITING_SINCE: {
      description: 'Time since which the contact waits for a reply; null if they do not wait.',
    },
    PRIORITY: { description: 'Priority: ascending from LOW to URGENT; null if there is none. Team only.' },
  } as const,
});

export const OrderDirection = builder.enumType('OrderDirection', {
  description: 'Sort direction. Null values are last in both directions.',
  values: {
    ASC: { description: 'Ascending: the smallest or earliest value is first.' },
    DESC: { description: 'Descending: the greatest or latest value is first.' },
  } as const,
});

export const AssignmentFilter = builder.enumType('AssignmentFilter', {
  description: 'Condition on the owner of a conversation.',
  values: {
    MINE: {
      description:
        'For a user: conversations that they own. For a bot: conversations that it belongs to. For a contact: their own.',
    },
    UNASSIGNED: { description: 'Conversations that have no owner.' },
    ASSIGNED: { description: 'Conversations that have an owner.' },
  } as const,
});

export const ResetReason = builder.enumType('ResetReason', {
  description: 'Reason for which a subscription can not continue without missing events.',
  values: {
    CURSOR_INVALID: {
      description:
        'The cursor is not one of the log of this organization, or the log was rewound, such as by a restored backup.',
    },
    CURSOR_EXPIRED: { description: 'The events after the cursor are no longer in the log.' },
    TOO_FAR_BEHIND: {
      description:
        'More than 10,000 events would have to be replayed, or one event moves several conversations of a list at once. Loading the data again is cheaper.',
    },
    SLOW_CONSUMER: {
      description: 'The client took events more slowly than they came: its send queue is full.',
    },
  } as const,
});

export const Activity = builder.enumType('Activity', {
  description: 'Activity of a viewer in a conversation at present.',
  values: {
    NONE: { description: 'None, or no longer any.' },
    VIEWING: { description: 'Looks at the conversation. Contacts see NONE.' },
    TYPING: { description: 'Types a message to the other side.' },
    WRITING_NOTE: {
      description: 'Types a note of the team. Contacts see NONE, and can not set it.',
    },
  } satisfies DescribedValues<PresenceActivity>,
});
