import type { ChannelType } from '../../db/generated/prisma/enums.ts';
import { LIMITS } from '../core/limits.ts';
import { invalid } from '../core/validation.ts';
import type { SettingInput, SettingKind } from './setting.ts';

export interface ChannelData {
  name: string;
  channelType: ChannelType;
  isActive?: boolean;
}

export type ChannelInput = SettingInput<ChannelData>;

export const CHANNEL: SettingKind<ChannelData> = {
  type: 'Channel',
  word: 'channel',
  validate(validation, { name, channelType, isActive }) {
    if (name !== undefined) validation.requiredText('name', name, LIMITS.name);
    validation.notCleared('channelType', channelType);
    validation.notCleared('isActive', isActive);
  },
  dataOf: ({ name, channelType, isActive }) => ({
    name: name?.trim(),
    channelType: channelType ?? undefined,
    isActive: isActive ?? undefined,
  }),
  // Lists are filtered by it, and nothing tells of all the conversations that would move from one list into another.
  async requirePossible(tx, { organizationId }, { id, data: { channelType } }) {
    if (id === null || channelType === undefined) return;
    const channel = await tx.channel.findFirst({
      where: { id, organizationId, removedAt: null },
      select: { channelType: true },
    });
    if (channel && channel.channelType !== channelType) {
      throw invalid(
        'channelType',
        'FIXED',
        `can not become ${channelType}: a channel stays ${channel.channelType}. Make another channel, and remove this one.`,
      );
    }
  },
  insert: (tx, data) => tx.channel.create({ data, select: { id: true } }),
  update: (tx, id, data) => tx.channel.update({ where: { id }, data, select: { id: true } }),
  event: () => ({ type: 'CHANNEL_CHANGED' }),
};
