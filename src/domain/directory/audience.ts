import { LIMITS } from '../../limits.ts';
import type { DirectoryEntryKind } from './entry.ts';

export interface AudienceData {
  name: string;
}

export const AUDIENCE: DirectoryEntryKind<AudienceData> = {
  type: 'Audience',
  label: 'audience',
  validate(validation, { name }) {
    if (name !== undefined) validation.requiredText('name', name, LIMITS.name);
  },
  toData: ({ name }) => ({ name: name?.trim() }),
  insert: (tx, data) => tx.audience.create({ data, select: { id: true } }),
  update: (tx, id, data) => tx.audience.update({ where: { id }, data, select: { id: true } }),
  describeEvent: () => ({ type: 'SETTINGS_CHANGED' }),
};
