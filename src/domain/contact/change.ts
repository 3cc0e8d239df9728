import type { Tx } from '../../db/client.ts';
import type { Contact, Prisma } from '../../db/generated/prisma/client.ts';
import { tryUnique } from '../../db/savepoint.ts';
import { ContactConflictError } from '../../errors.ts';
import type { FieldChange, NewEvent } from '../../feed/event.ts';
import { diffFields } from '../core/field-change.ts';
import type { LockedContact } from '../core/locking.ts';
import type { JsonObject } from '../core/merge-patch.ts';

type ContactColumn =
  | 'name'
  | 'firstName'
  | 'middleName'
  | 'lastName'
  | 'identifier'
  | 'email'
  | 'phoneNumber'
  | 'avatarUrl'
  | 'contactType'
  | 'blocked'
  | 'countryCode'
  | 'location'
  | 'company'
  | 'description'
  | 'language'
  | 'labels';

export interface ContactData extends Partial<Pick<Contact, ContactColumn>> {
  /** All of them, as they are to be. */
  customAttributes?: JsonObject;
}

// What a contact may learn of a change of theirs: not what the team notes about them.
const PUBLIC_CONTACT_FIELDS = new Set([
  'name',
  'firstName',
  'middleName',
  'lastName',
  'identifier',
  'email',
  'phoneNumber',
  'avatarUrl',
  'contactType',
  'blocked',
  'countryCode',
  'location',
  'company',
  'language',
  'addresses',
]);

/** What a contact may learn of these changes. */
export function selectPublicContactChanges(changes: readonly FieldChange[]): FieldChange[] {
  return changes.filter(({ field }) => PUBLIC_CONTACT_FIELDS.has(field));
}

/** The event of a contact with these changes; none where nothing changed. A contact hears of what they may see. */
export function buildContactEvents(contactId: string, changes: FieldChange[]): NewEvent[] {
  if (changes.length === 0) return [];
  const isPublic = selectPublicContactChanges(changes).length > 0;
  return [{ type: 'CONTACT_CHANGED', contactId, isPublic, changes }];
}

/**
 * Sets fields of a locked contact. What has the value already is left out; when nothing remains, nothing is written and there is
 * no event. Throws ContactConflictError when another contact has the key.
 */
export async function changeContact(
  tx: Tx,
  before: LockedContact,
  { data, alsoChanged = [] }: { data: ContactData; alsoChanged?: FieldChange[] },
): Promise<NewEvent[]> {
  const changes = [...alsoChanged, ...differences(before, data)];
  if (changes.length === 0) return [];
  const { customAttributes, ...columns } = data;
  const write = () =>
    tx.contact.update({
      where: { id: before.id },
      data: {
        ...columns,
        ...(customAttributes ? { customAttributes: customAttributes as Prisma.InputJsonObject } : {}),
        // A contact must not learn from updatedAt that the team changed something of its own.
        ...(selectPublicContactChanges(changes).length > 0 ? { updatedAt: before.now } : {}),
      },
      select: { id: true },
    });
  const { identifier, email, phoneNumber } = data;
  const keys = [{ identifier }, { email }, { phoneNumber }].filter((key) => Object.values(key)[0] != null);
  if (keys.length === 0) await write();
  else await writeKeys(tx, before, { keys, write });
  return buildContactEvents(before.id, changes);
}

async function writeKeys(
  tx: Tx,
  { id, organizationId }: LockedContact,
  { keys, write }: { keys: Prisma.ContactWhereInput[]; write: () => Promise<unknown> },
) {
  while (!(await tryUnique(tx, write))) {
    const other = await tx.contact.findFirst({
      where: { organizationId, id: { not: id }, OR: keys },
      select: { id: true },
    });
    if (other) throw new ContactConflictError(other.id);
    // Else they gave the key up in between.
  }
}

// One change a key of customAttributes, so that whoever follows sees which.
function differences(before: LockedContact, { customAttributes, ...columns }: ContactData): FieldChange[] {
  const changes = diffFields({ ...before }, columns);
  if (!customAttributes) return changes;
  const old = new Map(Object.entries(before.customAttributes as JsonObject));
  const fresh = new Map(Object.entries(customAttributes));
  const keys = new Set([...old.keys(), ...fresh.keys()]);
  const named = (values: Map<string, unknown>) =>
    Object.fromEntries([...keys].map((key) => [`customAttributes.${key}`, values.get(key) ?? null]));
  return [...changes, ...diffFields(named(old), named(fresh))];
}
