import {
  IdempotencyKeyReusedError,
  InvalidInputError,
  InvalidTransitionError,
  NotFoundError,
} from '../../errors.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { CHANGE_COST, STATEMENT_COST } from '../core/complexity.ts';
import { ConversationPriority, ConversationStatus } from '../core/enums.ts';
import { loadNodes } from '../core/load-nodes.ts';
import { attachChangeExtensions, defineMutationInput } from '../core/mutation.ts';
import { Conversation } from './conversation.ts';

const UpdateConversationsInput = defineMutationInput('UpdateConversationsInput', {
  description:
    'Changes to make to each of several conversations; at least one is needed. Omitted fields are unchanged.',
  fields: (t) => ({
    conversationIds: t.idList({
      required: true,
      description: `Ids of 1 to ${LIMITS.conversationsAtOnce} conversations, CVR-…, without duplicates.`,
    }),
    status: t.field({
      type: ConversationStatus,
      description: 'The new status of all conversations; each must allow it (allowedStatuses).',
    }),
    snoozedUntil: t.field({
      type: 'DateTime',
      description:
        'Time in the future at which the conversations open again. Required for SNOOZED, not allowed for other statuses.',
    }),
    ownerId: t.id({ description: 'Id of the new owner, USR-…, who also becomes a member. Null: no owner.' }),
    priority: t.field({ type: ConversationPriority, description: 'The new priority. Null: no priority.' }),
    addLabels: t.stringList({
      description: `Labels to add, each of 1 to ${LIMITS.label} characters. A conversation has at most ${LIMITS.labels}.`,
    }),
    removeLabels: t.stringList({
      description: `Labels to remove, at most ${LIMITS.labels}. Labels that a conversation doesn't have are ignored.`,
    }),
  }),
});

const ConversationsUpdated = builder
  .objectRef<{ outcomes: (string | Error)[] }>('ConversationsUpdated')
  .implement({
    description: 'Results of updateConversations, one for each conversation.',
    fields: (t) => ({
      results: t.field({
        type: [Conversation],
        // Nullable items: an error that is no union member, such as BUSY, must not lose the other results.
        nullable: { list: false, items: true },
        visibility: 'public',
        // The mutation's own complexity multiplies by the number of ids.
        complexity: { multiplier: 1 },
        description:
          'For each id, in the given order: the conversation as it is now, or the error for which it was not changed. Null if the response has an error at this path instead, such as BUSY.',
        itemErrors: {
          types: [NotFoundError, InvalidInputError, InvalidTransitionError, IdempotencyKeyReusedError],
          union: {
            name: 'UpdateConversationsItemResult',
            description: 'A changed conversation, or the error for which it was not changed.',
          },
        },
        resolve: async ({ outcomes }, _args, context, info) => {
          const ids = outcomes.filter((outcome) => typeof outcome === 'string');
          const rows = await loadNodes(ids, context, info);
          const byId = new Map(ids.map((id, index) => [id, rows[index]]));
          return outcomes.map((outcome) =>
            typeof outcome === 'string' ? (byId.get(outcome) ?? null) : outcome,
          ) as never;
        },
      }),
    }),
  });

/** Puts replayed changes first: the last one sets the cursor of the response, which must be the newest. */
function sortReplayedFirst(changes: ChangeReceipt<string>[]): ChangeReceipt<string>[] {
  return changes.toSorted((one, other) => Number(other.isReplayed) - Number(one.isReplayed));
}

builder.mutationField('updateConversations', (t) =>
  t.field({
    type: ConversationsUpdated,
    nullable: true,
    visibility: 'public',
    description:
      'Changes several conversations, each in its own transaction and with its own result: an error of one does not stop the others. Creates at most one event per conversation. Team only.',
    errors: { types: [InvalidInputError] },
    complexity: ({ input: { conversationIds } }) => {
      const changes = Math.min(conversationIds.length, LIMITS.conversationsAtOnce);
      return { field: STATEMENT_COST + CHANGE_COST * changes, multiplier: changes };
    },
    args: {
      input: t.arg({
        type: UpdateConversationsInput,
        required: true,
        description:
          'The conversations, and the changes to make to each. With an idempotencyKey, a repeated request is applied only once.',
      }),
    },
    resolve: async (_root, { input }, context) => {
      const outcomes = await context.conversations.updateConversations(context.viewer, input);
      const made = outcomes.flatMap((outcome) => (outcome instanceof Error ? [] : [outcome]));
      for (const change of sortReplayedFirst(made)) attachChangeExtensions(context, change);
      return { outcomes: outcomes.map((outcome) => (outcome instanceof Error ? outcome : outcome.result)) };
    },
  }),
);
