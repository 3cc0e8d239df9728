import type { Conversation, Prisma } from '../db/generated/prisma/client.ts';
import type { ConversationStatus, MessageDirection } from '../db/generated/prisma/enums.ts';
import { DONE_STATUSES, STATUS_AFTER_CONTACT_MESSAGE } from '../domain/core/status.ts';
import type { Author, FieldChange, NewEvent } from '../feed/event.ts';
import { stableId } from '../ids.ts';
import type { OriginColumns } from './origin.ts';
import type { PastEvent, Rows } from './rows.ts';
import { stableUuid } from './stable-uuid.ts';
import { createStoryMembers } from './story-members.ts';

type Columns = Prisma.ConversationCreateManyInput;

type Needed = 'organizationId' | 'name' | 'channelId' | 'contactId' | 'initiatedBy';

/** How a conversation begins. `key` makes its id, the same for the same key. */
export interface Opening extends Pick<Columns, Needed>, Partial<Omit<Columns, Needed | 'id' | 'status'>> {
  key: string;
  at: Date;
  by: Author;
}

export type SaidAttachment = Omit<
  Prisma.AttachmentCreateManyInput,
  'id' | 'organizationId' | 'messageId' | 'ordinal'
>;

export interface Said
  extends Partial<
      Pick<
        Prisma.MessageCreateManyInput,
        'content' | 'contentType' | 'contentAttributes' | 'deliveryStatus' | 'replyToId'
      >
    >,
    Partial<OriginColumns> {
  /** Left out: as its author has it. */
  direction?: MessageDirection;
  isPrivate?: boolean;
  attachments?: readonly SaidAttachment[];
  mentions?: readonly string[];
}

export interface SaidMessage extends Prisma.MessageCreateManyInput {
  publicSeq: number | null;
}

export type Story = ReturnType<typeof createStory>;

/**
 * Lives through a conversation's past step by step, by the rules that hold for live ones, and keeps the books: positions, counts,
 * who waits since when, an event for each step. Steps come in the order of their time.
 */
