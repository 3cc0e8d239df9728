import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { REMOVED_AT } from '../core/removed-at.ts';
import { Channel } from './channel.ts';

export const Website = builder.prismaObject('Website', {
  description: 'A website with a chat widget or a bot.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'What it is called.' }),
    url: t.exposeString('url', { visibility: 'public', description: 'Its address.' }),
    defaultChannel: t.relation('defaultChannel', {
      type: Channel,
      nullable: true,
      visibility: 'public',
      description: 'What its conversations come in through, when nothing else is said.',
    }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

export const WebsiteConnection = defineConnection(Website);
