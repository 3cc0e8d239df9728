import { LIMITS } from '../../domain/core/limits.ts';
import { builder } from '../core/builder.ts';
import { VERSIONED_CHANGE } from '../core/change-errors.ts';
import { EXPECTED_VERSION, IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { reloadConversation } from '../core/mutation-result.ts';
import { Conversation } from './conversation.ts';

const UpdateConversationInput = builder.inputType('UpdateConversationInput', {
  description: 'What is to change of a conversation. A field left out stays; null clears it.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    name: t.string({ description: `Its name: 1 to ${LIMITS.name} characters. Can not be cleared.` }),
    detail: t.string({ description: `More about it, at most ${LIMITS.detail} characters.` }),
    channelId: t.id({ description: 'What it comes in through. Can not be cleared.' }),
    botId: t.id({ description: 'The bot that facilitates it. Cleared, the team answers.' }),
    websiteId: t.id({ description: 'The website that it began on.' }),
    audienceId: t.id({ description: 'The audience that it was aimed at.' }),
    businessUnitId: t.id({ description: 'The part of the organization that it belongs to.' }),
    customAttributes: t.field({
      type: 'JSON',
      description: `A JSON merge patch (RFC 7386): its keys are set, those that are null are removed, the others stay, so that two writers do not wipe out each other's. At most ${LIMITS.customAttributes} bytes of JSON afterwards. Null itself clears all.`,
    }),
    addBookings: t.stringList({
      description: `Ids of bookings to add, each of at most ${LIMITS.name} characters; ${LIMITS.bookings} in all at most.`,
    }),
    removeBookings: t.stringList({ description: 'Ids of bookings to remove.' }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationFields((t) => ({
  updateConversation: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description:
      'Changes name, detail, what it refers to, attributes and bookings. What is so already is no change. Not for contacts.',
    errors: { types: VERSIONED_CHANGE },
    args: {
      input: t.arg({ type: UpdateConversationInput, required: true, description: 'What is to change.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.updateConversation(context.viewer, input),
      ),
  }),
}));
