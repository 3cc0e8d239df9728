import { requireAbility } from './ability.ts';
import type { ChangeOne, ConversationInput } from './conversation-change.ts';
import { LIMITS } from './limits.ts';
import { changeList, type ListChange, type ListRule, validateListChange } from './list-change.ts';
import { createValidation } from './validation.ts';
import type { Viewer } from './viewer.ts';

const RULE: ListRule = {
  fields: { add: 'add', remove: 'remove' },
  max: LIMITS.labels,
  maxLength: LIMITS.label,
};

export interface SetConversationLabelsInput extends ConversationInput, ListChange {}

/** The team's labels of a conversation. */
export function createLabels({ changeOne }: { changeOne: ChangeOne }) {
  function setConversationLabels(viewer: Viewer, input: SetConversationLabelsInput) {
    requireAbility(viewer, 'LABEL');
    const validation = createValidation();
    validateListChange(validation, input, RULE);
    validation.finish();
    return changeOne(viewer, { mutation: 'setConversationLabels', input }, (_tx, { labels }) => ({
      type: 'LABELS_CHANGED',
      data: { labels: changeList(labels, input, RULE) },
    }));
  }

  return { setConversationLabels };
}
