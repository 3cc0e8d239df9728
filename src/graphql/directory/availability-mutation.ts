import { usersVisibleTo } from '../../domain/core/access.ts';
import { IdempotencyKeyReusedError, InvalidInputError } from '../../errors.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import { Availability } from '../core/enums.ts';
import { attachChangeExtensions } from '../core/mutation-result.ts';
import { User } from './user.ts';

const SetAvailabilityInput = builder.inputType('SetAvailabilityInput', {
  description: 'What a user says of themselves.',
  fields: (t) => ({
    availability: t.field({ type: Availability, required: true, description: 'How they are there.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

builder.mutationField('setAvailability', (t) =>
  t.prismaField({
    type: User,
    nullable: true,
    visibility: 'public',
    description: 'Sets how the user who asks is there. For users; nobody sets it for another.',
    errors: { types: [InvalidInputError, IdempotencyKeyReusedError] },
    args: {
      input: t.arg({ type: SetAvailabilityInput, required: true, description: 'How they are there.' }),
    },
    resolve: async (query, _root, { input }, context) => {
      const id = attachChangeExtensions(context, await context.setAvailability(context.viewer, input));
      return context.db.user.findFirstOrThrow({
        ...query,
        where: { AND: [{ id }, usersVisibleTo(context.viewer)] },
      });
    },
  }),
);
