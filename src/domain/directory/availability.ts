import type { Availability } from '../../db/generated/prisma/enums.ts';
import { ForbiddenError } from '../../errors.ts';
import { diffFields } from '../core/field-change.ts';
import type { IdempotentInput } from '../core/input.ts';
import type { RecordChange } from '../core/mutation.ts';
import type { Viewer } from '../core/viewer.ts';
import { lockDirectoryEntry } from './entry.ts';

export interface SetAvailabilityInput extends IdempotentInput {
  availability: Availability;
}

export type SetAvailability = ReturnType<typeof createSetAvailability>;

/** Sets the viewer's own availability; only users have one. Returns the user's id. */
export function createSetAvailability({ recordChange }: { recordChange: RecordChange }) {
  return function setAvailability(viewer: Viewer, input: SetAvailabilityInput) {
    if (viewer.kind !== 'user') {
      throw new ForbiddenError(`A ${viewer.kind} has no availability. Use the token of a user.`);
    }
    const { id } = viewer;
    return recordChange(viewer, { mutation: 'setAvailability', input }, async (tx) => {
      const before = await lockDirectoryEntry(tx, viewer, { type: 'User', label: 'user', id });
      const { availability } = input;
      const changes = diffFields(before, { availability });
      if (changes.length === 0) return { result: id, events: [] };
      await tx.user.update({ where: { id }, data: { availability }, select: { id: true } });
      return { result: id, events: [{ type: 'USER_CHANGED', subjectUserId: id, isPublic: false, changes }] };
    });
  };
}
