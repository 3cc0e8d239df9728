import { directoryEntriesVisibleTo } from '../../domain/core/access.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { CHANGE, CREATE, UPDATE } from '../core/administration.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import type { Context } from '../core/context.ts';
import { attachChangeExtensions } from '../core/mutation-result.ts';
import { Audience } from './audience.ts';

const CreateAudienceInput = builder.inputType('CreateAudienceInput', {
  description: 'What an audience is to be.',
  fields: (t) => ({
    name: t.string({ required: true, description: `What it is called: 1 to ${LIMITS.name} characters.` }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateAudienceInput = builder.inputType('UpdateAudienceInput', {
  description: `What to change of an audience. ${UPDATE}`,
  fields: (t) => ({
    audienceId: t.id({ required: true, description: 'Which audience.' }),
    name: t.string({ description: `What it is called: 1 to ${LIMITS.name} characters.` }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteAudienceInput = builder.inputType('DeleteAudienceInput', {
  description: 'Which audience to remove.',
  fields: (t) => ({
    audienceId: t.id({ required: true, description: 'Which audience.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

function readChangedAudience(query: object, context: Context, recorded: ChangeReceipt<string>) {
  const id = attachChangeExtensions(context, recorded);
  return context.db.audience.findFirstOrThrow({
    ...query,
    where: { AND: [{ id }, directoryEntriesVisibleTo(context.viewer)] },
  });
}

builder.mutationFields((t) => ({
  createAudience: t.prismaField({
    ...CREATE,
    type: Audience,
    description: 'Makes an audience. For administrators.',
    args: { input: t.arg({ type: CreateAudienceInput, required: true, description: 'What it is to be.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedAudience(query, context, await context.directory.audiences.create(context.viewer, input)),
  }),
  updateAudience: t.prismaField({
    ...CHANGE,
    type: Audience,
    description: 'Changes an audience. The same again changes nothing and is no event. For administrators.',
    args: { input: t.arg({ type: UpdateAudienceInput, required: true, description: 'What to change.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedAudience(
        query,
        context,
        await context.directory.audiences.update(context.viewer, input.audienceId, input),
      ),
  }),
  deleteAudience: t.prismaField({
    ...CHANGE,
    type: Audience,
    description:
      'Removes an audience from use; conversations keep naming it. Removed again, nothing happens. For administrators.',
    args: { input: t.arg({ type: DeleteAudienceInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedAudience(
        query,
        context,
        await context.directory.audiences.remove(context.viewer, input.audienceId, input),
      ),
  }),
}));
