import { LIMITS } from '../../limits.ts';
import { toStoredUrl } from '../core/validation.ts';
import type { DirectoryEntryKind } from './entry.ts';

export interface BotData {
  name: string;
  avatarUrl?: string | null;
  description?: string | null;
}

export const BOT: DirectoryEntryKind<BotData> = {
  type: 'Bot',
  label: 'bot',
  validate(validation, { name, avatarUrl, description }) {
    if (name !== undefined) validation.requiredText('name', name, LIMITS.name);
    validation.url('avatarUrl', avatarUrl);
    validation.text('description', description, LIMITS.detail);
  },
  toData: ({ name, avatarUrl, description }) => ({
    name: name?.trim(),
    avatarUrl: toStoredUrl(avatarUrl),
    description,
  }),
  insert: (tx, data) => tx.bot.create({ data, select: { id: true } }),
  update: (tx, id, data) => tx.bot.update({ where: { id }, data, select: { id: true } }),
  describeEvent: (id) => ({ type: 'SETTINGS_CHANGED', subjectBotId: id }),
};
