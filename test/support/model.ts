import { times } from './times.ts';

// Reference model of conversations: a second, naive implementation with lists in memory and no counters.

export const USERS = ['agent', 'colleague'] as const;
export const CONTACTS = ['contact', 'otherContact'] as const;
export const VIEWERS = [...USERS, 'bot', ...CONTACTS] as const;
export type User = (typeof USERS)[number];
export type Contact = (typeof CONTACTS)[number];
export type Who = (typeof VIEWERS)[number];

export type Operation = { by: Who; at: number } & (
  | { do: 'create'; contact: Contact; withMessage: boolean }
  | { do: 'rename'; name: string; isStale: boolean }
  | { do: 'setStatus'; status: string }
  | { do: 'assign'; to: User | null }
  | { do: 'handOver'; to: User | 'bot' | null }
  | { do: 'claim' | 'join' | 'leave' | 'delete' | 'restore' }
  | { do: 'addMember' | 'removeMember'; user: User }
  | { do: 'label'; add: string[]; remove: string[] }
  | { do: 'prioritize'; priority: string | null }
  | { do: 'send'; isPrivate: boolean }
  | { do: 'read'; upTo: number | null }
  | { do: 'deleteMessage'; nth: number }
  | { do: 'block'; contact: Contact; blocked: boolean }
);

interface Message {
  id: string;
  sender: Who;
  isPrivate: boolean;
  isDeleted: boolean;
}

export interface Conversation {
  id: string;
  contact: Contact;
  name: string;
  status: string;
  owner: User | null;
  handledBy: 'TEAM' | 'BOT';
  bot: 'bot' | null;
  members: Map<User, number>;
  labels: string[];
  priority: string | null;
  isDeleted: boolean;
  isWaiting: boolean;
  messages: Message[];
  /** Number of visible messages that the contact has read. */
  contactRead: number;
  timeline: { type: string; by: Who; isPublic: boolean }[];
}

export interface Model {
  conversations: Conversation[];
  blocked: Set<Contact>;
}

export const NAMES = { contact: 'Dora', otherContact: 'Emil' };
const UNVERSIONED = ['MESSAGE_ADDED', 'MESSAGE_CHANGED', 'READ'];

export const isContact = (who: Who): who is Contact => who === 'contact' || who === 'otherContact';

/** The conversation of an operation. */
export function at({ conversations }: Model, { at: index }: Operation): Conversation {
  return conversations[index % conversations.length] as Conversation;
}

/** Opens a conversation as this viewer. */
export function open({ conversations }: Model, by: Who, contact: Contact): Conversation {
  const conversation: Conversation = {
    id: '',
    contact,
    name: NAMES[contact],
    status: 'OPEN',
    owner: null,
    handledBy: 'TEAM',
    bot: null,
    members: new Map(),
    labels: [],
    priority: null,
    isDeleted: false,
    isWaiting: false,
    messages: [],
    contactRead: 0,
    timeline: [{ type: 'CREATED', by, isPublic: true }],
  };
  conversations.push(conversation);
  return conversation;
}

/** The conversation as this viewer should see it; null when it must not be visible. */
export function seenBy(conversation: Conversation, viewer: Who) {
  const { messages, timeline, members, isDeleted } = conversation;
  const { name, status, owner, handledBy, isWaiting } = conversation;
  const shown = { name, status, owner, handledBy, isWaiting };
  if (isContact(viewer)) {
    if (isDeleted || conversation.contact !== viewer) return null;
    const visible = messages.filter(({ isPrivate }) => !isPrivate);
    const unread = visible.slice(conversation.contactRead).filter(({ sender }) => !isContact(sender));
    const counts = { lastSeq: visible.length, unreadCount: unread.length };
    const types = timeline.filter(({ isPublic }) => isPublic).map(({ type }) => type);
    return { ...shown, ...counts, viewerLastReadSeq: conversation.contactRead, timeline: types };
  }
  const mark = members.get(viewer as User);
  const unread = mark === undefined ? [] : messages.slice(mark).filter(({ sender }) => isContact(sender));
  return {
    ...shown,
    lastSeq: messages.length,
    unreadCount: unread.length,
    viewerLastReadSeq: mark ?? 0,
    isDeleted,
    members: [...members.keys()].sort(),
    labels: conversation.labels,
    priority: conversation.priority,
    version: 1 + timeline.slice(1).filter(({ type }) => !UNVERSIONED.includes(type)).length,
    timeline: timeline.map(({ type, by }) => `${type} ${by}`),
  };
}

/** A model with three conversations, two of them of the same contact. */
export function createModel(): Model {
  const model: Model = { conversations: [], blocked: new Set() };
  times(3, (index) => open(model, 'agent', index === 2 ? 'otherContact' : 'contact'));
  return model;
}
