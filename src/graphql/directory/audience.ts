import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { REMOVED_AT } from '../core/removed-at.ts';

export const Audience = builder.prismaObject('Audience', {
  description: 'A group of visitors that a conversation was aimed at.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'What it is called.' }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

export const AudienceConnection = defineConnection(Audience);
