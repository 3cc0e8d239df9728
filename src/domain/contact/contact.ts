import type { Tx } from '../../db/client.ts';
import { ForbiddenError, NotFoundError } from '../../errors.ts';
import { lockContact } from '../core/locking.ts';
import type { RecordChange } from '../core/mutation.ts';
import { createValidation } from '../core/validation.ts';
import { isTeam, type Viewer } from '../core/viewer.ts';
import { saveSelfReportedAddress } from './address.ts';
import { changeContact } from './change.ts';
import { findOrCreateContact } from './find-or-create.ts';
import {
  type SetContactBlockedInput,
  toContactData,
  type UpdateContactInput,
  type UpsertContactInput,
  validateContactFields,
  validateContactKey,
  validateContactKeys,
} from './input.ts';

export type Contacts = ReturnType<typeof createContacts>;

/** Mutations of contacts. Each returns the id of the contact. A contact viewer changes only themselves and learns nothing of other contacts. */
export function createContacts({ recordChange }: { recordChange: RecordChange }) {
  /** Finds or creates the contact of the key and sets the other fields. For a contact viewer it is always themselves, whatever the key. */
  function upsertContact(viewer: Viewer, input: UpsertContactInput) {
    const { key, ...fields } = input;
    const validation = createValidation();
    validateContactKey(validation, viewer, key);
    validateContactFields(validation, viewer, fields);
    validation.finish();
    return recordChange(viewer, { mutation: 'upsertContact', input }, async (tx) => {
      const { contactId, created } = await findUpsertTarget(tx, viewer, input);
      const contact = await lockContact(tx, viewer.organizationId, contactId);
      const reported = isTeam(viewer) ? [] : await saveSelfReportedAddress(tx, contact, key);
      const events = await changeContact(tx, contact, {
        data: toContactData(contact, fields),
        alsoChanged: [...created, ...reported],
      });
      return { result: contactId, events };
    });
  }

  function updateContact(viewer: Viewer, input: UpdateContactInput) {
    const validation = createValidation();
    validateContactKeys(validation, viewer, input);
    validateContactFields(validation, viewer, input);
    validation.finish();
    return recordChange(viewer, { mutation: 'updateContact', input }, async (tx) => {
      const { contactId } = input;
      if (!isTeam(viewer) && contactId !== viewer.id) throw new NotFoundError('contact', contactId);
      const contact = await lockContact(tx, viewer.organizationId, contactId);
      return {
        result: contactId,
        events: await changeContact(tx, contact, { data: toContactData(contact, input) }),
      };
    });
  }

  /** A blocked contact sees nothing but themselves, and changes nothing. */
  function setContactBlocked(viewer: Viewer, input: SetContactBlockedInput) {
    if (viewer.kind !== 'user') {
      throw new ForbiddenError(
        `A ${viewer.kind} may not block contacts. Ask with the token of a user of the organization.`,
      );
    }
    const { contactId, blocked } = input;
    return recordChange(viewer, { mutation: 'setContactBlocked', input }, async (tx) => {
      const contact = await lockContact(tx, viewer.organizationId, contactId);
      return { result: contactId, events: await changeContact(tx, contact, { data: { blocked } }) };
    });
  }

  return { upsertContact, updateContact, setContactBlocked };
}

async function findUpsertTarget(tx: Tx, viewer: Viewer, { key, name }: UpsertContactInput) {
  if (!isTeam(viewer)) return { contactId: viewer.id, created: [] };
  const { id, ...keys } = key;
  if (id != null) return { contactId: id, created: [] };
  return findOrCreateContact(tx, viewer.organizationId, { ...keys, name });
}
