import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { Availability, UserRole } from '../core/enums.ts';
import { Actor, Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { REMOVED_AT } from '../core/removed-at.ts';

export const User = builder.prismaObject('User', {
  description: 'A team member.',
  interfaces: [Node, Actor],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'Their full name.' }),
    displayName: t.exposeString('displayName', {
      visibility: 'public',
      description: 'The name that contacts know them by.',
    }),
    email: t.exposeString('email', {
      nullable: true,
      visibility: 'team',
      description: 'Their email address. Null for a contact.',
    }),
    avatarUrl: t.exposeString('avatarUrl', {
      nullable: true,
      visibility: 'public',
      description: 'Address of a picture of them; null when there is none.',
    }),
    role: t.expose('role', {
      type: UserRole,
      nullable: true,
      visibility: 'team',
      description: 'What they may do. Null for a contact.',
    }),
    availability: t.expose('availability', {
      type: Availability,
      visibility: 'public',
      description: 'What they say of themselves.',
    }),
    isOnline: t.boolean({
      visibility: 'public',
      description:
        'Whether a page of theirs is connected: a websocket, or a stream of server-sent events. Up to 15 seconds late when a websocket is lost without a word; with a stream as late as TCP gives it up.',
      resolve: ({ id }, _args, context) => context.isOnline(id),
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'When they joined the organization.',
    }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

export const UserConnection = defineConnection(User);
