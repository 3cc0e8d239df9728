import { LIMITS } from '../core/limits.ts';
import type { SettingInput, SettingKind } from './setting.ts';

export interface AudienceData {
  name: string;
}

export type AudienceInput = SettingInput<AudienceData>;

export const AUDIENCE: SettingKind<AudienceData> = {
  type: 'Audience',
  word: 'audience',
  validate(validation, { name }) {
    if (name !== undefined) validation.requiredText('name', name, LIMITS.name);
  },
  dataOf: ({ name }) => ({ name: name?.trim() }),
  insert: (tx, data) => tx.audience.create({ data, select: { id: true } }),
  update: (tx, id, data) => tx.audience.update({ where: { id }, data, select: { id: true } }),
  event: () => ({ type: 'SETTINGS_CHANGED' }),
};
