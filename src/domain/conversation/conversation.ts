import { LIMITS } from '../../limits.ts';
import { requireAbility, requireTeam } from '../core/ability.ts';
import { type ConversationInput, createChangeOne, type RecordChange } from '../core/mutation.ts';
import { createValidation } from '../core/validation.ts';
import { isTeam, type Viewer } from '../core/viewer.ts';
import { createAnswers } from './answer.ts';
import { createBulkUpdate } from './bulk-update.ts';
import { insertNewConversation, validateNewConversation } from './create.ts';
import type {
  CreateConversationInput,
  RenameConversationInput,
  SetConversationPriorityInput,
  SetConversationStatusInput,
  UpdateConversationInput,
} from './input.ts';
import { createLabels } from './label.ts';
import { createMembers } from './member.ts';
import { createOwners } from './owner.ts';
import { createReadState } from './read-state.ts';
import { buildManualStatusChange, validateStatus } from './status-change.ts';
import { buildUpdate, validateUpdate } from './update.ts';

export type Conversations = ReturnType<typeof createConversations>;

/** Mutations of conversations. Each returns a receipt with the conversation's id; updateConversations returns one per conversation. */
export function createConversations({ recordChange }: { recordChange: RecordChange }) {
  const changeOne = createChangeOne({ recordChange });

  /** Creates the conversation, its contact where a new one is given, and its first message, in one transaction. */
  function createConversation(viewer: Viewer, input: CreateConversationInput) {
    validateNewConversation(viewer, input);
    return recordChange(viewer, { mutation: 'createConversation', input }, (tx) =>
      insertNewConversation(tx, viewer, input),
    );
  }

  function updateConversation(viewer: Viewer, input: UpdateConversationInput) {
    requireTeam(viewer, 'update conversations');
    validateUpdate(input);
    return changeOne(viewer, { mutation: 'updateConversation', input }, (tx, conversation) =>
      buildUpdate(tx, viewer, { conversation, input }),
    );
  }

  function renameConversation(viewer: Viewer, input: RenameConversationInput) {
    requireAbility(viewer, 'RENAME');
    const validation = createValidation();
    validation.requiredText('name', input.name, LIMITS.name);
    validation.text('detail', input.detail, LIMITS.detail);
    validation.finish();
    const { name, detail } = input;
    return changeOne(viewer, { mutation: 'renameConversation', input }, () => ({
      type: 'RENAMED',
      // An omitted detail stays; null clears it.
      data: detail === undefined ? { name } : { name, detail },
    }));
  }

  function setConversationStatus(viewer: Viewer, input: SetConversationStatusInput) {
    requireAbility(viewer, 'CHANGE_STATUS');
    const validation = createValidation();
    if (!isTeam(viewer) && input.expectedVersion != null) {
      validation.addIssue(
        'expectedVersion',
        'NOT_ALLOWED',
        'is for the team; a contact does not see versions.',
      );
    }
    validateStatus(validation, input);
    validation.finish();
    return changeOne(viewer, { mutation: 'setConversationStatus', input }, (_tx, conversation) =>
      buildManualStatusChange(viewer, conversation, input),
    );
  }

  /** An omitted priority clears it, like null. */
  function setConversationPriority(viewer: Viewer, input: SetConversationPriorityInput) {
    requireTeam(viewer, 'set the priority of conversations');
    return changeOne(viewer, { mutation: 'setConversationPriority', input }, () => ({
      type: 'PRIORITY_CHANGED',
      data: { priority: input.priority ?? null },
    }));
  }

  /** Soft delete: until it is restored, a conversation rejects changes and is hidden from its contact. */
  function deleteConversation(viewer: Viewer, input: ConversationInput) {
    requireAbility(viewer, 'DELETE');
    return changeOne(
      viewer,
      { mutation: 'deleteConversation', input, includeDeleted: true },
      (_tx, { deletedAt, now }) =>
        deletedAt === null ? { type: 'DELETED', data: { deletedAt: now } } : null,
    );
  }

  function restoreConversation(viewer: Viewer, input: ConversationInput) {
    requireAbility(viewer, 'DELETE');
    return changeOne(viewer, { mutation: 'restoreConversation', input, includeDeleted: true }, () => ({
      type: 'RESTORED',
      data: { deletedAt: null },
    }));
  }

  return {
    createConversation,
    updateConversation,
    renameConversation,
    setConversationStatus,
    setConversationPriority,
    deleteConversation,
    restoreConversation,
    ...createOwners({ changeOne, recordChange }),
    ...createMembers({ changeOne }),
    ...createLabels({ changeOne }),
    ...createAnswers({ changeOne }),
    ...createReadState({ recordChange }),
    ...createBulkUpdate({ recordChange }),
  };
}
