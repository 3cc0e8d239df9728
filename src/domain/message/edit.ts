import type { Tx } from '../../db/client.ts';
import type { Message, Prisma } from '../../db/generated/prisma/client.ts';
import { NotFoundError } from '../../errors.ts';
import type { NewEvent } from '../../feed/event.ts';
import { LIMITS } from '../../limits.ts';
import { requireTeam } from '../core/ability.ts';
import { messagesVisibleTo } from '../core/access.ts';
import { buildConversationEvent } from '../core/conversation-change.ts';
import { diffFields } from '../core/field-change.ts';
import { type LockedConversation, lockVisible } from '../core/locking.ts';
import type { RecordChange } from '../core/mutation.ts';
import { createInputError, createValidation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import { isDeliveryTransitionAllowed, NEXT_DELIVERY_STATUSES } from './delivery.ts';
import type { DeleteMessageInput, UpdateMessageInput } from './input.ts';

export type LockedMessage = Message & { conversation: LockedConversation };

/** Mutations of existing messages. They do not change the conversation. */
export function createMessageEdits({ recordChange }: { recordChange: RecordChange }) {
  /** Changes content and contentAttributes, which only the sender can, or the delivery status. */
  function updateMessage(viewer: Viewer, input: UpdateMessageInput) {
    requireTeam(viewer, 'change messages');
    const validation = createValidation();
    validation.text('content', input.content, LIMITS.message);
    validation.object('contentAttributes', input.contentAttributes, LIMITS.contentAttributes);
    validation.finish();
    return recordChange(viewer, { mutation: 'updateMessage', input }, async (tx) => {
      const message = await lockMessage(tx, viewer, input.messageId);
      requireNotDeleted(message);
      if (input.content !== undefined) await requireEditableContent(tx, viewer, message, input.content);
      if (input.contentAttributes !== undefined) requireSender(viewer, message, 'contentAttributes');
      if (input.deliveryStatus != null) requireDeliveryTransition(message, input.deliveryStatus);
      return {
        result: message.id,
        events: await changeMessage(tx, message, toMessageUpdate(message, input)),
      };
    });
  }

  /** Soft delete: the message keeps its seq, and its text and attachments are hidden. */
  function deleteMessage(viewer: Viewer, input: DeleteMessageInput) {
    requireTeam(viewer, 'delete messages');
    return recordChange(viewer, { mutation: 'deleteMessage', input }, async (tx) => {
      const message = await lockMessage(tx, viewer, input.messageId);
      if (viewer.kind === 'bot') requireSender(viewer, message, 'messageId');
      if (message.deletedAt) return { result: message.id, events: [] };
      const deletedAt = message.conversation.now;
      return { result: message.id, events: await changeMessage(tx, message, { deletedAt }) };
    });
  }

  return { updateMessage, deleteMessage };
}

/** Locks a message that the viewer may see, through its conversation, which every change of a message locks. */
export async function lockMessage(tx: Tx, viewer: Viewer, messageId: string): Promise<LockedMessage> {
  const where = { id: messageId, ...messagesVisibleTo(viewer) };
  const found = await tx.message.findFirst({ where, select: { conversationId: true } });
  if (!found) throw new NotFoundError('message for input.messageId', messageId);
  const conversation = await lockVisible(tx, viewer, found.conversationId, { includeDeleted: true });
  if (conversation.deletedAt) {
    const hint = 'Its conversation was deleted; restore that first.';
    throw new NotFoundError('message for input.messageId', messageId, hint);
  }
  return { ...(await tx.message.findUniqueOrThrow({ where: { id: messageId } })), conversation };
}

export function requireNotDeleted({ deletedAt }: Message) {
  if (deletedAt)
    throw createInputError(
      'messageId',
      'DELETED',
      'is the id of a deleted message, which can not be changed.',
    );
}

// The log records only that a text changed, not its values: these stay in the message.
const TEXTS = new Set(['content', 'contentAttributes']);

type MessageUpdate = Partial<Pick<Message, 'content' | 'contentAttributes' | 'deliveryStatus' | 'deletedAt'>>;

/** Writes changes of a locked message and returns the event. Unchanged columns are ignored; without a change there is no event. */
export async function changeMessage(tx: Tx, before: LockedMessage, data: MessageUpdate): Promise<NewEvent[]> {
  const planned = planMessageChange(before, data);
  if (!planned) return [];
  const { set, event } = planned;
  await tx.message.update({
    where: { id: before.id },
    data: set as Prisma.MessageUncheckedUpdateInput,
    select: { id: true },
  });
  return [event];
}

/** Columns to set and the event of a change, without writing them. Null when nothing changes. */
export function planMessageChange(
  { conversation, ...before }: LockedMessage,
  data: MessageUpdate,
): { set: Partial<Message>; event: NewEvent } | null {
  const changes = diffFields(before, data).map((change) =>
    TEXTS.has(change.field) ? { field: change.field, before: null, after: null } : change,
  );
  if (changes.length === 0) return null;
  const isEdited = changes.some(({ field }) => field === 'content');
  const isPublic = before.publicSeq !== null;
  return {
    set: {
      ...data,
      updatedAt: conversation.now,
      ...(isEdited ? { editedAt: conversation.now } : {}),
    },
    event: buildConversationEvent(conversation, {
      type: 'MESSAGE_CHANGED',
      messageId: before.id,
      changes,
      isPublic,
    }),
  };
}

async function requireEditableContent(
  tx: Tx,
  viewer: Viewer,
  message: LockedMessage,
  content: string | null,
) {
  requireSender(viewer, message, 'content');
  if (message.contentType !== 'TEXT' || (content ?? '').trim() !== '') return;
  if ((await tx.attachment.count({ where: { messageId: message.id } })) > 0) return;
  throw createInputError(
    'content',
    'REQUIRED',
    `is empty; give 1 to ${LIMITS.message} characters, or delete the message.`,
  );
}

function requireSender(viewer: Viewer, { senderUserId, senderBotId }: Message, field: string) {
  if (viewer.id !== (senderUserId ?? senderBotId)) {
    throw createInputError(field, 'NOT_THE_SENDER', 'can only be changed by the sender of the message.');
  }
}

function requireDeliveryTransition(
  { direction, isPrivate, deliveryStatus }: Message,
  next: Message['deliveryStatus'],
) {
  if (direction !== 'OUTGOING' || isPrivate) {
    throw createInputError(
      'deliveryStatus',
      'NOT_OUTGOING',
      'exists only for messages from the team to the contact.',
    );
  }
  if (!isDeliveryTransitionAllowed(deliveryStatus, next)) {
    const allowed = NEXT_DELIVERY_STATUSES[deliveryStatus].join(', ') || 'nothing else';
    throw createInputError(
      'deliveryStatus',
      'INVALID_TRANSITION',
      `can't become ${next} after ${deliveryStatus}; it can become ${allowed}.`,
    );
  }
}

function toMessageUpdate(
  message: Message,
  { content, contentAttributes, deliveryStatus }: UpdateMessageInput,
): MessageUpdate {
  return {
    ...(content === undefined ? {} : { content }),
    ...(contentAttributes === undefined
      ? {}
      : { contentAttributes: keepSubmission(message, contentAttributes) }),
    ...(deliveryStatus == null ? {} : { deliveryStatus }),
  };
}

/** Keeps the submitted values of a form: its sender can not change them. */
function keepSubmission(message: Message, attributes: unknown): Prisma.JsonObject {
  // Plain objects, so that they compare equal to stored ones.
  const given: Prisma.JsonObject = JSON.parse(JSON.stringify(attributes ?? {}));
  const { submittedValues: _, submittedAt: __, ...rest } = given;
  const { submittedValues, submittedAt } = message.contentAttributes as Prisma.JsonObject;
  return submittedValues === undefined
    ? rest
    : { ...rest, submittedValues, ...(submittedAt === undefined ? {} : { submittedAt }) };
}
