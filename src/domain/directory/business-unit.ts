import { LIMITS } from '../core/limits.ts';
import type { SettingInput, SettingKind } from './setting.ts';

export interface BusinessUnitData {
  name: string;
}

export type BusinessUnitInput = SettingInput<BusinessUnitData>;

export const BUSINESS_UNIT: SettingKind<BusinessUnitData> = {
  type: 'BusinessUnit',
  word: 'business unit',
  validate(validation, { name }) {
    if (name !== undefined) validation.requiredText('name', name, LIMITS.name);
  },
  dataOf: ({ name }) => ({ name: name?.trim() }),
  insert: (tx, data) => tx.businessUnit.create({ data, select: { id: true } }),
  update: (tx, id, data) => tx.businessUnit.update({ where: { id }, data, select: { id: true } }),
  event: () => ({ type: 'SETTINGS_CHANGED' }),
};
