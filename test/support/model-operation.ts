import {
  at,
  type Conversation,
  isContact,
  type Model,
  type Operation,
  open,
  type User,
  type Who,
} from './model.ts';

// Applies operations to the model and predicts the gateway's answer.

const DONE = ['RESOLVED', 'CLOSED', 'ABANDONED'];

const isUser = (who: Who): who is User => who === 'agent' || who === 'colleague';

// Operations that a kind of viewer may never do.
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

/** Applies the operation and returns the expected answer: the name of a refusal, or OK. */
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
  if (isBlocked)
    return operation.do === 'send' || operation.do === 'create' ? 'ContactBlockedError' : 'FORBIDDEN';
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

/** The part of a conversation that its contact sees, without messages. */
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
