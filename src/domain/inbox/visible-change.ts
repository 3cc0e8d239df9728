import type { EventType } from '../../db/generated/prisma/enums.ts';
import type { FieldChange } from '../../feed/event.ts';
import { selectPublicContactChanges } from '../contact/change.ts';
import { PUBLIC_FIELD_NAMES, toPublicChanges } from '../core/conversation-change.ts';
import { isTeam, type ReadScope } from '../core/viewer.ts';

/** The changes of an event as the reader's fields show them: those of the team, or those of a contact. */
export function toVisibleChanges(
  scope: ReadScope,
  { type, changes }: { type: EventType; changes: readonly FieldChange[] },
): FieldChange[] {
  if (isTeam(scope)) return changes.filter(({ field }) => !(field in PUBLIC_FIELD_NAMES));
  return type === 'CONTACT_CHANGED' ? selectPublicContactChanges(changes) : toPublicChanges(changes);
}

/** Up to which message somebody read, by the numbers of whoever hears of it; null where those have no number for it. */
export function findReadSeq(scope: ReadScope, changes: readonly FieldChange[]): number | null {
  const fields = isTeam(scope) ? ['lastReadSeq', 'contactLastReadSeq'] : ['contactLastReadPublicSeq'];
  const mark = changes.find(({ field }) => fields.includes(field));
  return typeof mark?.after === 'number' ? mark.after : null;
}
