import { builder } from '../core/builder.ts';
import { Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { REMOVED_AT } from '../core/removed-at.ts';

export const Organization = builder.prismaObject('Organization', {
  description: 'A customer of Parley. Nothing of one organization is ever seen by another.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'What it is called.' }),
    businessUnits: t.relation('businessUnits', {
      visibility: 'team',
      description: 'Its parts, by name.',
      query: { where: { removedAt: null }, orderBy: [{ name: 'asc' }, { id: 'asc' }] },
    }),
  }),
});

export const BusinessUnit = builder.prismaObject('BusinessUnit', {
  description: 'A part of an organization that has conversations of its own.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'What it is called.' }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});
