import type { Tx } from '../../db/client.ts';
import type { ConversationPriority } from '../../db/generated/prisma/enums.ts';
import type { Recorded } from '../../feed/feed.ts';
import { requireTeam } from '../core/ability.ts';
import { type Change, changeConversation, changesOf } from '../core/change.ts';
import { LIMITS } from '../core/limits.ts';
import { changeList, type ListRule, validateListChange } from '../core/list-change.ts';
import { type LockedConversation, lockVisible } from '../core/locking.ts';
import type { RecordChange } from '../core/record-mutation.ts';
import { createValidation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import { assigning } from './owner.ts';
import { type Standing, settingStatus, validateStanding } from './status-change.ts';

const LABELS: ListRule = {
  fields: { add: 'addLabels', remove: 'removeLabels' },
  max: LIMITS.labels,
  maxLength: LIMITS.label,
};

/** What is left out stays; without an owner or a priority, where that is null. */
export interface UpdateConversationsInput extends Standing {
  conversationIds: readonly string[];
  ownerId?: string | null | undefined;
  priority?: ConversationPriority | null | undefined;
  addLabels?: readonly string[] | null | undefined;
  removeLabels?: readonly string[] | null | undefined;
  idempotencyKey?: string | null | undefined;
}

export function createUpdateConversations({ recordChange }: { recordChange: RecordChange }) {
  /**
   * Changes many alike. Each is a change of its own, with what came of it, in the order given: where it stands in the stream, or
   * why it was not made. One that fails stops no other.
   */
  return async function updateConversations(
    viewer: Viewer,
    input: UpdateConversationsInput,
  ): Promise<(Recorded<string> | Error)[]> {
    requireTeam(viewer, 'change many conversations at once');
    validate(input);
    const outcomes: (Recorded<string> | Error)[] = [];
    // One after another: the last has the last place in the stream, and the organization keeps its connections for others.
    for (const part of input.conversationIds) {
      try {
        outcomes.push(
          await recordChange(viewer, { mutation: 'updateConversations', input, part }, async (tx) => {
            const conversation = await lockVisible(tx, viewer, part, { field: 'conversationIds' });
            const change = together(conversation, await changesFor(tx, viewer, { conversation, input }));
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
    validation.refuse('conversationIds', 'REQUIRED', 'is empty; give at least one id.');
  }
  validation.list('conversationIds', conversationIds, LIMITS.conversationsAtOnce);
  const seen = new Set<string>();
  for (const [index, id] of conversationIds.entries()) {
    if (seen.has(id)) {
      validation.refuse(
        `conversationIds.${index}`,
        'DUPLICATE',
        'is in the list already; give each id once.',
      );
    }
    seen.add(id);
  }
  validateStanding(validation, input);
  validateListChange(validation, { add: addLabels, remove: removeLabels }, LABELS);
  if (
    !status &&
    ownerId === undefined &&
    priority === undefined &&
    !addLabels?.length &&
    !removeLabels?.length
  ) {
    validation.refuse(
      'status',
      'REQUIRED',
      'is missing, and so is all else; give a status, ownerId, priority, addLabels or removeLabels.',
    );
  }
  validation.finish();
}

/** A change for each kind of thing that was asked for. */
async function changesFor(
  tx: Tx,
  viewer: Viewer,
  { conversation, input }: { conversation: LockedConversation; input: UpdateConversationsInput },
): Promise<Change[]> {
  const { status, snoozedUntil, ownerId: userId, priority, addLabels: add, removeLabels: remove } = input;
  const changes: Change[] = [];
  if (status) changes.push(settingStatus(viewer, conversation, { status, snoozedUntil }));
  if (userId !== undefined) {
    changes.push(await assigning(tx, viewer, { conversation, field: 'ownerId', userId }));
  }
  if (priority !== undefined) changes.push({ type: 'PRIORITY_CHANGED', data: { priority } });
  if (add || remove) {
    const labels = changeList(conversation.labels, { add, remove }, LABELS);
    changes.push({ type: 'LABELS_CHANGED', data: { labels } });
  }
  return changes;
}

/** Several changes as one; null where nothing remains to be changed. */
function together(conversation: LockedConversation, changes: Change[]): Change | null {
  const made = changes.filter((change) => changesOf(conversation, change).length > 0);
  const [only = null, ...others] = made;
  if (others.length === 0) return only;
  return made.reduce((all, change) => ({
    type: 'UPDATED',
    data: { ...all.data, ...change.data },
    consequences: { ...all.consequences, ...change.consequences },
    alsoChanged: [...(all.alsoChanged ?? []), ...(change.alsoChanged ?? [])],
    ...subjectOf(all),
    ...subjectOf(change),
  }));
}

function subjectOf({ subjectUserId }: Change) {
  return subjectUserId === undefined ? {} : { subjectUserId };
}
