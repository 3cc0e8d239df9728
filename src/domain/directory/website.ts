import { NotFoundError } from '../../errors.ts';
import { LIMITS } from '../core/limits.ts';
import type { SettingInput, SettingKind } from './setting.ts';

export interface WebsiteData {
  name: string;
  url: string;
  defaultChannelId?: string | null;
}

export type WebsiteInput = SettingInput<WebsiteData>;

export const WEBSITE: SettingKind<WebsiteData> = {
  type: 'Website',
  word: 'website',
  names: { defaultChannelId: 'defaultChannel' },
  validate(validation, { name, url }) {
    if (name !== undefined) validation.requiredText('name', name, LIMITS.name);
    validation.notCleared('url', url);
    validation.text('url', url, LIMITS.url);
    if (url != null && !isWebAddress(url)) {
      validation.refuse('url', 'NOT_A_URL', 'is not the address of a website such as https://example.com.');
    }
  },
  dataOf: ({ name, url, defaultChannelId }) => ({
    name: name?.trim(),
    url: url ?? undefined,
    defaultChannelId,
  }),
  async requirePossible(tx, { organizationId }, { data: { defaultChannelId: id } }) {
    if (id == null) return;
    const where = { id, organizationId, removedAt: null };
    if (!(await tx.channel.findFirst({ where, select: { id: true } }))) {
      throw new NotFoundError('channel for input.defaultChannelId', id);
    }
  },
  insert: (tx, data) => tx.website.create({ data, select: { id: true } }),
  update: (tx, id, data) => tx.website.update({ where: { id }, data, select: { id: true } }),
  event: () => ({ type: 'SETTINGS_CHANGED' }),
};

function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
