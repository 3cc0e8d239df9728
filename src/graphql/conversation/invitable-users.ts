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
    description: `Team members who are not members of the conversation, ordered by name, at most ${LIMITS.invitableUsers}. Removed users are left out. Null if there is no such conversation, or it is deleted. Team only.`,
    args: {
      conversationId: t.arg.id({
        required: true,
        description: 'Id of the conversation, such as CVR-01JD8X….',
      }),
      query: t.arg.string({
        description: `Search words separated by whitespace, at most ${LIMITS.filterText} characters in all. Each word must occur, in any case, in the name, displayName or email.`,
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
