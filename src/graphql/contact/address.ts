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
  description: 'Where somebody can be reached.',
  fields: (t) => ({
    type: t.field({
      type: AddressType,
      visibility: 'public',
      description: 'What kind of address it is.',
      resolve: (address) => address.type,
    }),
    target: t.exposeString('target', {
      visibility: 'public',
      description:
        'The address itself, written as its type says; may be empty where the upstream system has none.',
    }),
    targetName: t.exposeString('targetName', {
      nullable: true,
      visibility: 'public',
      description: 'What the channel calls the target, such as a display name.',
    }),
    name: t.exposeString('name', {
      nullable: true,
      visibility: 'public',
      description: 'A name given to the address.',
    }),
    detail: t.exposeString('detail', {
      nullable: true,
      visibility: 'public',
      description: 'More about the address.',
    }),
    isSelfReported: t.boolean({
      visibility: 'public',
      description:
        'Whether the contact typed it in themselves. It is unverified: nobody has checked that it is theirs, and it may be that of another contact.',
      resolve: (address) => address.isSelfReported ?? false,
    }),
  }),
});

/** The columns of an address, in the order of their ordinal. */
export const ADDRESSES = {
  select: { type: true, target: true, targetName: true, name: true, detail: true },
  orderBy: { ordinal: 'asc' },
} as const;

/** The same, of a contact. */
export const CONTACT_ADDRESSES = {
  ...ADDRESSES,
  select: { ...ADDRESSES.select, isSelfReported: true },
} as const;
