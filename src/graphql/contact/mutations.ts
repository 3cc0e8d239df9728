import {
  ContactConflictError,
  IdempotencyKeyReusedError,
  InvalidInputError,
  NotFoundError,
} from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { reloadContact } from '../core/mutation-result.ts';
import { Contact } from './contact.ts';
import { SetContactBlockedInput, UpdateContactInput, UpsertContactInput } from './input.ts';

const REFUSALS = [NotFoundError, InvalidInputError, IdempotencyKeyReusedError] as const;

builder.mutationFields((t) => ({
  upsertContact: t.prismaField({
    type: Contact,
    nullable: true,
    visibility: 'public',
    description:
      'Finds the contact by its key, or makes it, and sets the other fields given. Of any number of callers at once one makes it. Asked by a contact it is always that contact.',
    errors: { types: [...REFUSALS] },
    args: {
      input: t.arg({ type: UpsertContactInput, required: true, description: 'Which, and what to set.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      reloadContact(query, context, await context.contacts.upsertContact(context.viewer, input)),
  }),
  updateContact: t.prismaField({
    type: Contact,
    nullable: true,
    visibility: 'public',
    description: 'Changes a contact. The same again changes nothing and is no event.',
    errors: { types: [...REFUSALS, ContactConflictError] },
    args: { input: t.arg({ type: UpdateContactInput, required: true, description: 'What to set.' }) },
    resolve: async (query, _root, { input }, context) =>
      reloadContact(query, context, await context.contacts.updateContact(context.viewer, input)),
  }),
  setContactBlocked: t.prismaField({
    type: Contact,
    nullable: true,
    visibility: 'public',
    description:
      'Blocks a contact, who can then send nothing, or lets them write again. For users of the organization.',
    errors: { types: [...REFUSALS] },
    args: {
      input: t.arg({ type: SetContactBlockedInput, required: true, description: 'Whom, and whether.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      reloadContact(query, context, await context.contacts.setContactBlocked(context.viewer, input)),
  }),
}));
