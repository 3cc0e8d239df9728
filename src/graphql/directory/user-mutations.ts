import { usersVisibleTo } from '../../domain/core/access.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { CHANGE, CREATE, UPDATE } from '../core/administration.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import type { Context } from '../core/context.ts';
import { UserRole } from '../core/enums.ts';
import { attachChangeExtensions } from '../core/mutation-result.ts';
import { User } from './user.ts';

const CreateUserInput = builder.inputType('CreateUserInput', {
  description: 'What a user is to be.',
  fields: (t) => ({
    name: t.string({ required: true, description: `Their full name: 1 to ${LIMITS.name} characters.` }),
    displayName: t.string({
      description: `The name that contacts know them by, at most ${LIMITS.name} characters; at first their name.`,
    }),
    email: t.string({
      required: true,
      description: `Their email address, at most ${LIMITS.address} characters; kept in lower case. No two users of the organization have the same.`,
    }),
    avatarUrl: t.string({ description: `Address of a picture of them, at most ${LIMITS.url} characters.` }),
    role: t.field({
      type: UserRole,
      description: 'What they may do; at first AGENT. The last administrator stays one.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateUserInput = builder.inputType('UpdateUserInput', {
  description: `What to change of a user. ${UPDATE}`,
  fields: (t) => ({
    userId: t.id({ required: true, description: 'Which user.' }),
    name: t.string({ description: `Their full name: 1 to ${LIMITS.name} characters.` }),
    displayName: t.string({
      description: `The name that contacts know them by, at most ${LIMITS.name} characters; at first their name.`,
    }),
    email: t.string({
      description: `Their email address, at most ${LIMITS.address} characters; kept in lower case. No two users of the organization have the same.`,
    }),
    avatarUrl: t.string({ description: `Address of a picture of them, at most ${LIMITS.url} characters.` }),
    role: t.field({
      type: UserRole,
      description: 'What they may do; at first AGENT. The last administrator stays one.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteUserInput = builder.inputType('DeleteUserInput', {
  description: 'Which user to remove.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'Which user.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

function readChangedUser(query: object, context: Context, recorded: ChangeReceipt<string>) {
  const id = attachChangeExtensions(context, recorded);
  return context.db.user.findFirstOrThrow({
    ...query,
    where: { AND: [{ id }, usersVisibleTo(context.viewer)] },
  });
}

builder.mutationFields((t) => ({
  createUser: t.prismaField({
    ...CREATE,
    type: User,
    description: 'Makes a user. For administrators.',
    args: { input: t.arg({ type: CreateUserInput, required: true, description: 'What it is to be.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedUser(query, context, await context.directory.users.create(context.viewer, input)),
  }),
  updateUser: t.prismaField({
    ...CHANGE,
    type: User,
    description: 'Changes a user. The same again changes nothing and is no event. For administrators.',
    args: { input: t.arg({ type: UpdateUserInput, required: true, description: 'What to change.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedUser(
        query,
        context,
        await context.directory.users.update(context.viewer, input.userId, input),
      ),
  }),
  deleteUser: t.prismaField({
    ...CHANGE,
    type: User,
    description:
      'Removes a user from use; conversations keep naming it. They can not come in any more, and keep their name where they wrote. The last administrator can not be removed. Removed again, nothing happens. For administrators.',
    args: { input: t.arg({ type: DeleteUserInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedUser(
        query,
        context,
        await context.directory.users.remove(context.viewer, input.userId, input),
      ),
  }),
}));