export function createStory(rows: Rows, { key, at: beginning, by: opener, ...opening }: Opening) {
  const { organizationId, contactId } = opening;
  const id = stableId('Conversation', key);
  const messages: SaidMessage[] = [];
  const members = createStoryMembers({ organizationId, conversationId: id });
  // What changes can set, by its name in events.
  const fields = {
    status: 'OPEN' as ConversationStatus,
    priority: null as Conversation['priority'],
    snoozedUntil: null as string | null,
    owner: null as string | null,
    handledBy: opening.handledBy ?? 'TEAM',
    deletedAt: null as string | null,
  };
  const times = {
    now: beginning,
    updatedAt: beginning,
    lastInteractedAt: beginning,
    waitingSince: null as Date | null,
    firstRepliedAt: null as Date | null,
    resolvedAt: null as Date | null,
    contactLastSeenAt: null as Date | null,
    agentLastSeenAt: null as Date | null,
  };
  const counts = { incomingCount: 0, publicOutgoingCount: 0, lastPublicSeq: 0, reopenedCount: 0, version: 1 };
  const contactMark = { contactLastReadSeq: 0, contactLastReadPublicSeq: 0, contactReadCount: 0 };

  record(beginning, opener, { type: 'CREATED', isPublic: true });

  function record(at: Date, author: Author, event: Omit<NewEvent, 'conversationId' | 'contactId'>) {
    if (at < times.now) throw new Error(`${key}: a step goes back in time`);
    times.now = at;
    const past: PastEvent = { ...event, conversationId: id, contactId, author, occurredAt: at };
    rows.events.push(past);
  }

  /** One change of the conversation with its event. What has the value already is left out. */
  function change(
    at: Date,
    by: Author,
    {
      type,
      set,
      also = [],
      ...event
    }: Pick<NewEvent, 'type' | 'isPublic' | 'subjectUserId'> & {
      set: Partial<typeof fields>;
      also?: FieldChange[];
    },
  ) {
    const changes = Object.entries(set).flatMap(([field, after]): FieldChange[] => {
      const before = fields[field as keyof typeof fields];
      return before === after ? [] : [{ field, before, after }];
    });
    if (changes.length + also.length === 0) return;
    Object.assign(fields, set);
    counts.version++;
    times.updatedAt = at;
    record(at, by, { type, changes: [...changes, ...also], ...event });
  }

  function setStatus(at: Date, by: Author, status: ConversationStatus, snoozedUntil: Date | null = null) {
    const [wasDone, isDone] = [DONE_STATUSES.has(fields.status), DONE_STATUSES.has(status)];
    if (isDone && !wasDone) Object.assign(times, { resolvedAt: at, waitingSince: null });
    if (wasDone && !isDone) {
      times.resolvedAt = null;
      counts.reopenedCount++;
    }
    const set = { status, snoozedUntil: snoozedUntil?.toISOString() ?? null };
    change(at, by, { type: 'STATUS_CHANGED', isPublic: true, set });
  }

  /** Makes a user the owner and a member, and the team the one who answers. */
  function assign(at: Date, by: Author, userId: string) {
    const joined = members.add(at, by, userId);
    change(at, by, {
      type: 'ASSIGNED',
      isPublic: true,
      subjectUserId: userId,
      set: { owner: userId, handledBy: 'TEAM' },
      also: joined ? [joined] : [],
    });
  }

  function addMember(at: Date, by: Author, userId: string) {
    const joined = members.add(at, by, userId);
    if (joined)
      change(at, by, {
        type: 'MEMBER_ADDED',
        isPublic: false,
        subjectUserId: userId,
        set: {},
        also: [joined],
      });
  }

  /** Somebody writes, or the system does. */
  function say(at: Date, author: Author, said: Said): SaidMessage {
    const { attachments = [], mentions = [], direction, isPrivate = false, ...columns } = said;
    const isIncoming = author.kind === 'contact';
    const isPublic = !isPrivate && direction !== 'ACTIVITY';
    if (isIncoming) {
      const status = STATUS_AFTER_CONTACT_MESSAGE[fields.status];
      if (status === null) throw new Error(`${key}: a contact writes into a closed conversation`);
      setStatus(at, author, status);
    }
    if (isIncoming) counts.incomingCount++;
    else if (isPublic) counts.publicOutgoingCount++;
    if (isPublic) counts.lastPublicSeq++;

    const seq = messages.length + 1;
    const messageId = stableId('Message', `${key}:${seq}`);
    const message: SaidMessage = {
      contentType: 'TEXT',
      content: null,
      contentAttributes: {},
      deliveryStatus: isPublic && !isIncoming ? 'DELIVERED' : 'SENT',
      replyToId: null,
      editedAt: null,
      deletedAt: null,
      ...columns,
      id: messageId,
      organizationId,
      conversationId: id,
      seq,
      publicSeq: isPublic ? counts.lastPublicSeq : null,
      direction: direction ?? (isIncoming ? 'INCOMING' : 'OUTGOING'),
      isPrivate: !isPublic,
      senderUserId: author.kind === 'user' ? author.id : null,
      senderContactId: isIncoming ? author.id : null,
      senderBotId: author.kind === 'bot' ? author.id : null,
      incomingCount: counts.incomingCount,
      publicOutgoingCount: counts.publicOutgoingCount,
      createdAt: at,
      updatedAt: at,
    };
    messages.push(message);
    rows.Message.push(message);
    for (const [ordinal, attachment] of attachments.entries()) {
      const own = {
        id: stableId('Attachment', `${key}:${seq}:${ordinal}`),
        organizationId,
        messageId,
        ordinal,
      };
      rows.Attachment.push({ meta: {}, ...attachment, ...own });
    }
    for (const userId of mentions) rows.Mention.push({ organizationId, messageId, userId });
    if (isPublic) noteWhoWaits(at, author);
    record(at, author, { type: 'MESSAGE_ADDED', messageId, isPublic });
    return message;
  }

  function noteWhoWaits(at: Date, author: Author) {
    times.lastInteractedAt = at;
    times.updatedAt = at;
    if (author.kind === 'contact') times.waitingSince ??= at;
    else times.waitingSince = null;
    if (author.kind === 'user') times.firstRepliedAt ??= at;
  }

  /** Its author corrects a message, or takes it back. */
  function changeMessage(at: Date, by: Author, message: SaidMessage, field: 'editedAt' | 'deletedAt') {
    message[field] = at;
    message.updatedAt = at;
    const isPublic = message.publicSeq !== null;
    if (isPublic) times.updatedAt = at;
    const changes = [{ field, before: null, after: at.toISOString() }];
    record(at, by, { type: 'MESSAGE_CHANGED', messageId: message.id, isPublic, changes });
  }

  /** The contact has read up to this message, which is one that they can see. */
  function contactReads(at: Date, message: SaidMessage) {
    contactMark.contactLastReadSeq = message.seq;
    contactMark.contactLastReadPublicSeq = message.publicSeq ?? 0;
    contactMark.contactReadCount = message.publicOutgoingCount;
    times.contactLastSeenAt = at;
    for (const one of messages) {
      const isRead = one.publicSeq !== null && one.seq <= message.seq && one.direction !== 'INCOMING';
      if (isRead && one.deliveryStatus !== 'FAILED') one.deliveryStatus = 'READ';
    }
  }

  /** Puts the conversation into the rows; nothing may follow. */
  function finish() {
    const { status, priority, snoozedUntil, owner, handledBy, deletedAt } = fields;
    const { now: _now, ...kept } = times;
    rows.ConversationMember.push(...members.toRows(messages, counts.incomingCount));
    rows.Conversation.push({
      uuid: stableUuid(key),
      publicId: id,
      bookings: [],
      labels: [],
      customAttributes: {},
      ...opening,
      ...{ id, status, priority, snoozedUntil, handledBy, deletedAt, ownerId: owner },
      ...counts,
      ...contactMark,
      ...kept,
      lastSeq: messages.length,
      createdAt: beginning,
    });
    return id;
  }

  return {
    id,
    messages,
    say,
    change,
    setStatus,
    assign,
    addMember,
    changeMessage,
    contactReads,
    /** A member has read up to this number; the latest one is when the team last looked. */
    memberReads(at: Date, userId: string, seq: number) {
      members.read(userId, seq);
      if (!times.agentLastSeenAt || times.agentLastSeenAt < at) times.agentLastSeenAt = at;
    },
    finish,
  };
}
