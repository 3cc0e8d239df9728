import type { RecordChange } from '../core/record-mutation.ts';
import { AUDIENCE } from './audience.ts';
import { BOT } from './bot.ts';
import { BUSINESS_UNIT } from './business-unit.ts';
import { CHANNEL } from './channel.ts';
import { createSetting } from './setting.ts';
import { USER } from './user.ts';
import { WEBSITE } from './website.ts';

export type Administration = ReturnType<typeof createAdministration>;

/** What administrators make, change and remove. */
export function createAdministration({ recordChange }: { recordChange: RecordChange }) {
  return {
    audiences: createSetting(AUDIENCE, recordChange),
    bots: createSetting(BOT, recordChange),
    businessUnits: createSetting(BUSINESS_UNIT, recordChange),
    channels: createSetting(CHANNEL, recordChange),
    users: createSetting(USER, recordChange),
    websites: createSetting(WEBSITE, recordChange),
  };
}
