import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { Actor, Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { REMOVED_AT } from '../core/removed-at.ts';

export const Bot = builder.prismaObject('Bot', {
  description: 'A program that talks with contacts.',
  interfaces: [Node, Actor],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'What it is called.' }),
    avatarUrl: t.exposeString('avatarUrl', {
      nullable: true,
      visibility: 'public',
      description: 'Address of its picture; null when there is none.',
    }),
    description: t.exposeString('description', {
      nullable: true,
      visibility: 'public',
      description: 'What it is for.',
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'When it was set up.',
    }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

export const BotConnection = defineConnection(Bot);
