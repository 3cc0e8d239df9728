import type { RecordChange } from '../core/mutation.ts';
import { AUDIENCE } from './audience.ts';
import { BOT } from './bot.ts';
import { BUSINESS_UNIT } from './business-unit.ts';
import { CHANNEL } from './channel.ts';
import { createDirectoryEntries } from './entry.ts';
import { USER } from './user.ts';
import { WEBSITE } from './website.ts';

export type Directory = ReturnType<typeof createDirectory>;

/** Entries that administrators create, update and delete. */
export function createDirectory({ recordChange }: { recordChange: RecordChange }) {
  return {
    audiences: createDirectoryEntries(AUDIENCE, recordChange),
    bots: createDirectoryEntries(BOT, recordChange),
    businessUnits: createDirectoryEntries(BUSINESS_UNIT, recordChange),
    channels: createDirectoryEntries(CHANNEL, recordChange),
    users: createDirectoryEntries(USER, recordChange),
    websites: createDirectoryEntries(WEBSITE, recordChange),
  };
}
