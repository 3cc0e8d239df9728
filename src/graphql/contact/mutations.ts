import { ContactConflictError } from '../../errors.ts';
import { defineMutation, UPDATE_ERRORS } from '../core/mutation.ts';
import { Contact } from './contact.ts';
import { SetContactBlockedInput, UpdateContactInput, UpsertContactInput } from './input.ts';

defineMutation({ type: Contact }, 'upsertContact', {
  description:
    'Finds the contact by its key, or creates it, and sets the other fields that are given. Concurrent requests with the same key create one contact. For a contact it changes that contact, whatever the key.',
  input: UpsertContactInput,
  change: ({ contacts, viewer }, input) => contacts.upsertContact(viewer, input),
});

defineMutation({ type: Contact }, 'updateContact', {
  description:
    'Changes a contact. Nothing happens if it has these values already. A contact can change themselves only.',
  input: UpdateContactInput,
  errors: [...UPDATE_ERRORS, ContactConflictError],
  change: ({ contacts, viewer }, input) => contacts.updateContact(viewer, input),
});

defineMutation({ type: Contact }, 'setContactBlocked', {
  description:
    'Blocks or unblocks a contact. A blocked contact can see their own data and nothing else, can change nothing, and their subscriptions end at once. For users of the team, not for bots or contacts.',
  input: SetContactBlockedInput,
  change: ({ contacts, viewer }, input) => contacts.setContactBlocked(viewer, input),
});
