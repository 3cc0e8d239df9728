import { times } from './times.ts';

// What conversations should be after any history, said a second time and as simply as can be: lists in memory, nothing counted.

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
  /** How many messages that they see the contact has read. */
  contactRead: number;
  timeline: { type: string; by: Who; isPublic: boolean }[];
}

export interface Model {
  conversations: Conversation[];
  blocked: Set<Contact>;
}

export const NAMES = { contact: 'Dora', otherContact: 'Emil' };
const DONE = ['RESOLVED', 'CLOSED', 'ABANDONED'];
const UNVERSIONED = ['MESSAGE_ADDED', 'MESSAGE_CHANGED', 'READ'];

export const isContact = (who: Who): who is Contact => who === 'contact' || who === 'otherContact';
const isUser = (who: Who): who is User => who === 'agent' || who === 'colleague';

// Which kinds of viewers never may.
const NEVER: Record<Operation['do'], (who: Who) => boolean> = {
  create: () => false,
  rename: isContact,
  setStatus: () => false,
  assign: isContact,
  handOver: isContact,
  claim: (who) => !isUser(who),
  join: (who) => !isUser(who),
  leave: (who) => !isUser(who),
  delete: (who) => !isUser(who),
  restore: (who) => !isUser(who),
  addMember: isContact,
  removeMember: isContact,
  label: isContact,
  prioritize: isContact,
  send: () => false,
  read: () => false,
  deleteMessage: isContact,
  block: (who) => !isUser(who),
};

/** Carries the operation out, and says how the gateway should answer: a refusal by its name, else OK. */
export function apply(model: Model, operation: Operation): string {
  const { by } = operation;
  if (NEVER[operation.do](by) || (operation.do === 'send' && operation.isPrivate && isContact(by)))
    return 'FORBIDDEN';
  if (operation.do === 'label' && operation.add.some((label) => operation.remove.includes(label)))
    return 'InvalidInputError';
  if (operation.do === 'block') {
    model.blocked[operation.blocked ? 'add' : 'delete'](operation.contact);
    return 'OK';
  }
  const isBlocked = isContact(by) && model.blocked.has(by);
  if (isBlocked && (operation.do === 'send' || operation.do === 'create')) return 'ContactBlockedError';
  if (operation.do === 'create') {
    const conversation = open(model, by, isContact(by) ? by : operation.contact);
    if (operation.withMessage) write(conversation, by, false);
    return 'OK';
  }
  const conversation = at(model, operation);
  const isForeign = isContact(by) && conversation.contact !== by;
  const isAboutDeleted = operation.do === 'delete' || operation.do === 'restore';
  if (isForeign || (conversation.isDeleted && !isAboutDeleted)) return 'NotFoundError';
  return change(model, conversation, operation);
}

/** The conversation that the operation is about. */
export function at({ conversations }: Model, { at: index }: Operation): Conversation {
  return conversations[index % conversations.length] as Conversation;
}

