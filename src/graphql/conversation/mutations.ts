import { ContactBlockedError, ContactConflictError, InvalidTransitionError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { ConversationPriority, ConversationStatus } from '../core/enums.ts';
import {
  defineMutation,
  defineMutationInput,
  expectedVersion,
  UPDATE_ERRORS,
  VERSIONED_UPDATE_ERRORS,
} from '../core/mutation.ts';
import { Conversation } from './conversation.ts';
import { AnswerInput, ConversationInput, CreateConversationInput, conversationId } from './input.ts';

defineMutation({ type: Conversation }, 'createConversation', {
  description:
    'Creates a conversation, together with its contact and its first message where they are given. A contact creates a conversation of their own.',
  errors: [...UPDATE_ERRORS, ContactConflictError, ContactBlockedError],
  input: CreateConversationInput,
  change: ({ conversations, viewer }, input) => conversations.createConversation(viewer, input),
});

defineMutation({ type: Conversation }, 'renameConversation', {
  description:
    'Changes the name and the detail of a conversation. Equal values change nothing and create no event. Team only.',
  errors: VERSIONED_UPDATE_ERRORS,
  input: defineMutationInput('RenameConversationInput', {
    description: 'The new name, and optionally the new detail, of a conversation.',
    fields: (t) => ({
      conversationId: conversationId(t),
      name: t.string({ required: true, description: `The new name, 1 to ${LIMITS.name} characters.` }),
      detail: t.string({
        description: `The new longer description, at most ${LIMITS.detail} characters. Omitted: unchanged. Null: removed.`,
      }),
      expectedVersion: expectedVersion(t),
    }),
  }),
  change: ({ conversations, viewer }, input) => conversations.renameConversation(viewer, input),
});

defineMutation({ type: Conversation }, 'updateConversation', {
  description:
    'Changes the name, detail, related objects, custom attributes and bookings of a conversation. Equal values change nothing and create no event. Team only.',
  errors: VERSIONED_UPDATE_ERRORS,
  input: defineMutationInput('UpdateConversationInput', {
    description:
      'The values of a conversation to change. An omitted field is unchanged; null clears it where the description allows that.',
    fields: (t) => ({
      conversationId: conversationId(t),
      name: t.string({ description: `The new name, 1 to ${LIMITS.name} characters. Cannot be null.` }),
      detail: t.string({
        description: `The new longer description, at most ${LIMITS.detail} characters. Null removes it.`,
      }),
      channelId: t.id({ description: 'Id of the new channel, CHN-…. Cannot be null.' }),
      botId: t.id({
        description:
          'Id of the new bot, BOT-…. Null removes the bot, and the team handles the conversation (handledBy TEAM).',
      }),
      websiteId: t.id({
        description: 'Id of the website on which the conversation began, WEB-…. Null removes it.',
      }),
      audienceId: t.id({
        description: 'Id of the audience at which the conversation was aimed, AUD-…. Null removes it.',
      }),
      businessUnitId: t.id({
        description: 'Id of the business unit that the conversation belongs to, BUN-…. Null removes it.',
      }),
      customAttributes: t.field({
        type: 'JSON',
        description: `A JSON merge patch (RFC 7386) of the custom attributes: given keys are set, keys with null are removed, all others stay, so that concurrent changes of different keys don't overwrite each other. The result has at most ${LIMITS.customAttributes} bytes of JSON. Null removes all attributes.`,
      }),
      addBookings: t.stringList({
        description: `Ids of bookings to add, each of 1 to ${LIMITS.name} characters; a conversation has at most ${LIMITS.bookings}.`,
      }),
      removeBookings: t.stringList({
        description: `Ids of bookings to remove, at most ${LIMITS.bookings}. Unknown ids are ignored.`,
      }),
      expectedVersion: expectedVersion(t),
    }),
  }),
  change: ({ conversations, viewer }, input) => conversations.updateConversation(viewer, input),
});

defineMutation({ type: Conversation }, 'setConversationStatus', {
  description:
    'Changes the status of a conversation to one of its `allowedStatuses`. A contact can only set RESOLVED.',
  errors: [...VERSIONED_UPDATE_ERRORS, InvalidTransitionError],
  input: defineMutationInput('SetConversationStatusInput', {
    description: 'The new status of a conversation.',
    fields: (t) => ({
      conversationId: conversationId(t),
      status: t.field({
        type: ConversationStatus,
        required: true,
        description: 'The new status, one of the `allowedStatuses` of the conversation.',
      }),
      snoozedUntil: t.field({
        type: 'DateTime',
        description:
          'Time in the future at which the conversation opens again. Required for SNOOZED, not allowed for other statuses.',
      }),
      expectedVersion: expectedVersion(t),
    }),
  }),
  change: ({ conversations, viewer }, input) => conversations.setConversationStatus(viewer, input),
});

defineMutation({ type: Conversation }, 'setConversationPriority', {
  description: "Sets or clears the priority of a conversation. Team only; contacts don't see priorities.",
  errors: VERSIONED_UPDATE_ERRORS,
  input: defineMutationInput('SetConversationPriorityInput', {
    description: 'The new priority of a conversation.',
    fields: (t) => ({
      conversationId: conversationId(t),
      priority: t.field({
        type: ConversationPriority,
        description: 'The new priority. Omitted or null: the conversation has no priority.',
      }),
      expectedVersion: expectedVersion(t),
    }),
  }),
  change: ({ conversations, viewer }, input) => conversations.setConversationPriority(viewer, input),
});

defineMutation({ type: Conversation }, 'setConversationLabels', {
  description:
    "Adds and removes labels one by one, so that concurrent changes don't overwrite each other. Team only.",
  input: defineMutationInput('SetConversationLabelsInput', {
    description: 'Labels to add to a conversation and labels to remove from it; all others stay.',
    fields: (t) => ({
      conversationId: conversationId(t),
      add: t.stringList({
        description: `Labels to add, each of 1 to ${LIMITS.label} characters; surrounding whitespace is dropped. A conversation has at most ${LIMITS.labels}. Labels that it already has keep their place.`,
      }),
      remove: t.stringList({
        description: `Labels to remove, at most ${LIMITS.labels}. Labels that the conversation doesn't have are ignored.`,
      }),
    }),
  }),
  change: ({ conversations, viewer }, input) => conversations.setConversationLabels(viewer, input),
});

defineMutation({ type: Conversation }, 'recordAnswers', {
  description:
    'Records questions that the contact was asked, such as by a bot, with their answers. Team only.',
  input: defineMutationInput('RecordAnswersInput', {
    description: 'Questions and answers to add to a conversation.',
    fields: (t) => ({
      conversationId: conversationId(t),
      answers: t.field({
        type: [AnswerInput],
        required: true,
        description: `At least one; a conversation has at most ${LIMITS.answers}. An answer to a known question (same questionId, or without questionId the same text) replaces the earlier one and keeps its internalLabel if none is given. New questions are appended.`,
      }),
    }),
  }),
  change: ({ conversations, viewer }, input) => conversations.recordAnswers(viewer, input),
});

defineMutation({ type: Conversation }, 'deleteConversation', {
  description:
    'Deletes a conversation. Its contact no longer sees it, and it cannot be changed until it is restored. The team still finds it by id and with the filter `isDeleted`. For users of the team, not for bots or contacts.',
  errors: VERSIONED_UPDATE_ERRORS,
  input: ConversationInput,
  change: ({ conversations, viewer }, input) => conversations.deleteConversation(viewer, input),
});

defineMutation({ type: Conversation }, 'restoreConversation', {
  description:
    'Restores a deleted conversation with all its values. For users of the team, not for bots or contacts.',
  errors: VERSIONED_UPDATE_ERRORS,
  input: ConversationInput,
  change: ({ conversations, viewer }, input) => conversations.restoreConversation(viewer, input),
});
