import type { SourceSystem as System } from '../../db/generated/prisma/enums.ts';
import { builder } from './builder.ts';
import { SourceSystem } from './enums.ts';

interface OriginRow {
  originSystem: System | null;
  originAccount: string | null;
  originExternalId: string | null;
  originExternalStatus: string | null;
  originReceivedAt: Date | null;
}

interface OriginShape {
  system: System;
  account: string;
  externalId: string;
  externalStatus: string | null;
  receivedAt: Date;
}

export const Origin = builder.objectRef<OriginShape>('Origin').implement({
  description:
    'Upstream source of an imported object, with the status that the upstream system last reported.',
  fields: (t) => ({
    system: t.field({
      type: SourceSystem,
      visibility: 'public',
      description: 'Upstream system that the object was imported from.',
      resolve: (origin) => origin.system,
    }),
    account: t.exposeString('account', {
      visibility: 'public',
      description:
        'Account in the upstream system. `externalId` is unique within an account only. Empty if there is none.',
    }),
    externalId: t.exposeString('externalId', {
      visibility: 'public',
      description: 'Id of the object in the upstream system. Empty if unknown.',
    }),
    externalStatus: t.exposeString('externalStatus', {
      nullable: true,
      visibility: 'public',
      description: 'Status in the upstream system, verbatim, such as started; null if it has none.',
    }),
    receivedAt: t.expose('receivedAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'Time at which the upstream system last reported the object.',
    }),
  }),
});

/** Field `origin` of every type that can be imported. */
export const ORIGIN = {
  type: Origin,
  nullable: true,
  visibility: 'team',
  description: 'Upstream source. Null for an object that was created in Parley, and for a contact.',
  select: {
    originSystem: true,
    originAccount: true,
    originExternalId: true,
    originExternalStatus: true,
    originReceivedAt: true,
  },
  resolve: (row: OriginRow) => toOrigin(row),
} as const;

function toOrigin(row: OriginRow): OriginShape | null {
  if (!row.originSystem || !row.originReceivedAt) return null;
  return {
    system: row.originSystem,
    account: row.originAccount ?? '',
    externalId: row.originExternalId ?? '',
    externalStatus: row.originExternalStatus,
    receivedAt: row.originReceivedAt,
  };
}
