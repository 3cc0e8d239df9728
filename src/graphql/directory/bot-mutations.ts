import { botsVisibleTo } from '../../domain/core/access.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { CHANGE, CREATE, UPDATE } from '../core/administration.ts';
import { builder } from '../core/builder.ts';
import { IDEMPOTENCY_KEY } from '../core/change-input.ts';
import type { Context } from '../core/context.ts';
import { attachChangeExtensions } from '../core/mutation-result.ts';
import { Bot } from './bot.ts';

const CreateBotInput = builder.inputType('CreateBotInput', {
  description: 'What a bot is to be.',
  fields: (t) => ({
    name: t.string({ required: true, description: `What it is called: 1 to ${LIMITS.name} characters.` }),
    avatarUrl: t.string({ description: `Address of its picture, at most ${LIMITS.url} characters.` }),
    description: t.string({ description: `What it is for, at most ${LIMITS.detail} characters.` }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const UpdateBotInput = builder.inputType('UpdateBotInput', {
  description: `What to change of a bot. ${UPDATE}`,
  fields: (t) => ({
    botId: t.id({ required: true, description: 'Which bot.' }),
    name: t.string({ description: `What it is called: 1 to ${LIMITS.name} characters.` }),
    avatarUrl: t.string({ description: `Address of its picture, at most ${LIMITS.url} characters.` }),
    description: t.string({ description: `What it is for, at most ${LIMITS.detail} characters.` }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

const DeleteBotInput = builder.inputType('DeleteBotInput', {
  description: 'Which bot to remove.',
  fields: (t) => ({
    botId: t.id({ required: true, description: 'Which bot.' }),
    idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }),
  }),
});

function readChangedBot(query: object, context: Context, recorded: ChangeReceipt<string>) {
  const id = attachChangeExtensions(context, recorded);
  return context.db.bot.findFirstOrThrow({
    ...query,
    where: { AND: [{ id }, botsVisibleTo(context.viewer)] },
  });
}

builder.mutationFields((t) => ({
  createBot: t.prismaField({
    ...CREATE,
    type: Bot,
    description: 'Makes a bot. For administrators.',
    args: { input: t.arg({ type: CreateBotInput, required: true, description: 'What it is to be.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedBot(query, context, await context.directory.bots.create(context.viewer, input)),
  }),
  updateBot: t.prismaField({
    ...CHANGE,
    type: Bot,
    description: 'Changes a bot. The same again changes nothing and is no event. For administrators.',
    args: { input: t.arg({ type: UpdateBotInput, required: true, description: 'What to change.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedBot(query, context, await context.directory.bots.update(context.viewer, input.botId, input)),
  }),
  deleteBot: t.prismaField({
    ...CHANGE,
    type: Bot,
    description:
      'Removes a bot from use; conversations keep naming it. It can not come in any more. Removed again, nothing happens. For administrators.',
    args: { input: t.arg({ type: DeleteBotInput, required: true, description: 'Which one.' }) },
    resolve: async (query, _root, { input }, context) =>
      readChangedBot(query, context, await context.directory.bots.remove(context.viewer, input.botId, input)),
  }),
}));
