import type { Tx } from '../../db/client.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { LIMITS } from '../../limits.ts';
import { requireTeam } from '../core/ability.ts';
import {
  type ConversationChange,
  changeConversation,
  diffConversation,
} from '../core/conversation-change.ts';
import { applyListChange, createLabelRule, validateListChange } from '../core/list-change.ts';
import { type LockedConversation, lockVisible } from '../core/locking.ts';
import type { RecordChange } from '../core/mutation.ts';
import { createValidation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import type { UpdateConversationsInput } from './input.ts';
import { buildAssignment } from './owner.ts';
import { buildManualStatusChange, validateStatus } from './status-change.ts';

const LABEL_RULE = createLabelRule({ add: 'addLabels', remove: 'removeLabels' });

export function createBulkUpdate({ recordChange }: { recordChange: RecordChange }) {
  /**
   * Applies the same changes to many conversations, each in its own transaction. Returns a receipt or an error per conversation, in
   * input order; a failed one does not stop the others.
   */
  async function updateConversations(
    viewer: Viewer,
    input: UpdateConversationsInput,
  ): Promise<(ChangeReceipt<string> | Error)[]> {
    requireTeam(viewer, 'change many conversations at once');
    validate(input);
    const results: (ChangeReceipt<string> | Error)[] = [];
    // Sequential: positions follow input order, and the organization does not use up its share of connections.
    for (const part of input.conversationIds) {
      try {
        results.push(
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
        results.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
    return results;
  }

  return { updateConversations };
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
  const seen = new Set<string>();
  validation.list('conversationIds', conversationIds, LIMITS.conversationsAtOnce, (path, id) => {
    if (seen.has(id)) validation.addIssue(path, 'DUPLICATE', 'is given more than once.');
    seen.add(id);
  });
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
      'is missing, as are all other changes; give a status, ownerId, priority, addLabels or removeLabels.',
    );
  }
  validation.finish();
}

/** One change per kind of field in the input. */
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

/** Merges changes into one UPDATED; a single effective change keeps its type. Null when nothing changes. */
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
