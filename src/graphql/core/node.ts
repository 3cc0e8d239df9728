import { BadArgumentError } from '../../errors.ts';
import { ID_PREFIX, type NodeType, parseNodeType } from '../../ids.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';

export const Node = builder.interfaceRef<{ id: string }>('Node').implement({
  description: `An object that the queries node and nodes find by id. The prefix of the id names its type: ${Object.values(ID_PREFIX).join('-, ')}-.`,
  resolveType: ({ id }) => parseNodeType(id) ?? null,
  fields: (t) => ({
    id: t.exposeID('id', {
      visibility: 'public',
      description:
        'Globally unique id. Its prefix names the type, such as CVR- for a conversation. It never changes.',
    }),
  }),
});

export const Actor = builder.interfaceRef<{ id: string }>('Actor').implement({
  description: 'A user, contact or bot, as the author of messages and changes.',
  interfaces: [Node],
  resolveType: ({ id }) => parseNodeType(id) ?? null,
  fields: (t) => ({
    name: t.string({
      visibility: 'public',
      description: 'Name to show; the full name of a user.',
      resolve: () => unresolved('name'),
    }),
    avatarUrl: t.string({
      nullable: true,
      visibility: 'public',
      description: 'URL of a picture; null if there is none.',
      resolve: () => unresolved('avatarUrl'),
    }),
  }),
});

/** Field `isOnline` of contacts and users. */
export const IS_ONLINE = {
  visibility: 'public',
  description:
    'Whether at least one page of theirs is connected, by WebSocket or server-sent events. A lost WebSocket is noticed within 15 seconds, a lost event stream only when TCP gives it up.',
  resolve: ({ id }: { id: string }, _args: object, context: Context) => context.isOnline(id),
} as const;

/** Throws BadArgumentError if the id belongs to another type, to point out a mix-up of arguments. */
export function requireIdOf(type: NodeType, argument: string, id: string) {
  if (parseNodeType(id) !== type) {
    throw new BadArgumentError(
      argument,
      `is not the id of a ${type}: expected an id that begins with ${ID_PREFIX[type]}-.`,
    );
  }
}

function unresolved(field: string): never {
  throw new Error(`each type of Actor resolves ${field} itself`);
}
