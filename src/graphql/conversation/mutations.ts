import { LIMITS } from '../../domain/core/limits.ts';
import {
  ContactBlockedError,
  ContactConflictError,
  IdempotencyKeyReusedError,
  InvalidInputError,
  InvalidTransitionError,
  NotFoundError,
} from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { VERSIONED_CHANGE } from '../core/change-errors.ts';
import { EXPECTED_VERSION, IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { ConversationPriority, ConversationStatus } from '../core/enums.ts';
import { reloadConversation } from '../core/mutation-result.ts';
import { Conversation } from './conversation.ts';
import { CreateConversationInput } from './create-input.ts';

const RenameConversationInput = builder.inputType('RenameConversationInput', {
  description: 'What a conversation is to be called.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    name: t.string({ required: true, description: `The new name: 1 to ${LIMITS.name} characters.` }),
    detail: t.string({
      description: `More about it, at most ${LIMITS.detail} characters. Left out, it stays; null clears it.`,
    }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const SetConversationStatusInput = builder.inputType('SetConversationStatusInput', {
  description: 'How a conversation is to stand.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    status: t.field({ type: ConversationStatus, required: true, description: 'The new status.' }),
    snoozedUntil: t.field({
      type: 'DateTime',
      description: 'For SNOOZED, and only there: when it is to open again. In the future.',
    }),
    expectedVersion: t.int({ description: `${EXPECTED_VERSION} Not for contacts.` }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const SetConversationPriorityInput = builder.inputType('SetConversationPriorityInput', {
  description: 'How urgent a conversation is.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    priority: t.field({
      type: ConversationPriority,
      description: 'The new priority. Null or left out: nobody says.',
    }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationFields((t) => ({
  createConversation: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description:
      'Opens a conversation, with a contact that exists or is made, and with a first message if wanted.',
    errors: {
      types: [
        NotFoundError,
        InvalidInputError,
        ContactConflictError,
        ContactBlockedError,
        IdempotencyKeyReusedError,
      ],
    },
    args: {
      input: t.arg({ type: CreateConversationInput, required: true, description: 'What it is to be.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(query, context, await context.createConversation(context.viewer, input)),
  }),
  renameConversation: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: 'Changes name and detail. The same again changes nothing and is no event. Not for contacts.',
    errors: { types: VERSIONED_CHANGE },
    args: { input: t.arg({ type: RenameConversationInput, required: true, description: 'The new name.' }) },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.renameConversation(context.viewer, input),
      ),
  }),
  setConversationStatus: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: 'Changes the status; `allowedStatuses` says to what. A contact may only make it RESOLVED.',
    errors: { types: [...VERSIONED_CHANGE, InvalidTransitionError] },
    args: {
      input: t.arg({ type: SetConversationStatusInput, required: true, description: 'The new status.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.setConversationStatus(context.viewer, input),
      ),
  }),
  setConversationPriority: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: 'Says how urgent it is, or takes that back. Not for contacts, who do not see it.',
    errors: { types: VERSIONED_CHANGE },
    args: {
      input: t.arg({ type: SetConversationPriorityInput, required: true, description: 'The new priority.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.setConversationPriority(context.viewer, input),
      ),
  }),
}));
