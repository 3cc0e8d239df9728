import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { ChannelType } from '../core/enums.ts';
import { defineMutationInput } from '../core/mutation.ts';
import { Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { defineEntryMutations, ENTRY_NAME, REMOVED_AT, UPDATE_RULE } from './entry.ts';

export const Channel = builder.prismaObject('Channel', {
  description:
    'A way for conversations to come in, such as one phone number, chat widget or mailbox. A contact sees the channels of their conversations.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'Name given by the team.' }),
    channelType: t.expose('channelType', {
      type: ChannelType,
      visibility: 'public',
      description: 'Kind of channel. It never changes.',
    }),
    isActive: t.exposeBoolean('isActive', {
      visibility: 'public',
      description:
        'Whether the channel is in operation, as set by an administrator. For display only: an inactive channel still takes conversations.',
    }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

export const ChannelConnection = defineConnection(Channel);

defineEntryMutations({
  type: Channel,
  label: 'a channel',
  idField: 'channelId',
  entries: ({ directory }) => directory.channels,
  createInput: defineMutationInput('CreateChannelInput', {
    description: 'Fields of the new channel.',
    fields: (t) => ({
      name: t.string({ required: true, description: ENTRY_NAME }),
      channelType: t.field({
        type: ChannelType,
        required: true,
        description: 'Kind of channel. It can not be changed afterwards.',
      }),
      isActive: t.boolean({
        description: 'Whether the channel is in operation; for display only. Default: true.',
      }),
    }),
  }),
  updateInput: defineMutationInput('UpdateChannelInput', {
    description: `Fields of a channel to change. ${UPDATE_RULE}`,
    fields: (t) => ({
      channelId: t.id({ required: true, description: 'Id of the channel, CHN-….' }),
      name: t.string({ description: ENTRY_NAME }),
      channelType: t.field({
        type: ChannelType,
        description: 'Kind of channel. It can not be changed: any value but the present one is refused.',
      }),
      isActive: t.boolean({ description: 'Whether the channel is in operation; for display only.' }),
    }),
  }),
});
