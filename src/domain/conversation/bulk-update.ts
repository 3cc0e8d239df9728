import type { Tx } from '../../db/client.ts';
import type { ConversationPriority } from '../../db/generated/prisma/enums.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { requireTeam } from '../core/ability.ts';
import {
  type ConversationChange,
  changeConversation,
  diffConversation,
} from '../core/conversation-change.ts';
import { LIMITS } from '../core/limits.ts';
import { applyListChange, type ListRule, validateListChange } from '../core/list-change.ts';
import { type LockedConversation, lockVisible } from '../core/locking.ts';
import type { RecordChange } from '../core/mutation.ts';
import { createValidation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import { buildAssignment } from './owner.ts';
import { buildManualStatusChange, type StatusInput, validateStatus } from './status-change.ts';

const LABEL_RULE: ListRule = {
  fields: { add: 'addLabels', remove: 'removeLabels' },
  max: LIMITS.labels,
  maxLength: LIMITS.label,
};

/** What is left out stays; without an owner or a priority, where that is null. */
export interface UpdateConversationsInput extends StatusInput {
  conversationIds: readonly string[];
  ownerId?: string | null | undefined;
  priority?: ConversationPriority | null | undefined;
  addLabels?: readonly string[] | null | undefined;
  removeLabels?: readonly string[] | null | undefined;
  idempotencyKey?: string | null | undefined;
}

export function createBulkUpdate({ recordChange }: { recordChange: RecordChange }) {
  /**
   * Changes many alike. Each is a change of its own, with what came of it, in the order given: where it stands in the stream, or
   * why it was not made. One that fails stops no other.
   */
  return async function updateConversations(
    viewer: Viewer,
    input: UpdateConversationsInput,
  ): Promise<(ChangeReceipt<string> | Error)[]> {
    requireTeam(viewer, 'change many conversations at once');
    validate(input);
    const outcomes: (ChangeReceipt<string> | Error)[] = [];
    // One after another: the last has the last place in the stream, and the organization keeps its connections for others.
    for (const part of input.conversationIds) {
      try {
        outcomes.push(
          await recordChange(viewer, { mutation: 'updateConversations', input, part }, async (tx) => {
            const conversation = await lockVisible(tx, viewer, part, { field: 'conversationIds' });
            const change = mergeChanges(
              conversation,
              await buildChanges(tx, viewer, { conversation, input }),
            );
            const events = change ? await changeConversation(tx, conversation, change) : [];
            return { result: conversation.id, events };
          }),
        );
      } catch (error) {
        outcomes.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
    return outcomes;
  };
}

function validate(input: UpdateConversationsInput) {
  const { conversationIds, status, ownerId, priority, addLabels, removeLabels, idempotencyKey } = input;
  const validation = createValidation();
  if (idempotencyKey != null) {
    validation.requiredText('idempotencyKey', idempotencyKey, LIMITS.idempotencyKey);
  }
  if (conversationIds.length === 0) {
    validation.addIssue('conversationIds', 'REQUIRED', 'is empty; give at least one id.');
  }
  validation.list('conversationIds', conversationIds, LIMITS.conversationsAtOnce);
  const seen = new Set<string>();
  for (const [index, id] of conversationIds.entries()) {
    if (seen.has(id)) {
      validation.addIssue(
        `conversationIds.${index}`,
        'DUPLICATE',
        'is in the list already; give each id once.',
      );
    }
    seen.add(id);
  }
  validateStatus(validation, input);
  validateListChange(validation, { add: addLabels, remove: removeLabels }, LABEL_RULE);
  if (
    !status &&
    ownerId === undefined &&
    priority === undefined &&
    !addLabels?.length &&
    !removeLabels?.length
  ) {
    validation.addIssue(
      'status',
      'REQUIRED',
      'is missing, and so is all else; give a status, ownerId, priority, addLabels or removeLabels.',
    );
  }
  validation.finish();
}

/** A change for each kind of thing that was asked for. */
async function buildChanges(
  tx: Tx,
  viewer: Viewer,
  { conversation, input }: { conversation: LockedConversation; input: UpdateConversationsInput },
): Promise<ConversationChange[]> {
  const { status, snoozedUntil, ownerId: userId, priority, addLabels: add, removeLabels: remove } = input;
  const changes: ConversationChange[] = [];
  if (status) changes.push(buildManualStatusChange(viewer, conversation, { status, snoozedUntil }));
  if (userId !== undefined) {
    changes.push(await buildAssignment(tx, viewer, { conversation, field: 'ownerId', userId }));
  }
  if (priority !== undefined) changes.push({ type: 'PRIORITY_CHANGED', data: { priority } });
  if (add || remove) {
    const labels = applyListChange(conversation.labels, { add, remove }, LABEL_RULE);
    changes.push({ type: 'LABELS_CHANGED', data: { labels } });
  }
  return changes;
}

/** Several changes as one; null where nothing remains to be changed. */
function mergeChanges(
  conversation: LockedConversation,
  changes: ConversationChange[],
): ConversationChange | null {
  const made = changes.filter((change) => diffConversation(conversation, change).length > 0);
  const [only = null, ...others] = made;
  if (others.length === 0) return only;
  return made.reduce((all, change) => ({
    type: 'UPDATED',
    data: { ...all.data, ...change.data },
    derived: { ...all.derived, ...change.derived },
    alsoChanged: [...(all.alsoChanged ?? []), ...(change.alsoChanged ?? [])],
    ...pickSubject(all),
    ...pickSubject(change),
  }));
}

function pickSubject({ subjectUserId }: ConversationChange) {
  return subjectUserId === undefined ? {} : { subjectUserId };
}
