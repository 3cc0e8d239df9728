import type { Viewer, Viewers } from '../domain/core/viewer.ts';
import type { LogEvent } from '../feed/event.ts';
import type { LogFollower } from '../feed/log-follower.ts';

/** A subscriber whose rights may end. */
export interface Revocable {
  /** Does this when all that was heard until now has been sent. */
  enqueue(run: () => void): void;
  disconnect(): void;
}

/**
 * Sees to it that rights end with the event that takes them: nothing that happened later reaches whoever was removed or blocked, and
 * this node asks the database anew who they are.
 */
export function createRevocation({ viewers }: { viewers: Pick<Viewers, 'forget'> }) {
  const followed = new Map<LogFollower, { holders: Map<string, Revocable[]>; stop: () => void }>();

  function listenTo(follower: LogFollower, organizationId: string) {
    const holders = new Map<string, Revocable[]>();
    const stop = follower.listen({ organizationId }, (event) => {
      const concerned = affectedViewerId(event);
      if (concerned === null) return;
      viewers.forget(organizationId, concerned);
      if (!revokesAccess(event)) return;
      for (const held of holders.get(concerned)?.slice() ?? []) held.enqueue(() => held.disconnect());
    });
    const entry = { holders, stop };
    followed.set(follower, entry);
    return entry;
  }

  return {
    /** Returns how to end it. */
    track(follower: LogFollower, { organizationId, id }: Viewer, held: Revocable): () => void {
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
function affectedViewerId({ type, subjectId, contactId }: LogEvent): string | null {
  if (type === 'CONTACT_CHANGED') return contactId;
  return type === 'USER_CHANGED' || type === 'SETTINGS_CHANGED' ? subjectId : null;
}

function revokesAccess({ changes }: LogEvent): boolean {
  return changes.some(
    ({ field, after }) =>
      (field === 'removedAt' && after !== null) || (field === 'blocked' && after === true),
  );
}
