import type { Viewer, Viewers } from '../domain/core/viewer.ts';
import type { LogEvent } from '../feed/event.ts';
import type { Follower } from '../feed/log-follower.ts';

/** A subscriber whose rights may end. */
export interface Held {
  /** Does this when all that was heard until now has been sent. */
  inTurn(run: () => void): void;
  expel(): void;
}

/**
 * Sees to it that rights end with the event that takes them: nothing that happened later reaches whoever was removed or blocked, and
 * this node asks the database anew who they are.
 */
export function createRights({ viewers }: { viewers: Pick<Viewers, 'forget'> }) {
  const followed = new Map<Follower, { holders: Map<string, Held[]>; stop: () => void }>();

  function listenTo(follower: Follower, organizationId: string) {
    const holders = new Map<string, Held[]>();
    const stop = follower.listen({ organizationId }, (event) => {
      const concerned = personOf(event);
      if (concerned === null) return;
      viewers.forget(organizationId, concerned);
      if (!endsRights(event)) return;
      for (const held of holders.get(concerned)?.slice() ?? []) held.inTurn(() => held.expel());
    });
    const entry = { holders, stop };
    followed.set(follower, entry);
    return entry;
  }

  return {
    /** Returns how to end it. */
    hold(follower: Follower, { organizationId, id }: Viewer, held: Held): () => void {
      const { holders, stop } = followed.get(follower) ?? listenTo(follower, organizationId);
      const own = holders.get(id);
      if (own) own.push(held);
      else holders.set(id, [held]);
      return () => {
        const others = holders.get(id)?.filter((one) => one !== held) ?? [];
        if (others.length > 0) holders.set(id, others);
        else holders.delete(id);
        if (holders.size > 0) return;
        stop();
        followed.delete(follower);
      };
    },
  };
}

/** Whose rights the event may have changed. */
function personOf({ type, subjectId, contactId }: LogEvent): string | null {
  if (type === 'CONTACT_CHANGED') return contactId;
  return type === 'USER_CHANGED' || type === 'SETTINGS_CHANGED' ? subjectId : null;
}

function endsRights({ changes }: LogEvent): boolean {
  return changes.some(
    ({ field, after }) =>
      (field === 'removedAt' && after !== null) || (field === 'blocked' && after === true),
  );
}
