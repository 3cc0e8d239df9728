import { LIMITS } from '../../limits.ts';
import type { DirectoryEntryKind } from './entry.ts';

export interface BusinessUnitData {
  name: string;
}

export const BUSINESS_UNIT: DirectoryEntryKind<BusinessUnitData> = {
  type: 'BusinessUnit',
  label: 'business unit',
  validate(validation, { name }) {
    if (name !== undefined) validation.requiredText('name', name, LIMITS.name);
  },
  toData: ({ name }) => ({ name: name?.trim() }),
  insert: (tx, data) => tx.businessUnit.create({ data, select: { id: true } }),
  update: (tx, id, data) => tx.businessUnit.update({ where: { id }, data, select: { id: true } }),
  describeEvent: () => ({ type: 'SETTINGS_CHANGED' }),
};
