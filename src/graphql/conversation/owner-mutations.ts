import { LIMITS } from '../../domain/core/limits.ts';
import { AlreadyAssignedError } from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { UNVERSIONED_CHANGE, VERSIONED_CHANGE } from '../core/change-errors.ts';
import { EXPECTED_VERSION, IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { reloadConversation } from '../core/mutation-result.ts';
import { Conversation } from './conversation.ts';
import { ConversationInput } from './input.ts';

const AssignConversationInput = builder.inputType('AssignConversationInput', {
  description: 'Who is to answer for a conversation.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    userId: t.id({ description: 'The team member. Null or left out: nobody.' }),
    expectedVersion: t.int({ description: EXPECTED_VERSION }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const HandOverConversationInput = builder.inputType('HandOverConversationInput', {
  description: 'Who is to go on with a conversation.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'Which conversation.' }),
    to: t.id({
      description:
        'A team member (USR-…), who becomes owner and member; or a bot (BOT-…), and then nobody owns it. Null or left out: the queue, that is the team, with no owner.',
    }),
    note: t.string({
      description: `A note among the team for whoever goes on, 1 to ${LIMITS.message} characters: written together with the change, or not at all.`,
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationFields((t) => ({
  assignConversation: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: 'Makes a team member the owner, and a member; or nobody the owner. Not for contacts.',
    errors: { types: VERSIONED_CHANGE },
    args: { input: t.arg({ type: AssignConversationInput, required: true, description: 'The new owner.' }) },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.assignConversation(context.viewer, input),
      ),
  }),
  claimConversation: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description:
      'Takes a conversation that nobody owns: the viewer becomes owner and member. Of any number of callers at once exactly one gets it; the others are answered with who did. For team members.',
    errors: { types: [...VERSIONED_CHANGE, AlreadyAssignedError] },
    args: { input: t.arg({ type: ConversationInput, required: true, description: 'Which conversation.' }) },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.claimConversation(context.viewer, input),
      ),
  }),
  handOverConversation: t.prismaField({
    type: Conversation,
    nullable: true,
    visibility: 'public',
    description: 'From the bot to a team member or to the queue, or back to a bot. Not for contacts.',
    errors: { types: UNVERSIONED_CHANGE },
    args: { input: t.arg({ type: HandOverConversationInput, required: true, description: 'To whom.' }) },
    resolve: async (query, _root, { input }, context) =>
      reloadConversation(
        query,
        context,
        await context.conversations.handOverConversation(context.viewer, input),
      ),
  }),
}));
