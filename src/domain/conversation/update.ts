import type { Prisma } from '../../db/generated/prisma/client.ts';
import { requireTeam } from '../core/ability.ts';
import { type ConversationChange, diffConversation } from '../core/conversation-change.ts';
import { diffCustomAttributes, mergeCustomAttributes } from '../core/custom-attributes.ts';
import { LIMITS } from '../core/limits.ts';
import { applyListChange, type ListRule, validateListChange } from '../core/list-change.ts';
import type { LockedConversation } from '../core/locking.ts';
import type { ChangeOne, ConversationInput } from '../core/mutation.ts';
import { type References, requireReferences } from '../core/references.ts';
import { createValidation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';

const BOOKINGS: ListRule = {
  fields: { add: 'addBookings', remove: 'removeBookings' },
  max: LIMITS.bookings,
  maxLength: LIMITS.name,
};

/** An omitted field stays; null clears it. */
export interface UpdateConversationInput extends ConversationInput, References {
  name?: string | null | undefined;
  detail?: string | null | undefined;
  customAttributes?: unknown;
  addBookings?: readonly string[] | null | undefined;
  removeBookings?: readonly string[] | null | undefined;
}

export function createUpdateConversation({ changeOne }: { changeOne: ChangeOne }) {
  return function updateConversation(viewer: Viewer, input: UpdateConversationInput) {
    requireTeam(viewer, 'update conversations');
    validate(input);
    return changeOne(viewer, { mutation: 'updateConversation', input }, async (tx, conversation) => {
      await requireReferences(tx, viewer, input);
      return withEventType(conversation, buildUpdate(conversation, input));
    });
  };
}

function buildAttributeChange(conversation: LockedConversation, patch: unknown) {
  const customAttributes = mergeCustomAttributes(conversation.customAttributes, patch);
  const alsoChanged = diffCustomAttributes(conversation.customAttributes, customAttributes);
  return { derived: { customAttributes: customAttributes as Prisma.JsonObject }, alsoChanged };
}

function validate(input: UpdateConversationInput) {
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

function buildUpdate(
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

/** Logs the change as RENAMED when only name or detail change, else as UPDATED. */
function withEventType(
  conversation: LockedConversation,
  change: Omit<ConversationChange, 'type'>,
): ConversationChange {
  const isRenaming = diffConversation(conversation, change).every(
    ({ field }) => field === 'name' || field === 'detail',
  );
  return { ...change, type: isRenaming ? 'RENAMED' : 'UPDATED' };
}
