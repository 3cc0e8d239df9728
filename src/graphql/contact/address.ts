import type { AddressType as Type } from '../../db/generated/prisma/enums.ts';
import { builder } from '../core/builder.ts';
import { AddressType } from '../core/enums.ts';

export interface AddressShape {
  type: Type;
  target: string;
  targetName: string | null;
  name: string | null;
  detail: string | null;
  isSelfReported?: boolean;
}

export const Address = builder.objectRef<AddressShape>('Address').implement({
  description: 'An address at which a person or a machine can be reached.',
  fields: (t) => ({
    type: t.field({
      type: AddressType,
      visibility: 'public',
      description: 'Kind of address, which determines the format of `target`.',
      resolve: (address) => address.type,
    }),
    target: t.exposeString('target', {
      visibility: 'public',
      description: 'The address, in the format of its type. Empty if the upstream system has none.',
    }),
    targetName: t.exposeString('targetName', {
      nullable: true,
      visibility: 'public',
      description: 'Name of the target in the channel, such as a display name; null if unknown.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      visibility: 'public',
      description: 'Name given to the address; null if there is none.',
    }),
    detail: t.exposeString('detail', {
      nullable: true,
      visibility: 'public',
      description: 'Further details; null if there are none.',
    }),
    isSelfReported: t.boolean({
      visibility: 'public',
      description:
        'Whether the contact entered the address. It is unverified, and may belong to another contact.',
      resolve: (address) => address.isSelfReported ?? false,
    }),
  }),
});

/** Selection of addresses, sorted by `ordinal`. */
export const ADDRESSES = {
  select: { type: true, target: true, targetName: true, name: true, detail: true },
  orderBy: { ordinal: 'asc' },
} as const;

/** Selection of the addresses of a contact. */
export const CONTACT_ADDRESSES = {
  ...ADDRESSES,
  select: { ...ADDRESSES.select, isSelfReported: true },
} as const;
