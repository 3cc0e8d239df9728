import type { Tx } from '../../db/client.ts';
import type { Prisma } from '../../db/generated/prisma/client.ts';
import { LIMITS } from '../../limits.ts';
import { type ConversationChange, diffConversation } from '../core/conversation-change.ts';
import { diffCustomAttributes, mergeCustomAttributes } from '../core/custom-attributes.ts';
import { applyListChange, type ListRule, validateListChange } from '../core/list-change.ts';
import type { LockedConversation } from '../core/locking.ts';
import { requireReferences } from '../core/references.ts';
import { createValidation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import type { UpdateConversationInput } from './input.ts';

const BOOKINGS: ListRule = {
  fields: { add: 'addBookings', remove: 'removeBookings' },
  max: LIMITS.bookings,
  maxLength: LIMITS.name,
};

export async function buildUpdate(
  tx: Tx,
  viewer: Viewer,
  { conversation, input }: { conversation: LockedConversation; input: UpdateConversationInput },
): Promise<ConversationChange> {
  await requireReferences(tx, viewer, input);
  const change = buildFieldChange(conversation, input);
  const isRename = diffConversation(conversation, change).every(
    ({ field }) => field === 'name' || field === 'detail',
  );
  return { ...change, type: isRename ? 'RENAMED' : 'UPDATED' };
}

function buildAttributeChange(conversation: LockedConversation, patch: unknown) {
  const customAttributes = mergeCustomAttributes(conversation.customAttributes, patch);
  const alsoChanged = diffCustomAttributes(conversation.customAttributes, customAttributes);
  return { derived: { customAttributes: customAttributes as Prisma.JsonObject }, alsoChanged };
}

/** Throws InvalidInputError for issues that depend on the input alone. */
export function validateUpdate(input: UpdateConversationInput) {
  const validation = createValidation();
  if (input.name !== undefined) validation.requiredText('name', input.name, LIMITS.name);
  validation.text('detail', input.detail, LIMITS.detail);
  if (input.channelId === null) {
    validation.addIssue('channelId', 'REQUIRED', 'can not be cleared: every conversation has a channel.');
  }
  validation.object('customAttributes', input.customAttributes, LIMITS.customAttributes);
  validateListChange(validation, { add: input.addBookings, remove: input.removeBookings }, BOOKINGS);
  validation.finish();
}

function buildFieldChange(
  conversation: LockedConversation,
  input: UpdateConversationInput,
): Omit<ConversationChange, 'type'> {
  const { name, detail, channelId, botId, websiteId, audienceId, businessUnitId } = input;
  const { addBookings: add, removeBookings: remove, customAttributes: patch } = input;
  return {
    data: {
      ...(name == null ? {} : { name }),
      ...(channelId == null ? {} : { channelId }),
      detail,
      websiteId,
      audienceId,
      businessUnitId,
      botId,
      // Without a bot the conversation is handled by the team.
      ...(botId === null ? { handledBy: 'TEAM' } : {}),
      ...(add || remove
        ? { bookings: applyListChange(conversation.bookings, { add, remove }, BOOKINGS) }
        : {}),
    },
    ...(patch === undefined ? {} : buildAttributeChange(conversation, patch)),
  };
}
