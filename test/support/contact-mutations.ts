import type { Gateway } from './gateway.ts';
import { mutate } from './mutate.ts';
import type { Person } from './mutations.ts';

// The mutations of contacts, with the fields that tests read.

const CONTACT_FIELDS = `... on Contact { id name firstName middleName lastName email phoneNumber identifier avatarUrl contactType blocked countryCode
  location company description language labels customAttributes addresses { type target isSelfReported } updatedAt }`;
const CONFLICT = '... on ContactConflictError { conflictingContact { id } }';

/** Contact mutations as this viewer. */
export function createContactMutations(gateway: Pick<Gateway, 'ask'>, person: Person) {
  const run =
    (mutation: string, selected = CONTACT_FIELDS) =>
    (input: object) =>
      mutate(gateway, person, { mutation, input, selected });
  return {
    upsert: run('upsertContact'),
    update: run('updateContact', `${CONTACT_FIELDS} ${CONFLICT}`),
    block: run('setContactBlocked'),
  };
}

/** A value for each plain field of a contact. */
export const EXAMPLE_FIELDS = {
  name: 'Fay Wu',
  firstName: 'Fay',
  middleName: 'M',
  lastName: 'Wu',
  avatarUrl: 'https://example.org/fay.png',
  contactType: 'LEAD',
  company: 'Wu Ltd',
  countryCode: 'DE',
  location: 'Bonn',
  language: 'pt-BR',
  description: 'likes coffee',
};
