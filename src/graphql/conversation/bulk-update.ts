import { queryFromInfo } from '@pothos/plugin-prisma';
import { visibleTo } from '../../domain/core/access.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import {
  IdempotencyKeyReusedError,
  InvalidInputError,
  InvalidTransitionError,
  NotFoundError,
} from '../../errors.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { ConversationPriority, ConversationStatus } from '../core/enums.ts';
import { attachChangeExtensions } from '../core/mutation-result.ts';
import { Conversation } from './conversation.ts';

const UpdateConversationsInput = builder.inputType('UpdateConversationsInput', {
  description: 'What is to change of many conversations; at least one thing. What is left out stays.',
  fields: (t) => ({
    conversationIds: t.idList({
      required: true,
      description: `Which conversations: 1 to ${LIMITS.conversationsAtOnce} ids, each once.`,
    }),
    status: t.field({ type: ConversationStatus, description: 'The new status.' }),
    snoozedUntil: t.field({
      type: 'DateTime',
      description: 'For SNOOZED, and only there: when they are to open again. In the future.',
    }),
    ownerId: t.id({ description: 'The team member who is to answer for them. Null: nobody.' }),
    priority: t.field({ type: ConversationPriority, description: 'The new priority. Null: nobody says.' }),
    addLabels: t.stringList({
      description: `Labels to add, each of 1 to ${LIMITS.label} characters; ${LIMITS.labels} a conversation at most.`,
    }),
    removeLabels: t.stringList({ description: 'Labels to remove.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const ConversationsUpdated = builder
  .objectRef<{ outcomes: (string | Error)[] }>('ConversationsUpdated')
  .implement({
    description: 'What came of a change of many conversations.',
    fields: (t) => ({
      results: t.field({
        type: [Conversation],
        // Not to lose the others: what is no refusal, such as BUSY, is null here and stands among the errors.
        nullable: { list: false, items: true },
        visibility: 'public',
        // The mutation itself counts them.
        complexity: { multiplier: 1 },
        description:
          'For each, in the order given, the conversation as it stands now, or why it was not changed; null where there is an error at this place instead.',
        itemErrors: {
          types: [NotFoundError, InvalidInputError, InvalidTransitionError, IdempotencyKeyReusedError],
          union: {
            name: 'UpdateConversationsItemResult',
            description: 'A conversation that was changed, or why it was not.',
          },
        },
        resolve: async ({ outcomes }, _args, context, info) => {
          const ids = outcomes.filter((outcome) => typeof outcome === 'string');
          const query = queryFromInfo({
            context,
            info,
            typeName: 'Conversation',
            select: { id: true } as const,
          });
          const where = { AND: [{ id: { in: ids } }, visibleTo(context.viewer)] };
          const rows = await context.db.conversation.findMany({ ...query, where });
          const byId = new Map(rows.map((row) => [row.id, row]));
          return outcomes.map((outcome) =>
            typeof outcome === 'string' ? (byId.get(outcome) ?? null) : outcome,
          ) as never;
        },
      }),
    }),
  });

/** Those that were made now last, so that the last has the newest cursor. */
function sortReplayedFirst(changes: ChangeReceipt<string>[]): ChangeReceipt<string>[] {
  return changes.toSorted((one, other) => Number(other.isReplayed) - Number(one.isReplayed));
}

builder.mutationField('updateConversations', (t) =>
  t.field({
    type: ConversationsUpdated,
    nullable: true,
    visibility: 'public',
    description:
      'Changes many at once, each by itself with its own result: one refusal stops no other. One event a conversation, at most. Not for contacts.',
    errors: { types: [InvalidInputError] },
    complexity: ({ input }) => ({ field: 1, multiplier: input.conversationIds.length }),
    args: {
      input: t.arg({ type: UpdateConversationsInput, required: true, description: 'Which, and what.' }),
    },
    resolve: async (_root, { input }, context) => {
      const outcomes = await context.conversations.updateConversations(context.viewer, input);
      const made = outcomes.flatMap((outcome) => (outcome instanceof Error ? [] : [outcome]));
      for (const change of sortReplayedFirst(made)) attachChangeExtensions(context, change);
      return { outcomes: outcomes.map((outcome) => (outcome instanceof Error ? outcome : outcome.result)) };
    },
  }),
);
