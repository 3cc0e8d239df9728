import type { Viewer, Viewers } from '../domain/core/viewer.ts';
import { findViewerChange } from '../domain/core/viewer-change.ts';
import type { LogEvent } from '../feed/event.ts';

/** A subscription that can be ended from outside. */
export interface Revocable {
  /** The viewer has lost access. */
  revoke(): void;
  /** The log was rewound: what was sent may not have happened, and no event comes any more. */
  onEpochChange(): void;
}

export type Revocation = ReturnType<typeof createRevocation>;

/**
 * Ends subscriptions to one log. The event that removes or blocks a viewer ends theirs, so that nothing later reaches them; a
 * rewind of the log ends all.
 */
export function createRevocation({
  viewers,
  organizationId,
}: {
  viewers: Pick<Viewers, 'forget'>;
  organizationId: string;
}) {
  const subscriptions = new Map<string, Revocable[]>();
  let hasEpochChanged = false;

  return {
    /** Returns a function that ends the tracking. */
    track({ id }: Pick<Viewer, 'id'>, subscription: Revocable): () => void {
      if (hasEpochChanged) queueMicrotask(() => subscription.onEpochChange());
      const own = subscriptions.get(id);
      if (own) own.push(subscription);
      else subscriptions.set(id, [subscription]);
      return () => {
        const others = subscriptions.get(id)?.filter((one) => one !== subscription) ?? [];
        if (others.length > 0) subscriptions.set(id, others);
        else subscriptions.delete(id);
      };
    },
    apply(event: LogEvent) {
      const change = findViewerChange(event);
      if (!change) return;
      const { viewerId, isRevoked } = change;
      viewers.forget(organizationId, viewerId);
      if (!isRevoked) return;
      for (const subscription of subscriptions.get(viewerId)?.slice() ?? []) subscription.revoke();
    },
    endAll() {
      hasEpochChanged = true;
      for (const [viewerId, own] of [...subscriptions]) {
        // The database was restored: the viewer may have other rights now, or not exist.
        viewers.forget(organizationId, viewerId);
        for (const subscription of own.slice()) subscription.onEpochChange();
      }
    },
  };
}
