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
    'Where an imported object came from, and the last state that the upstream system reported in its own words.',
  fields: (t) => ({
    system: t.field({
      type: SourceSystem,
      visibility: 'public',
      description: 'The upstream system.',
      resolve: (origin) => origin.system,
    }),
    account: t.exposeString('account', {
      visibility: 'public',
      description: 'The account in that system, since two accounts may both have a conversation 17.',
    }),
    externalId: t.exposeString('externalId', { visibility: 'public', description: "The object's id there." }),
    externalStatus: t.exposeString('externalStatus', {
      nullable: true,
      visibility: 'public',
      description: "The status there, in that system's own word; also one that has no like here.",
    }),
    receivedAt: t.expose('receivedAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'When it was last heard of.',
    }),
  }),
});

/** The field `origin` of everything that can be imported. */
export const ORIGIN = {
  type: Origin,
  nullable: true,
  visibility: 'team',
  description: 'Where it was imported from; null for what was made here.',
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
