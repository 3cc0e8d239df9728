import type { Tx } from '../db/client.ts';
import { ContactConflictError, NotFoundError } from '../errors.ts';
import type { NewEvent } from '../feed/event.ts';
import { newId } from '../ids.ts';
import type { ContactInput } from './input.ts';
import { LIMITS } from './limits.ts';
import type { Validation } from './validation.ts';

export function validateContact(validation: Validation, input: ContactInput, prefix: string) {
  validation.text(`${prefix}.name`, input.name, LIMITS.name);
  validation.text(`${prefix}.identifier`, input.identifier, LIMITS.name);
  validation.text(`${prefix}.email`, input.email, LIMITS.address);
  validation.email(`${prefix}.email`, input.email);
  validation.phoneNumber(`${prefix}.phoneNumber`, input.phoneNumber);
  if (![input.name, input.email, input.phoneNumber, input.identifier].some((value) => value?.trim())) {
    validation.refuse(prefix, 'REQUIRED', 'is empty; give a name, email, phoneNumber or identifier.');
  }
}

/**
 * The contact that has one of these keys, or a new one. Throws ContactConflictError when they are those of different
 * contacts. What is known of a contact is not overwritten.
 */
export async function findOrMakeContact(
  tx: Tx,
  organizationId: string,
  input: ContactInput,
): Promise<{ contactId: string; events: NewEvent[] }> {
  const { identifier, email, phoneNumber } = keysOf(input);
  const keys = [{ identifier }, { email }, { phoneNumber }].filter((key) => Object.values(key)[0] != null);
  const find = () =>
    tx.contact.findMany({
      where: { organizationId, OR: keys },
      select: { id: true },
      orderBy: { id: 'asc' },
      take: 2,
    });

  const [found, other] = keys.length > 0 ? await find() : [];
  if (found && other) throw new ContactConflictError(other.id);
  if (found) return { contactId: found.id, events: [] };

  const id = newId('Contact');
  const name = input.name?.trim() || (email ?? phoneNumber ?? identifier ?? '');
  const { count } = await tx.contact.createMany({
    data: [{ id, organizationId, name, identifier, email, phoneNumber }],
    skipDuplicates: true,
  });
  if (count === 0) {
    // Somebody made it at the same moment.
    const [made] = await find();
    if (!made) throw new NotFoundError('contact', identifier ?? email ?? phoneNumber ?? '');
    return { contactId: made.id, events: [] };
  }
  return { contactId: id, events: [{ type: 'CONTACT_CHANGED', contactId: id, isPublic: true }] };
}

function keysOf({ identifier, email, phoneNumber }: ContactInput) {
  return {
    // Blank is no key: all who have none would be one contact.
    identifier: identifier?.trim() ? identifier : null,
    email: email?.toLowerCase() ?? null,
    phoneNumber: phoneNumber ?? null,
  };
}
