import type { EventType } from '../../db/generated/prisma/enums.ts';
import type { FieldChange } from '../../feed/event.ts';
import { selectPublicContactChanges } from '../contact/change.ts';
import { PUBLIC_FIELD_NAMES, toPublicChanges } from '../core/conversation-change.ts';
import { isTeam, type ReadScope } from '../core/viewer.ts';

/** The changes of an event that the viewer may see. Read positions are in the message numbers of the viewer's side. */
export function toVisibleChanges(
  scope: ReadScope,
  { type, changes }: { type: EventType; changes: readonly FieldChange[] },
): FieldChange[] {
  if (isTeam(scope)) return changes.filter(({ field }) => !(field in PUBLIC_FIELD_NAMES));
  return type === 'CONTACT_CHANGED' ? selectPublicContactChanges(changes) : toPublicChanges(changes);
}

/** Read position in an event's changes, in the message numbers of the viewer's side. Null: the event has none for this side. */
export function findReadSeq(scope: ReadScope, changes: readonly FieldChange[]): number | null {
  const fields = isTeam(scope) ? ['lastReadSeq', 'contactLastReadSeq'] : ['contactLastReadPublicSeq'];
  const readPosition = changes.find(({ field }) => fields.includes(field));
  return typeof readPosition?.after === 'number' ? readPosition.after : null;
}
