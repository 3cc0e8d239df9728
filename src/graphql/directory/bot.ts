import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { defineMutationInput } from '../core/mutation.ts';
import { Actor, Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { AVATAR_URL, defineEntryMutations, ENTRY_NAME, REMOVED_AT, UPDATE_RULE } from './entry.ts';

export const Bot = builder.prismaObject('Bot', {
  description:
    'A program that talks with contacts. It signs in with a token of its own and sees the same as the team. A contact sees the bots of their conversations.',
  interfaces: [Node, Actor],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', {
      visibility: 'public',
      description: 'Name shown to the team and to contacts.',
    }),
    avatarUrl: t.exposeString('avatarUrl', {
      nullable: true,
      visibility: 'public',
      description: 'URL of its picture; null if it has none.',
    }),
    description: t.exposeString('description', {
      nullable: true,
      visibility: 'public',
      description: `Purpose of the bot, at most ${LIMITS.detail} characters; null if none is given.`,
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      visibility: 'public',
      description: 'Time at which the bot was created.',
    }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

export const BotConnection = defineConnection(Bot);

const DESCRIPTION = `Purpose of the bot, at most ${LIMITS.detail} characters. Contacts can read it.`;

defineEntryMutations({
  type: Bot,
  label: 'a bot',
  removalNote: 'Its token is refused from then on. ',
  idField: 'botId',
  entries: ({ directory }) => directory.bots,
  createInput: defineMutationInput('CreateBotInput', {
    description: 'Fields of the new bot.',
    fields: (t) => ({
      name: t.string({ required: true, description: ENTRY_NAME }),
      avatarUrl: t.string({ description: AVATAR_URL }),
      description: t.string({ description: DESCRIPTION }),
    }),
  }),
  updateInput: defineMutationInput('UpdateBotInput', {
    description: `Fields of a bot to change. ${UPDATE_RULE}`,
    fields: (t) => ({
      botId: t.id({ required: true, description: 'Id of the bot to change, BOT-….' }),
      name: t.string({ description: ENTRY_NAME }),
      avatarUrl: t.string({ description: AVATAR_URL }),
      description: t.string({ description: DESCRIPTION }),
    }),
  }),
});
