import type { EventType } from '../../db/generated/prisma/enums.ts';
import type { FieldChange } from '../../feed/event.ts';
import { publicContactChanges } from '../contact/change.ts';
import { PUBLIC_NAMES, publicChanges } from '../core/change.ts';
import { isTeam, type Reader } from '../core/viewer.ts';

/** The changes of an event as the reader's fields show them: those of the team, or those of a contact. */
export function changesShownTo(
  reader: Reader,
  { type, changes }: { type: EventType; changes: readonly FieldChange[] },
): FieldChange[] {
  if (isTeam(reader)) return changes.filter(({ field }) => !(field in PUBLIC_NAMES));
  return type === 'CONTACT_CHANGED' ? publicContactChanges(changes) : publicChanges(changes);
}

/** Up to which message somebody read, by the numbers of whoever hears of it; null where those have no number for it. */
export function readSeqOf(reader: Reader, changes: readonly FieldChange[]): number | null {
  const fields = isTeam(reader) ? ['lastReadSeq', 'contactLastReadSeq'] : ['contactLastReadPublicSeq'];
  const mark = changes.find(({ field }) => fields.includes(field));
  return typeof mark?.after === 'number' ? mark.after : null;
}
