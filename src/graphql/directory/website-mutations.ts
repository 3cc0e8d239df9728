import { directoryEntriesVisibleTo } from '../../domain/core/access.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { CHANGE, UPDATE } from '../core/administration.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import type { Context } from '../core/context.ts';
import { attachChangeExtensions } from '../core/mutation-result.ts';
import { Website } from './website.ts';

const CreateWebsiteInput = builder.inputType('CreateWebsiteInput', {
  description: 'What a website is to be.',
  fields: (t) => ({
    name: t.string({ required: true, description: `What it is called: 1 to ${LIMITS.name} characters.` }),
    url: t.string({
      required: true,
      description: `Its address, beginning with http: or https:, at most ${LIMITS.url} characters.`,
    }),
    defaultChannelId: t.id({
      description: 'What its conversations come in through, when nothing else is said.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateWebsiteInput = builder.inputType('UpdateWebsiteInput', {
  description: `What to change of a website. ${UPDATE}`,
  fields: (t) => ({
    websiteId: t.id({ required: true, description: 'Which website.' }),
    name: t.string({ description: `What it is called: 1 to ${LIMITS.name} characters.` }),
    url: t.string({
      description: `Its address, beginning with http: or https:, at most ${LIMITS.url} characters.`,
    }),
    defaultChannelId: t.id({
      description: 'What its conversations come in through, when nothing else is said.',
    }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteWebsiteInput = builder.inputType('DeleteWebsiteInput', {
  description: 'Which website to remove.',
  fields: (t) => ({
    websiteId: t.id({ required: true, description: 'Which website.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

function readChangedWebsite(query: object, context: Context, recorded: ChangeReceipt<string>) {
  const id = attachChangeExtensions(context, recorded);
  return context.db.website.findFirstOrThrow({
    ...query,
    where: { AND: [{ id }, directoryEntriesVisibleTo(context.viewer)] },
  });
}

builder.mutationFields((t) => ({
  createWebsite: t.prismaField({
    ...CHANGE,
    type: Website,
    description: 'Makes a website. For administrators.',
    args: { input: t.arg({ type: CreateWebsiteInput, required: true, description: 'What it is to be.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedWebsite(query, context, await context.directory.websites.create(context.viewer, input)),
  }),
  updateWebsite: t.prismaField({
    ...CHANGE,
    type: Website,
    description: 'Changes a website. The same again changes nothing and is no event. For administrators.',
    args: { input: t.arg({ type: UpdateWebsiteInput, required: true, description: 'What to change.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedWebsite(
        query,
        context,
        await context.directory.websites.update(context.viewer, input.websiteId, input),
      ),
  }),
  deleteWebsite: t.prismaField({
    ...CHANGE,
    type: Website,
    description:
      'Removes a website from use; conversations keep naming it. Removed again, nothing happens. For administrators.',
    args: { input: t.arg({ type: DeleteWebsiteInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedWebsite(
        query,
        context,
        await context.directory.websites.remove(context.viewer, input.websiteId, input),
      ),
  }),
}));
