import { visibleTo } from '../../domain/core/access.ts';
import { LIMITS } from '../../domain/core/limits.ts';
import { invitableTo } from '../../domain/directory/invitable.ts';
import { builder } from '../core/builder.ts';
import { User } from '../directory/user.ts';

builder.queryField('invitableUsers', (t) =>
  t.prismaField({
    type: [User],
    nullable: true,
    visibility: 'team',
    description: `The team members who are not in the conversation yet, by name, at most ${LIMITS.invitableUsers}. Null when there is no such conversation.`,
    args: {
      conversationId: t.arg.id({ required: true, description: 'Which conversation.' }),
      query: t.arg.string({
        description: `Words, each of which must be in the name, the displayName or the email; at most ${LIMITS.filterText} characters.`,
      }),
    },
    complexity: { multiplier: LIMITS.invitableUsers },
    resolve: async (query, _root, { conversationId, query: text }, { db, viewer }) => {
      const users = {
        ...query,
        where: invitableTo(viewer, conversationId, text),
        orderBy: [{ name: 'asc' as const }, { id: 'asc' as const }],
        take: LIMITS.invitableUsers,
      };
      const own = { id: conversationId, deletedAt: null, ...visibleTo(viewer) };
      if (!(await db.conversation.findFirst({ where: own, select: { id: true } }))) return null;
      return db.user.findMany(users);
    },
  }),
);
