import type { ChannelType } from '../../db/generated/prisma/enums.ts';
import { LIMITS } from '../../limits.ts';
import { createInputError } from '../core/validation.ts';
import type { DirectoryEntryKind } from './entry.ts';

export interface ChannelData {
  name: string;
  channelType: ChannelType;
  isActive?: boolean;
}

export const CHANNEL: DirectoryEntryKind<ChannelData> = {
  type: 'Channel',
  label: 'channel',
  validate(validation, { name, channelType, isActive }) {
    if (name !== undefined) validation.requiredText('name', name, LIMITS.name);
    validation.notNull('channelType', channelType);
    validation.notNull('isActive', isActive);
  },
  toData: ({ name, channelType, isActive }) => ({
    name: name?.trim(),
    channelType: channelType ?? undefined,
    isActive: isActive ?? undefined,
  }),
  // Live lists filter by channelType. Changing it would move all conversations of the channel without an event for each.
  async requireAllowed(tx, { organizationId }, { id, data: { channelType } }) {
    if (id === null || channelType === undefined) return;
    const channel = await tx.channel.findFirst({
      where: { id, organizationId, removedAt: null },
      select: { channelType: true },
    });
    if (channel && channel.channelType !== channelType) {
      throw createInputError(
        'channelType',
        'FIXED',
        `can not become ${channelType}: the type of a channel is fixed, here ${channel.channelType}. Create another channel, and delete this one.`,
      );
    }
  },
  insert: (tx, data) => tx.channel.create({ data, select: { id: true } }),
  update: (tx, id, data) => tx.channel.update({ where: { id }, data, select: { id: true } }),
  describeEvent: () => ({ type: 'CHANNEL_CHANGED' }),
};
