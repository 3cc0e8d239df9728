import { builder } from './builder.ts';
import { connectionOf } from './connection.ts';
import { Node } from './node.ts';
import { ORIGIN } from './origin.ts';
import { REMOVED_AT } from './removed-at.ts';

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

export const AudienceConnection = connectionOf(Audience);
