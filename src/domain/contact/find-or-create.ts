import type { Tx } from '../../db/client.ts';
import { ContactConflictError } from '../../errors.ts';
import type { FieldChange } from '../../feed/event.ts';
import { newId } from '../../ids.ts';
import { LIMITS } from '../../limits.ts';
import { diffFields } from '../core/field-change.ts';
import type { Validation } from '../core/validation.ts';
import type { ContactInput } from './input.ts';

export function validateContactInput(validation: Validation, input: ContactInput, prefix: string) {
  validation.text(`${prefix}.name`, input.name, LIMITS.name);
  validation.text(`${prefix}.identifier`, input.identifier, LIMITS.name);
  validation.email(`${prefix}.email`, input.email);
  validation.phoneNumber(`${prefix}.phoneNumber`, input.phoneNumber);
  if (![input.name, input.email, input.phoneNumber, input.identifier].some((value) => value?.trim())) {
    validation.addIssue(prefix, 'REQUIRED', 'is empty; give a name, email, phoneNumber or identifier.');
  }
}

/**
 * Finds the contact that has one of these keys, or creates one; `created` are the fields of a new contact. Fields of an existing contact
 * are not overwritten. Throws ContactConflictError when the keys belong to different contacts.
 */
export async function findOrCreateContact(
  tx: Tx,
  organizationId: string,
  input: ContactInput,
): Promise<{ contactId: string; created: FieldChange[] }> {
  const { identifier, email, phoneNumber } = normalizeKeys(input);
  const keys = [{ identifier }, { email }, { phoneNumber }].filter((key) => Object.values(key)[0] != null);
  const id = newId('Contact');
  const name = input.name?.trim() || (email ?? phoneNumber ?? identifier ?? '');
  const row = { name, identifier, email, phoneNumber };
  for (;;) {
    const where = { organizationId, OR: keys };
    const [found, other] =
      keys.length > 0
        ? await tx.contact.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: 2 })
        : [];
    if (found && other) throw new ContactConflictError(other.id);
    if (found) return { contactId: found.id, created: [] };
    const { count } = await tx.contact.createMany({
      data: [{ id, organizationId, ...row }],
      skipDuplicates: true,
    });
    // 0: a concurrent transaction created it, and the next round finds it.
    if (count > 0) return { contactId: id, created: diffFields({}, row) };
  }
}

function normalizeKeys({ identifier, email, phoneNumber }: ContactInput) {
  return {
    // A blank identifier is no key: it would match every contact with a blank one.
    identifier: identifier?.trim() ? identifier : null,
    email: email?.toLowerCase() ?? null,
    phoneNumber: phoneNumber ?? null,
  };
}
