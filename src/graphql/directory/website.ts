import { visibleTo } from '../../domain/core/access.ts';
import { isTeam } from '../../domain/core/viewer.ts';
import { LIMITS } from '../../limits.ts';
import { builder } from '../core/builder.ts';
import { defineConnection } from '../core/connection.ts';
import { defineMutationInput, UPDATE_ERRORS } from '../core/mutation.ts';
import { Node } from '../core/node.ts';
import { ORIGIN } from '../core/origin.ts';
import { Channel } from './channel.ts';
import { defineEntryMutations, ENTRY_NAME, REMOVED_AT, UPDATE_RULE } from './entry.ts';

export const Website = builder.prismaObject('Website', {
  description: 'A website with a chat widget or a bot. A contact sees the websites of their conversations.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    name: t.exposeString('name', { visibility: 'public', description: 'Name given by the team.' }),
    url: t.exposeString('url', {
      visibility: 'public',
      description: 'Address of the website, such as https://example.com/.',
    }),
    defaultChannel: t.field({
      type: Channel,
      nullable: true,
      visibility: 'public',
      description:
        'Channel of a new conversation from this website, if no other is given; null if there is none, and for a contact if none of their conversations uses it. A removed channel is shown, but not used.',
      // A contact sees a channel by its conversations alone, whichever way leads to it.
      select: (_args, { readScope }, nested) => ({
        defaultChannel: isTeam(readScope)
          ? nested()
          : nested({
              select: {
                id: true,
                conversations: { where: visibleTo(readScope), take: 1, select: { id: true } },
              },
            }),
      }),
      resolve: ({ defaultChannel }, _args, { readScope }) =>
        isTeam(readScope) || isSeen(defaultChannel) ? defaultChannel : null,
    }),
    removedAt: t.field(REMOVED_AT),
    origin: t.field(ORIGIN),
  }),
});

function isSeen(channel: object | null): boolean {
  const { conversations = [] } = (channel ?? {}) as { conversations?: readonly unknown[] };
  return conversations.length > 0;
}

export const WebsiteConnection = defineConnection(Website);

const URL = `Address of the website, such as https://example.com/: https or http, without user name and password, at most ${LIMITS.url} characters. Stored as a browser's URL parser writes it.`;
const DEFAULT_CHANNEL =
  'Id of the channel, CHN-…, of a new conversation from this website, if no other is given. Null: none.';

defineEntryMutations({
  type: Website,
  label: 'a website',
  idField: 'websiteId',
  // NotFoundError is for the default channel.
  createErrors: UPDATE_ERRORS,
  entries: ({ directory }) => directory.websites,
  createInput: defineMutationInput('CreateWebsiteInput', {
    description: 'Fields of the new website.',
    fields: (t) => ({
      name: t.string({ required: true, description: ENTRY_NAME }),
      url: t.string({ required: true, description: URL }),
      defaultChannelId: t.id({ description: DEFAULT_CHANNEL }),
    }),
  }),
  updateInput: defineMutationInput('UpdateWebsiteInput', {
    description: `Fields of a website to change. ${UPDATE_RULE}`,
    fields: (t) => ({
      websiteId: t.id({ required: true, description: 'Id of the website, WEB-….' }),
      name: t.string({ description: ENTRY_NAME }),
      url: t.string({ description: URL }),
      defaultChannelId: t.id({ description: DEFAULT_CHANNEL }),
    }),
  }),
});
