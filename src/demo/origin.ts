import type { SourceSystem } from '../db/generated/prisma/enums.ts';

/** The columns that say where something was imported from. */
export interface OriginColumns {
  originSystem: SourceSystem;
  originAccount: string;
  originExternalId: string;
  originExternalStatus: string | null;
  originReceivedAt: Date;
}

/** The origins of one account of an upstream system. */
export function originsOf(system: SourceSystem, account: string) {
  return (externalId: string, receivedAt: Date, externalStatus: string | null = null): OriginColumns => ({
    originSystem: system,
    originAccount: account,
    originExternalId: externalId,
    originExternalStatus: externalStatus,
    originReceivedAt: receivedAt,
  });
}
