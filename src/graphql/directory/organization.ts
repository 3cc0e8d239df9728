import { builder } from '../core/builder.ts';
import { defineMutationInput } from '../core/mutation.ts';
import { Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { defineEntryMutations, ENTRY_NAME, REMOVED_AT, UPDATE_RULE } from './entry.ts';

export const Organization = builder.prismaObject('Organization', {
  description:
    'A customer of Parley (a tenant). Objects of one organization are never visible to viewers of another.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'Name of the organization to show.' }),
    businessUnits: t.relation('businessUnits', {
      visibility: 'team',
      description: 'Business units in use, sorted by name. Removed ones are left out. Empty for a contact.',
      query: { where: { removedAt: null }, orderBy: [{ name: 'asc' }, { id: 'asc' }] },
    }),
  }),
});

export const BusinessUnit = builder.prismaObject('BusinessUnit', {
  description:
    'A part of an organization, such as a department or branch, with conversations of its own. A contact sees the business units of their conversations.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'Name given by the team.' }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

defineEntryMutations({
  type: BusinessUnit,
  label: 'a business unit',
  idField: 'businessUnitId',
  entries: ({ directory }) => directory.businessUnits,
  createInput: defineMutationInput('CreateBusinessUnitInput', {
    description: 'Fields of the new business unit.',
    fields: (t) => ({ name: t.string({ required: true, description: ENTRY_NAME }) }),
  }),
  updateInput: defineMutationInput('UpdateBusinessUnitInput', {
    description: `Fields of a business unit to change. ${UPDATE_RULE}`,
    fields: (t) => ({
      businessUnitId: t.id({ required: true, description: 'Id of the business unit, BUN-….' }),
      name: t.string({ description: ENTRY_NAME }),
    }),
  }),
});
