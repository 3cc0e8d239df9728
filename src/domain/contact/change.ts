import type { Tx } from '../../db/client.ts';
import type { Contact, Prisma } from '../../db/generated/prisma/client.ts';
import { tryUnique } from '../../db/savepoint.ts';
import { ContactConflictError } from '../../errors.ts';
import type { FieldChange, NewEvent } from '../../feed/event.ts';
import { diffCustomAttributes, type JsonObject } from '../core/custom-attributes.ts';
import { diffFields } from '../core/field-change.ts';
import type { LockedContact } from '../core/locking.ts';

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
  /** Replaces all custom attributes. */
  customAttributes?: JsonObject;
}

// Fields whose changes a contact may see, with `addresses`, which is no column. The others are for the team.
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

/** Selects the changes that the contact may see. */
export function selectPublicContactChanges(changes: readonly FieldChange[]): FieldChange[] {
  return changes.filter(({ field }) => PUBLIC_CONTACT_FIELDS.has(field));
}

/** Returns one CONTACT_CHANGED event, or none without changes. The event is public when it contains a public change. */
export function buildContactEvents(contactId: string, changes: FieldChange[]): NewEvent[] {
  if (changes.length === 0) return [];
  const isPublic = selectPublicContactChanges(changes).length > 0;
  return [{ type: 'CONTACT_CHANGED', contactId, isPublic, changes }];
}

/**
 * Sets fields of a locked contact and returns the event. Unchanged fields are ignored; without a change nothing is written and there is
 * no event. `alsoChanged` are changes that were written elsewhere. Throws ContactConflictError when another contact has one of the keys.
 */
export async function changeContact(
  tx: Tx,
  before: LockedContact,
  { data, alsoChanged = [] }: { data: ContactData; alsoChanged?: FieldChange[] },
): Promise<NewEvent[]> {
  const changes = [...alsoChanged, ...diffContact(before, data)];
  if (changes.length === 0) return [];
  const { customAttributes, ...columns } = data;
  const write = () =>
    tx.contact.update({
      where: { id: before.id },
      data: {
        ...columns,
        ...(customAttributes ? { customAttributes: customAttributes as Prisma.InputJsonObject } : {}),
        // A contact must not learn of changes of team fields from updatedAt.
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
    // Not found: the other contact gave up the key in the meantime.
  }
}

function diffContact(before: LockedContact, { customAttributes, ...columns }: ContactData): FieldChange[] {
  const changes = diffFields({ ...before }, columns);
  if (!customAttributes) return changes;
  return [...changes, ...diffCustomAttributes(before.customAttributes, customAttributes)];
}
