import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { ChannelType } from '../core/enums.ts';
import { Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { REMOVED_AT } from '../core/removed-at.ts';

export const Channel = builder.prismaObject('Channel', {
  description: 'What conversations come in through: a phone number, a chat widget, a mailbox.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'What the team calls it.' }),
    channelType: t.expose('channelType', {
      type: ChannelType,
      visibility: 'public',
      description: 'What kind of channel it is.',
    }),
    isActive: t.exposeBoolean('isActive', {
      visibility: 'public',
      description: 'Whether conversations come in through it at present.',
    }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

export const ChannelConnection = defineConnection(Channel);
