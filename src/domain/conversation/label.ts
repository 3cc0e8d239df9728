import { requireAbility } from '../core/ability.ts';
import { applyListChange, createLabelRule, validateListChange } from '../core/list-change.ts';
import type { ChangeOne } from '../core/mutation.ts';
import { createValidation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import type { SetConversationLabelsInput } from './input.ts';

const LABEL_RULE = createLabelRule({ add: 'add', remove: 'remove' });

/** The team's labels of a conversation. */
export function createLabels({ changeOne }: { changeOne: ChangeOne }) {
  function setConversationLabels(viewer: Viewer, input: SetConversationLabelsInput) {
    requireAbility(viewer, 'LABEL');
    const validation = createValidation();
    validateListChange(validation, input, LABEL_RULE);
    validation.finish();
    return changeOne(viewer, { mutation: 'setConversationLabels', input }, (_tx, { labels }) => ({
      type: 'LABELS_CHANGED',
      data: { labels: applyListChange(labels, input, LABEL_RULE) },
    }));
  }

  return { setConversationLabels };
}
