import type { Tx } from '../../db/client.ts';
import type { FieldChange } from '../../feed/event.ts';
import { LIMITS } from '../../limits.ts';
import type { LockedContact } from '../core/locking.ts';
import { createInputError } from '../core/validation.ts';
import type { ContactKeys } from './input.ts';

/**
 * Stores an email or phone number that a locked contact gave, once, as a self-reported address. It is not verified: it is never used for
 * lookup, and the result is the same whether or not another contact has it.
 */
export async function saveSelfReportedAddress(
  tx: Tx,
  contact: LockedContact,
  { email, phoneNumber }: ContactKeys,
): Promise<FieldChange[]> {
  if (email == null && phoneNumber == null) return [];
  const { address, field } =
    email != null
      ? { address: { type: 'EMAIL' as const, target: email.toLowerCase() }, field: 'email' as const }
      : { address: { type: 'TEL' as const, target: phoneNumber ?? '' }, field: 'phoneNumber' as const };
  if (contact[field] === address.target) return [];

  const of = { organizationId: contact.organizationId, contactId: contact.id };
  if (await tx.contactAddress.findFirst({ where: { ...of, ...address }, select: { ordinal: true } }))
    return [];
  if (
    (await tx.contactAddress.count({ where: { ...of, isSelfReported: true } })) >=
    LIMITS.selfReportedAddresses
  ) {
    throw createInputError(
      `key.${field}`,
      'TOO_MANY',
      `is one too many; at most ${LIMITS.selfReportedAddresses} self-reported addresses are stored.`,
    );
  }
  const { _max: last } = await tx.contactAddress.aggregate({ where: of, _max: { ordinal: true } });
  const ordinal = (last.ordinal ?? -1) + 1;
  await tx.contactAddress.create({
    data: { ...of, ...address, ordinal, isSelfReported: true },
    select: { ordinal: true },
  });
  return [{ field: 'addresses', before: null, after: address }];
}
