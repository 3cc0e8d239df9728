import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { defineMutationInput } from '../core/mutation.ts';
import { Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { defineEntryMutations, ENTRY_NAME, REMOVED_AT, UPDATE_RULE } from './entry.ts';

export const Audience = builder.prismaObject('Audience', {
  description:
    'A group of visitors, such as those of a campaign, that conversations are aimed at. A contact sees the audiences of their conversations.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'Name given by the team.' }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

export const AudienceConnection = defineConnection(Audience);

defineEntryMutations({
  type: Audience,
  label: 'an audience',
  idField: 'audienceId',
  entries: ({ directory }) => directory.audiences,
  createInput: defineMutationInput('CreateAudienceInput', {
    description: 'Fields of the new audience.',
    fields: (t) => ({ name: t.string({ required: true, description: ENTRY_NAME }) }),
  }),
  updateInput: defineMutationInput('UpdateAudienceInput', {
    description: `Fields of an audience to change. ${UPDATE_RULE}`,
    fields: (t) => ({
      audienceId: t.id({ required: true, description: 'Id of the audience, AUD-….' }),
      name: t.string({ description: ENTRY_NAME }),
    }),
  }),
});
