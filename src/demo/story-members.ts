import type { Prisma } from '../db/generated/prisma/client.ts';
import type { Author, FieldChange } from '../feed/event.ts';

interface Member {
  joinedAt: Date;
  addedById: string | null;
  lastReadSeq: number;
}

/** The team members in one conversation, and what each has read. */
export function createStoryMembers(keys: { organizationId: string; conversationId: string }) {
  const members = new Map<string, Member>();

  return {
    /** The change that it is, or null where the user is a member already. */
    add(at: Date, by: Author, userId: string): FieldChange | null {
      if (members.has(userId)) return null;
      const addedById = by.kind === 'user' && by.id !== userId ? by.id : null;
      members.set(userId, { joinedAt: at, addedById, lastReadSeq: 0 });
      return { field: 'members', before: null, after: userId };
    },
    read(userId: string, seq: number) {
      const member = members.get(userId);
      if (!member) throw new Error(`${userId} is no member of ${keys.conversationId}`);
      member.lastReadSeq = seq;
    },
    toRows(messages: readonly { incomingCount: number }[], incomingCount: number) {
      return [...members].map(([userId, member]): Prisma.ConversationMemberCreateManyInput => {
        const readCount =
          member.lastReadSeq === 0 ? 0 : (messages[member.lastReadSeq - 1]?.incomingCount ?? 0);
        return { ...keys, userId, ...member, readCount, isUnread: incomingCount > readCount };
      });
    },
  };
}
