import { directoryEntriesVisibleTo } from '../../domain/core/access.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { CHANGE, CREATE, UPDATE } from '../core/administration.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import type { Context } from '../core/context.ts';
import { ChannelType } from '../core/enums.ts';
import { attachChangeExtensions } from '../core/mutation-result.ts';
import { Channel } from './channel.ts';

const CreateChannelInput = builder.inputType('CreateChannelInput', {
  description: 'What a channel is to be.',
  fields: (t) => ({
    name: t.string({ required: true, description: `What it is called: 1 to ${LIMITS.name} characters.` }),
    channelType: t.field({ type: ChannelType, required: true, description: 'What kind of channel it is.' }),
    isActive: t.boolean({
      description: 'Whether conversations come in through it at present; at first they do.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateChannelInput = builder.inputType('UpdateChannelInput', {
  description: `What to change of a channel. ${UPDATE}`,
  fields: (t) => ({
    channelId: t.id({ required: true, description: 'Which channel.' }),
    name: t.string({ description: `What it is called: 1 to ${LIMITS.name} characters.` }),
    channelType: t.field({
      type: ChannelType,
      description: 'What kind of channel it is. That is said once, when it is made: any other is refused.',
    }),
    isActive: t.boolean({
      description: 'Whether conversations come in through it at present; at first they do.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteChannelInput = builder.inputType('DeleteChannelInput', {
  description: 'Which channel to remove.',
  fields: (t) => ({
    channelId: t.id({ required: true, description: 'Which channel.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

function readChangedChannel(query: object, context: Context, recorded: ChangeReceipt<string>) {
  const id = attachChangeExtensions(context, recorded);
  return context.db.channel.findFirstOrThrow({
    ...query,
    where: { AND: [{ id }, directoryEntriesVisibleTo(context.viewer)] },
  });
}

builder.mutationFields((t) => ({
  createChannel: t.prismaField({
    ...CREATE,
    type: Channel,
    description: 'Makes a channel. For administrators.',
    args: { input: t.arg({ type: CreateChannelInput, required: true, description: 'What it is to be.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedChannel(query, context, await context.directory.channels.create(context.viewer, input)),
  }),
  updateChannel: t.prismaField({
    ...CHANGE,
    type: Channel,
    description: 'Changes a channel. The same again changes nothing and is no event. For administrators.',
    args: { input: t.arg({ type: UpdateChannelInput, required: true, description: 'What to change.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedChannel(
        query,
        context,
        await context.directory.channels.update(context.viewer, input.channelId, input),
      ),
  }),
  deleteChannel: t.prismaField({
    ...CHANGE,
    type: Channel,
    description:
      'Removes a channel from use; conversations keep naming it. Removed again, nothing happens. For administrators.',
    args: { input: t.arg({ type: DeleteChannelInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedChannel(
        query,
        context,
        await context.directory.channels.remove(context.viewer, input.channelId, input),
      ),
  }),
}));
