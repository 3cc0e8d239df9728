import { directoryEntriesVisibleTo } from '../../domain/core/access.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { CHANGE, CREATE, UPDATE } from '../core/administration.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import type { Context } from '../core/context.ts';
import { attachChangeExtensions } from '../core/mutation-result.ts';
import { BusinessUnit } from './organization.ts';

const CreateBusinessUnitInput = builder.inputType('CreateBusinessUnitInput', {
  description: 'What a business unit is to be.',
  fields: (t) => ({
    name: t.string({ required: true, description: `What it is called: 1 to ${LIMITS.name} characters.` }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateBusinessUnitInput = builder.inputType('UpdateBusinessUnitInput', {
  description: `What to change of a business unit. ${UPDATE}`,
  fields: (t) => ({
    businessUnitId: t.id({ required: true, description: 'Which business unit.' }),
    name: t.string({ description: `What it is called: 1 to ${LIMITS.name} characters.` }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteBusinessUnitInput = builder.inputType('DeleteBusinessUnitInput', {
  description: 'Which business unit to remove.',
  fields: (t) => ({
    businessUnitId: t.id({ required: true, description: 'Which business unit.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

function readChangedBusinessUnit(query: object, context: Context, recorded: ChangeReceipt<string>) {
  const id = attachChangeExtensions(context, recorded);
  return context.db.businessUnit.findFirstOrThrow({
    ...query,
    where: { AND: [{ id }, directoryEntriesVisibleTo(context.viewer)] },
  });
}

builder.mutationFields((t) => ({
  createBusinessUnit: t.prismaField({
    ...CREATE,
    type: BusinessUnit,
    description: 'Makes a business unit. For administrators.',
    args: {
      input: t.arg({ type: CreateBusinessUnitInput, required: true, description: 'What it is to be.' }),
    },
    resolve: async (query, _root, { input }, context) =>
      readChangedBusinessUnit(
        query,
        context,
        await context.directory.businessUnits.create(context.viewer, input),
      ),
  }),
  updateBusinessUnit: t.prismaField({
    ...CHANGE,
    type: BusinessUnit,
    description:
      'Changes a business unit. The same again changes nothing and is no event. For administrators.',
    args: { input: t.arg({ type: UpdateBusinessUnitInput, required: true, description: 'What to change.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedBusinessUnit(
        query,
        context,
        await context.directory.businessUnits.update(context.viewer, input.businessUnitId, input),
      ),
  }),
  deleteBusinessUnit: t.prismaField({
    ...CHANGE,
    type: BusinessUnit,
    description:
      'Removes a business unit from use; conversations keep naming it. Removed again, nothing happens. For administrators.',
    args: { input: t.arg({ type: DeleteBusinessUnitInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedBusinessUnit(
        query,
        context,
        await context.directory.businessUnits.remove(context.viewer, input.businessUnitId, input),
      ),
  }),
}));
