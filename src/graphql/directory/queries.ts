import type { GraphQLResolveInfo } from 'graphql';
import { contactsMatching } from '../../domain/contact/filter.ts';
import {
  botsVisibleTo,
  contactsVisibleTo,
  directoryEntriesVisibleTo,
  usersVisibleTo,
} from '../../domain/core/access.ts';
import { LIMITS } from '../../limits.ts';
import { Contact, ContactConnection } from '../contact/contact.ts';
import { builder } from '../core/builder.ts';
import { STATEMENT_COST, weighRootPage } from '../core/complexity.ts';
import { loadPage, PAGE_ARGS } from '../core/connection.ts';
import type { Context } from '../core/context.ts';
import { type PageArgs, type PageOrder, planPage } from '../core/keyset.ts';
import { requireIdOf } from '../core/node.ts';
import { AudienceConnection } from './audience.ts';
import { BotConnection } from './bot.ts';
import { ChannelConnection } from './channel.ts';
import { UserConnection } from './user.ts';
import { WebsiteConnection } from './website.ts';

const BY_NAME: PageOrder = { name: 'name', column: 'name', direction: 'asc' };

const LIST = {
  nullable: true,
  visibility: 'team',
  args: PAGE_ARGS,
  complexity: weighRootPage,
} as const;

interface ListOptions {
  args: PageArgs;
  context: Context;
  info: GraphQLResolveInfo;
  typeName: string;
}

/** Loads a page sorted by name. `beyond` is the condition of the cursor: rows after it, or before it. */
function readByName<Row extends object>(
  { args, ...options }: ListOptions,
  read: (query: { select: { id: true }; orderBy: object[]; take: number }, beyond: object) => Promise<Row[]>,
) {
  const plan = planPage(args, BY_NAME);
  const { where: beyond, ...page } = plan.query;
  return loadPage({ ...options, plan }, (select) => read({ ...select, ...page }, beyond));
}

builder.queryFields((t) => ({
  contact: t.prismaField({
    type: Contact,
    nullable: true,
    complexity: STATEMENT_COST,
    visibility: 'public',
    description: 'Contact by its id; null if it does not exist or is not visible to the viewer.',
    args: { id: t.arg.id({ required: true, description: 'Id of the contact, CTC-….' }) },
    resolve: (query, _root, { id }, { db, readScope }) => {
      requireIdOf('Contact', 'id', id);
      return db.contact.findFirst({ ...query, where: { AND: [{ id }, contactsVisibleTo(readScope)] } });
    },
  }),
  contacts: t.field({
    ...LIST,
    type: ContactConnection,
    description: 'Contacts of the organization, sorted by name. Team only.',
    args: {
      query: t.arg.string({
        description: `Search terms, separated by white space, at most ${LIMITS.filterWords} terms and ${LIMITS.filterText} characters. Each must occur in the name, email, phone number, identifier or company; case does not matter.`,
      }),
      ...PAGE_ARGS,
    },
    resolve: (_root, { query: text, ...args }, context, info) => {
      const holding = contactsMatching(text);
      return readByName({ args, context, info, typeName: 'Contact' }, (query, beyond) =>
        context.db.contact.findMany({
          ...query,
          where: { AND: [contactsVisibleTo(context.readScope), holding, beyond] },
        }),
      );
    },
  }),
  users: t.field({
    ...LIST,
    type: UserConnection,
    description: 'Users of the organization, sorted by name; removed ones are left out. Team only.',
    resolve: (_root, args, context, info) =>
      readByName({ args, context, info, typeName: 'User' }, (query, beyond) =>
        context.db.user.findMany({
          ...query,
          where: { AND: [usersVisibleTo(context.readScope), { removedAt: null }, beyond] },
        }),
      ),
  }),
  bots: t.field({
    ...LIST,
    type: BotConnection,
    description: 'Bots of the organization, sorted by name; removed ones are left out. Team only.',
    resolve: (_root, args, context, info) =>
      readByName({ args, context, info, typeName: 'Bot' }, (query, beyond) =>
        context.db.bot.findMany({
          ...query,
          where: { AND: [botsVisibleTo(context.readScope), { removedAt: null }, beyond] },
        }),
      ),
  }),
  websites: t.field({
    ...LIST,
    type: WebsiteConnection,
    description: 'Websites of the organization, sorted by name; removed ones are left out. Team only.',
    resolve: (_root, args, context, info) =>
      readByName({ args, context, info, typeName: 'Website' }, (query, beyond) =>
        context.db.website.findMany({
          ...query,
          where: { AND: [directoryEntriesVisibleTo(context.readScope), { removedAt: null }, beyond] },
        }),
      ),
  }),
  audiences: t.field({
    ...LIST,
    type: AudienceConnection,
    description: 'Audiences of the organization, sorted by name; removed ones are left out. Team only.',
    resolve: (_root, args, context, info) =>
      readByName({ args, context, info, typeName: 'Audience' }, (query, beyond) =>
        context.db.audience.findMany({
          ...query,
          where: { AND: [directoryEntriesVisibleTo(context.readScope), { removedAt: null }, beyond] },
        }),
      ),
  }),
  channels: t.field({
    ...LIST,
    type: ChannelConnection,
    description: 'Channels of the organization, sorted by name; removed ones are left out. Team only.',
    resolve: (_root, args, context, info) =>
      readByName({ args, context, info, typeName: 'Channel' }, (query, beyond) =>
        context.db.channel.findMany({
          ...query,
          where: { AND: [directoryEntriesVisibleTo(context.readScope), { removedAt: null }, beyond] },
        }),
      ),
  }),
}));
