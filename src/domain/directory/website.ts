import { NotFoundError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { toStoredUrl } from '../core/validation.ts';
import type { DirectoryEntryKind } from './entry.ts';

export interface WebsiteData {
  name: string;
  url: string;
  defaultChannelId?: string | null;
}

export const WEBSITE: DirectoryEntryKind<WebsiteData> = {
  type: 'Website',
  label: 'website',
  fieldNames: { defaultChannelId: 'defaultChannel' },
  validate(validation, { name, url }) {
    if (name !== undefined) validation.requiredText('name', name, LIMITS.name);
    validation.notNull('url', url);
    validation.url('url', url, 'web');
  },
  toData: ({ name, url, defaultChannelId }) => ({
    name: name?.trim(),
    url: toStoredUrl(url, 'web') ?? undefined,
    defaultChannelId,
  }),
  async requireAllowed(tx, { organizationId }, { data: { defaultChannelId: id } }) {
    if (id == null) return;
    const where = { id, organizationId, removedAt: null };
    if (!(await tx.channel.findFirst({ where, select: { id: true } }))) {
      throw new NotFoundError('channel for input.defaultChannelId', id);
    }
  },
  insert: (tx, data) => tx.website.create({ data, select: { id: true } }),
  update: (tx, id, data) => tx.website.update({ where: { id }, data, select: { id: true } }),
  describeEvent: () => ({ type: 'SETTINGS_CHANGED' }),
};
