import type { Conversation } from '../db/generated/prisma/client.ts';
import type { SourceSystem } from '../db/generated/prisma/enums.ts';

/** Columns that name the source of an imported row. */
export type OriginColumns = Pick<
  Conversation,
  'originSystem' | 'originAccount' | 'originExternalId' | 'originExternalStatus' | 'originReceivedAt'
>;

export const NO_ORIGIN: OriginColumns = {
  originSystem: null,
  originAccount: null,
  originExternalId: null,
  originExternalStatus: null,
  originReceivedAt: null,
};

/** Makes the origins of one account of an upstream system. */
export function createOrigins(system: SourceSystem, account: string) {
  return (externalId: string, receivedAt: Date, externalStatus: string | null = null): OriginColumns => ({
    originSystem: system,
    originAccount: account,
    originExternalId: externalId,
    originExternalStatus: externalStatus,
    originReceivedAt: receivedAt,
  });
}
