import type { Prisma } from '../../db/generated/prisma/client.ts';
import { usersVisibleTo } from '../core/access.ts';
import { requireSearchText, toContains, toSearchTerms } from '../core/text-search.ts';
import type { Viewer } from '../core/viewer.ts';

/** Condition: users who are not members of the conversation. With `text`, each of its search terms must occur in a name or the email. */
export function invitableTo(
  viewer: Viewer,
  conversationId: string,
  text: string | null | undefined,
): Prisma.UserWhereInput {
  requireSearchText('query', text);
  return {
    AND: [
      usersVisibleTo(viewer),
      { removedAt: null, memberships: { none: { conversationId } } },
      ...toSearchTerms(text)
        .map(toContains)
        .map((contains) => ({
          OR: [{ name: contains }, { displayName: contains }, { email: contains }],
        })),
    ],
  };
}
