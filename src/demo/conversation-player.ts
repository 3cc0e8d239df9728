import type { Conversation, ConversationMember, Message } from '../db/generated/prisma/client.ts';
import type { ConversationPriority, ConversationStatus } from '../db/generated/prisma/enums.ts';
import { toConversationColumns } from '../domain/conversation/create.ts';
import type { CreateConversationInput } from '../domain/conversation/input.ts';
import { buildMember } from '../domain/conversation/member.ts';
import { buildOwnerChange } from '../domain/conversation/owner.ts';
import {
  buildContactMark,
  buildMemberMark,
  toRunningCounts,
  ZERO_COUNTS,
} from '../domain/conversation/read-state.ts';
import { buildManualStatusChange } from '../domain/conversation/status-change.ts';
import {
  buildConversationEvent,
  type ConversationChange,
  planConversationChange,
} from '../domain/core/conversation-change.ts';
import type { LockedConversation } from '../domain/core/locking.ts';
import { planMessageChange } from '../domain/message/edit.ts';
import type { SendMessageInput } from '../domain/message/input.ts';
import { buildChangeBeforeMessage, buildMessage } from '../domain/message/send.ts';
import type { Author, FieldChange, NewEvent } from '../feed/event.ts';
import { stableId } from '../ids.ts';
import { asContact, asUser } from './author.ts';
import { DEMO } from './demo-people.ts';
import { NO_ORIGIN, type OriginColumns } from './origin.ts';
import type { Rows } from './rows.ts';
import { stableUuid } from './stable-uuid.ts';

const { organizationId } = DEMO;

/** Columns of a new conversation that neither its input nor its creation sets: the table's defaults. */
const NEW_CONVERSATION = {
  ...NO_ORIGIN,
  ...{ number: null, businessUnitId: null, channelId: '', ownerId: null, botId: null, websiteId: null },
  ...{ audienceId: null, priority: null, snoozedUntil: null, referenceType: null, referenceTarget: null },
  ...{ sourceType: null, sourceTarget: null, sourceTargetName: null, sourceName: null, sourceDetail: null },
  ...{ lastSeq: 0, lastPublicSeq: 0, lastMessageId: null, lastPublicMessageId: null, incomingCount: 0 },
  ...{ publicOutgoingCount: 0, contactLastReadSeq: 0, contactLastReadPublicSeq: 0, contactReadCount: 0 },
  ...{ contactLastSeenAt: null, agentLastSeenAt: null, waitingSince: null, firstRepliedAt: null },
  ...{ resolvedAt: null, reopenedCount: 0, deletedAt: null, version: 1, status: 'OPEN' as const },
};

export interface ConversationOpening {
  /** Seed of the ids: the same key gives the same ids. */
  key: string;
  at: Date;
  by: Author;
  input: CreateConversationInput &
    Required<Pick<CreateConversationInput, 'initiatedBy'>> & { contactId: string };
  /** Columns that only an import sets. */
  imported?: Partial<OriginColumns & Pick<Conversation, 'publicId' | 'uuid'>>;
}

export type MessageContent = Omit<SendMessageInput, 'conversationId'>;
/** Columns of a message that only an import sets. */
export type ImportedMessage = Partial<OriginColumns & Pick<Message, 'direction' | 'deliveryStatus'>>;

export type ConversationPlayer = ReturnType<typeof createConversationPlayer>;

/**
 * Plays the history of a conversation by the rules of the domain, each step at a time that is handed in, and adds its rows and
 * events to `rows`. Steps must come in the order of their times. `finish` ends it.
 */
