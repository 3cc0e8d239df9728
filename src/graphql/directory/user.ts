import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { Availability, UserRole } from '../core/enums.ts';
import { CREATE_ERRORS, defineMutation, defineMutationInput } from '../core/mutation.ts';
import { Actor, IS_ONLINE, Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { AVATAR_URL, defineEntryMutations, ENTRY_NAME, REMOVED_AT, UPDATE_RULE } from './entry.ts';

export const User = builder.prismaObject('User', {
  description:
    'A team member. A contact sees the team members who own one of their conversations or wrote to them.',
  interfaces: [Node, Actor],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'Full name of the team member.' }),
    displayName: t.exposeString('displayName', {
      visibility: 'public',
      description: 'Name to show to contacts. By default the full name.',
    }),
    email: t.exposeString('email', {
      nullable: true,
      visibility: 'team',
      description: 'Email address in lower case. Null for a contact.',
    }),
    avatarUrl: t.exposeString('avatarUrl', {
      nullable: true,
      visibility: 'public',
      description: 'URL of a picture; null if there is none.',
    }),
    role: t.expose('role', {
      type: UserRole,
      nullable: true,
      visibility: 'team',
      description: 'Rights of the team member. Null for a contact.',
    }),
    availability: t.expose('availability', {
      type: Availability,
      visibility: 'public',
      description:
        'Availability that the team member set last, connected or not; at first ONLINE. `isOnline` tells whether they are connected.',
    }),
    isOnline: t.boolean(IS_ONLINE),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'Time at which they were added to the organization.',
    }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

export const UserConnection = defineConnection(User);

const DISPLAY_NAME = `Name to show to contacts: 1 to ${LIMITS.name} characters; surrounding white space is removed.`;
const EMAIL = `Email address, at most ${LIMITS.address} characters; stored in lower case. Unique in the organization, removed users aside.`;

defineEntryMutations({
  type: User,
  label: 'a user',
  removalNote: 'Their token is refused from then on. The last administrator can not be removed. ',
  idField: 'userId',
  entries: ({ directory }) => directory.users,
  createInput: defineMutationInput('CreateUserInput', {
    description: 'Fields of the new user.',
    fields: (t) => ({
      name: t.string({ required: true, description: ENTRY_NAME }),
      displayName: t.string({ description: `${DISPLAY_NAME} Default: the full name.` }),
      email: t.string({ required: true, description: EMAIL }),
      avatarUrl: t.string({ description: AVATAR_URL }),
      role: t.field({ type: UserRole, description: 'Rights of the user. Default: AGENT.' }),
    }),
  }),
  updateInput: defineMutationInput('UpdateUserInput', {
    description: `Fields of a user to change. ${UPDATE_RULE}`,
    fields: (t) => ({
      userId: t.id({ required: true, description: 'Id of the user, USR-….' }),
      name: t.string({ description: ENTRY_NAME }),
      displayName: t.string({ description: DISPLAY_NAME }),
      email: t.string({ description: EMAIL }),
      avatarUrl: t.string({ description: AVATAR_URL }),
      role: t.field({
        type: UserRole,
        description: 'Rights of the user. The last administrator can not be made an AGENT.',
      }),
    }),
  }),
});

defineMutation({ type: User }, 'setAvailability', {
  description:
    'Sets the availability of the user who asks; nobody can set it for another. Refused for bots and contacts.',
  input: defineMutationInput('SetAvailabilityInput', {
    description: 'New availability of the user who asks.',
    fields: (t) => ({
      availability: t.field({
        type: Availability,
        required: true,
        description: 'Shown to others while the user is connected.',
      }),
    }),
  }),
  errors: CREATE_ERRORS,
  change: ({ setAvailability, viewer }, input) => setAvailability(viewer, input),
});