function open({ conversations }: Model, by: Who, contact: Contact): Conversation {
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

function write(conversation: Conversation, sender: Who, isPrivate: boolean) {
  conversation.messages.push({ id: '', sender, isPrivate, isDeleted: false });
  conversation.timeline.push({ type: 'MESSAGE_ADDED', by: sender, isPublic: !isPrivate });
  if (!isPrivate) conversation.isWaiting = isContact(sender);
}

function change(model: Model, conversation: Conversation, operation: Operation): string {
  const { by } = operation;
  const { members } = conversation;
  const me = by as User;
  const before = publicOf(conversation);
  const memberBefore = [...members.keys()].join();
  const happened = (type: string) => {
    const isPublic = publicOf(conversation) !== before;
    if (isPublic || [...members.keys()].join() !== memberBefore)
      conversation.timeline.push({ type, by, isPublic });
    return 'OK';
  };
  const join = (user: User) => {
    if (!members.has(user)) members.set(user, 0);
    return happened('MEMBER_ADDED');
  };
  const own = (user: User) => {
    if (!members.has(user)) members.set(user, 0);
    Object.assign(conversation, { owner: user, handledBy: 'TEAM' });
  };
  const leave = (user: User) => {
    members.delete(user);
    if (conversation.owner === user) conversation.owner = null;
    return happened('MEMBER_REMOVED');
  };
  switch (operation.do) {
    case 'rename':
      if (operation.isStale) return 'VersionConflictError';
      conversation.name = operation.name;
      return happened('RENAMED');
    case 'setStatus':
      if (!mayBecome(conversation.status, operation.status, by)) return 'InvalidTransitionError';
      if (DONE.includes(operation.status) && !DONE.includes(conversation.status))
        conversation.isWaiting = false;
      conversation.status = operation.status;
      return happened('STATUS_CHANGED');
    case 'claim':
      if (conversation.owner !== null && conversation.owner !== me) return 'AlreadyAssignedError';
      own(me);
      return happened('ASSIGNED');
    case 'assign':
      if (operation.to === null) conversation.owner = null;
      else own(operation.to);
      return happened('ASSIGNED');
    case 'handOver':
      if (operation.to === null) Object.assign(conversation, { owner: null, handledBy: 'TEAM' });
      else if (operation.to === 'bot')
        Object.assign(conversation, { owner: null, handledBy: 'BOT', bot: 'bot' });
      else own(operation.to);
      return happened('HANDED_OVER');
    case 'join':
      return join(me);
    case 'addMember':
      return join(operation.user);
    case 'leave':
      return leave(me);
    case 'removeMember':
      return leave(operation.user);
    case 'delete':
    case 'restore':
      conversation.isDeleted = operation.do === 'delete';
      return happened(`${operation.do.toUpperCase()}D`);
    case 'label': {
      const { add, remove } = operation;
      const staying = conversation.labels.filter((label) => !remove.includes(label));
      return setForTeam(conversation, 'LABELS_CHANGED', by, { labels: [...new Set([...staying, ...add])] });
    }
    case 'prioritize':
      return setForTeam(conversation, 'PRIORITY_CHANGED', by, { priority: operation.priority });
    case 'send':
      return send(model, conversation, operation);
    case 'read':
      return read(conversation, by, operation.upTo);
    case 'deleteMessage':
      return deleteMessage(conversation, by, operation.nth);
    default:
      throw new Error(`${operation.do} is no change of a conversation`);
  }
}

/** What the contact sees of it, too, but messages. */
function publicOf({ name, status, owner, handledBy, bot, isDeleted }: Conversation): string {
  return JSON.stringify([name, status, owner, handledBy, bot, isDeleted]);
}

function setForTeam(
  conversation: Conversation,
  type: string,
  by: Who,
  fresh: Partial<Pick<Conversation, 'labels' | 'priority'>>,
): string {
  const before = JSON.stringify(conversation);
  Object.assign(conversation, fresh);
  if (JSON.stringify(conversation) !== before) conversation.timeline.push({ type, by, isPublic: false });
  return 'OK';
}

function mayBecome(from: string, to: string, by: Who): boolean {
  if (from === to && to !== 'SNOOZED') return true;
  if (from === 'CLOSED' && to !== 'OPEN') return false;
  return !isContact(by) || to === 'RESOLVED';
}

function send(model: Model, conversation: Conversation, { by, isPrivate }: Operation & { do: 'send' }) {
  let into = conversation;
  if (isContact(by)) {
    if (conversation.status === 'CLOSED') {
      into = open(model, by, by);
      into.name = conversation.name;
    } else if (['SNOOZED', 'RESOLVED', 'ABANDONED'].includes(conversation.status)) {
      conversation.status = 'OPEN';
      conversation.timeline.push({ type: 'STATUS_CHANGED', by, isPublic: true });
    }
  } else if (!isPrivate) {
    if (['CLOSED', 'SPAM'].includes(conversation.status)) return 'ConversationClosedError';
    if (isUser(by) && conversation.handledBy === 'BOT') {
      conversation.handledBy = 'TEAM';
      conversation.timeline.push({ type: 'HANDED_OVER', by, isPublic: true });
    }
  }
  write(into, by, isPrivate);
  return 'OK';
}

function read(conversation: Conversation, by: Who, wanted: number | null): string {
  const visible = conversation.messages.filter(({ isPrivate }) => !isContact(by) || !isPrivate);
  const upTo = wanted ?? visible.length;
  if (upTo > visible.length) return 'InvalidInputError';
  const from = isContact(by) ? conversation.contactRead : conversation.members.get(by as User);
  if (from === undefined || from === upTo) return 'OK';
  if (isContact(by)) conversation.contactRead = upTo;
  else conversation.members.set(by as User, upTo);
  const seen = visible.slice(from, upTo);
  const isPublic = isContact(by) || seen.some(({ isPrivate }) => !isPrivate);
  conversation.timeline.push({ type: 'READ', by, isPublic });
  return 'OK';
}

function deleteMessage(conversation: Conversation, by: Who, nth: number): string {
  const message = conversation.messages[nth];
  if (!message) return 'NotFoundError';
  if (by === 'bot' && message.sender !== 'bot') return 'InvalidInputError';
  if (!message.isDeleted)
    conversation.timeline.push({ type: 'MESSAGE_CHANGED', by, isPublic: !message.isPrivate });
  message.isDeleted = true;
  return 'OK';
}

/** The conversation as this viewer should see it; null where they should not. */
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

/** Three conversations, two of them of one contact. */
export function createModel(): Model {
  const model: Model = { conversations: [], blocked: new Set() };
  times(3, (index) => open(model, 'agent', index === 2 ? 'otherContact' : 'contact'));
  return model;
}