export function createConversationPlayer(
  rows: Rows,
  { key, at, by, input, imported = {} }: ConversationOpening,
) {
  const id = stableId('Conversation', key);
  // Only initiatedBy depends on the viewer, and it is given.
  const { participants, answers, ...columns } = toConversationColumns(
    { organizationId, kind: 'user' },
    input,
  );
  const conversation: LockedConversation = {
    ...NEW_CONVERSATION,
    ...columns,
    id,
    ...{ uuid: stableUuid(key), publicId: id, name: input.name ?? '', contactId: input.contactId },
    ...{ channelId: input.channelId ?? '', businessUnitId: input.businessUnitId ?? null },
    ...{
      websiteId: input.websiteId ?? null,
      audienceId: input.audienceId ?? null,
      botId: input.botId ?? null,
    },
    ...{ createdAt: at, updatedAt: at, lastInteractedAt: at, now: at },
    ...imported,
  };
  const messages: Message[] = [];
  const members = new Map<string, ConversationMember>();
  const keys = { organizationId, conversationId: id };
  rows.ConversationAddress.push(...participants.create.map((address) => ({ ...keys, ...address })));
  rows.Answer.push(...answers.create.map((answer) => ({ ...keys, ...answer })));
  record(by, { event: buildConversationEvent(conversation, { type: 'CREATED', isPublic: true }) });

  function moveTo(time: Date) {
    if (time < conversation.now) throw new Error(`${key}: a step goes back in time`);
    conversation.now = time;
  }

  function record(author: Author, { set, event }: { set?: Partial<Conversation> | null; event: NewEvent }) {
    Object.assign(conversation, set);
    rows.events.push({ ...event, author, occurredAt: conversation.now });
  }

  /** Makes a change. A change to the current values has no effect, as in the API. */
  function change(time: Date, author: Author, wanted: ConversationChange) {
    moveTo(time);
    const planned = planConversationChange(conversation, wanted);
    if (!planned) return;
    record(author, { ...planned, set: { ...planned.set, version: conversation.version + 1 } });
  }

  function join(author: Author, userId: string): FieldChange[] {
    if (members.has(userId)) return [];
    const { row, change } = buildMember(author, conversation, userId);
    const joined = {
      joinedAt: conversation.now,
      addedById: null,
      lastReadSeq: 0,
      readCount: 0,
      isUnread: false,
    };
    members.set(userId, { ...joined, ...row });
    return [change];
  }

  function sendMessage(
    time: Date,
    author: Author,
    content: MessageContent,
    more: ImportedMessage = {},
  ): Message {
    moveTo(time);
    const before = buildChangeBeforeMessage(author, conversation, content.isPrivate === true);
    if (before) change(time, author, before);
    const number = conversation.lastSeq + 1;
    const messageId = stableId('Message', `${key}:${number}`);
    const built = buildMessage(author, conversation, { ...content, id: messageId });
    const message = { ...NO_ORIGIN, editedAt: null, deletedAt: null, ...built.message, ...more };
    messages.push(message);
    rows.Message.push(message);
    rows.Mention.push(...built.mentions);
    for (const attachment of built.attachments) {
      const attachmentId = stableId('Attachment', `${key}:${number}:${attachment.ordinal}`);
      rows.Attachment.push({ ...attachment, id: attachmentId });
    }
    if (message.direction === 'INCOMING') for (const member of members.values()) member.isUnread = true;
    record(author, built);
    return message;
  }

  function updateMessage(time: Date, author: Author, message: Message, data: PlannedMessageUpdate) {
    moveTo(time);
    const planned = planMessageChange({ ...message, conversation }, data);
    if (!planned) return;
    Object.assign(message, planned.set);
    record(author, { event: planned.event });
  }

  /** The member has read up to this message. Default: the newest. */
  function markReadByMember(time: Date, userId: string, upTo = conversation.lastSeq) {
    moveTo(time);
    const member = members.get(userId);
    if (!member) throw new Error(`${userId} is no member of ${id}`);
    if (member.lastReadSeq === upTo) return;
    const mark = buildMemberMark(conversation, {
      before: positionAt(member.lastReadSeq),
      after: positionAt(upTo),
    });
    Object.assign(member, mark.member);
    record(asUser(userId), mark);
  }

  function positionAt(seq: number) {
    const message = messages[seq - 1];
    return { seq, counts: message ? toRunningCounts(message) : ZERO_COUNTS };
  }

  /** The contact has read all that they see. */
  function markReadByContact(time: Date) {
    moveTo(time);
    const publicSeq = conversation.lastPublicSeq;
    const message = messages.find((one) => one.publicSeq === publicSeq);
    if (!message || conversation.contactLastReadPublicSeq === publicSeq) return;
    record(asContact(conversation.contactId), buildContactMark(conversation, { ...message, publicSeq }));
  }

  /** Adds the rows of the conversation. Nothing may follow. */
  function finish() {
    const { now: _now, ...row } = conversation;
    rows.Conversation.push(row);
    rows.ConversationMember.push(...members.values());
    // As the channels would have reported it.
    for (const message of messages) {
      if (message.deliveryStatus !== 'SENT' || message.publicSeq === null || message.direction === 'INCOMING')
        continue;
      message.deliveryStatus = message.publicSeq <= row.contactLastReadPublicSeq ? 'READ' : 'DELIVERED';
    }
  }

  return {
    now: () => conversation.now,
    memberIds: () => [...members.keys()],
    change,
    sendMessage,
    updateMessage,
    markReadByMember,
    markReadByContact,
    finish,
    setStatus(time: Date, author: Author, status: ConversationStatus, snoozedUntil: Date | null = null) {
      moveTo(time);
      const scope = { contactId: author.kind === 'contact' ? author.id : null };
      change(time, author, buildManualStatusChange(scope, conversation, { status, snoozedUntil }));
    },
    setPriority: (time: Date, author: Author, priority: ConversationPriority) =>
      change(time, author, { type: 'PRIORITY_CHANGED', data: { priority } }),
    setLabels: (time: Date, author: Author, labels: string[]) =>
      change(time, author, { type: 'LABELS_CHANGED', data: { labels } }),
    assign(time: Date, author: Author, userId: string) {
      moveTo(time);
      change(time, author, buildOwnerChange(userId, join(author, userId)));
    },
    addMember(time: Date, author: Author, userId: string) {
      moveTo(time);
      const alsoChanged = join(author, userId);
      change(time, author, { type: 'MEMBER_ADDED', data: {}, alsoChanged, subjectUserId: userId });
    },
  };
}

type PlannedMessageUpdate = Parameters<typeof planMessageChange>[1];
