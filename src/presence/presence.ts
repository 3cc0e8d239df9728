/** Called for each actor who is online when the listener is added, and then for each who comes online or goes offline. */
export type PresenceListener = (id: string, isOnline: boolean) => void;

/** Actors (users, contacts, bots) with an open websocket or SSE stream on any node. */
export interface Presence {
  /** Counts a connection that was opened. Returns the function that counts it as closed. */
  trackConnection(organizationId: string, id: string): () => void;
  /** Returns those of the given actors who are online. Without Redis: on this node. */
  findOnline(organizationId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Resolves once the listener has been called for everybody in the organization who is online. Reports actors of a crashed node as
   * offline, too, when its entries have expired. Resolves to the function that unsubscribes.
   */
  listen(organizationId: string, listener: PresenceListener): Promise<() => void>;
  stop(): Promise<void>;
}

export interface ConnectionCountsOptions {
  /** The actor's first connection to this node was opened. */
  onFirst: (organizationId: string, id: string) => void;
  /** The actor's last connection to this node was closed. */
  onLast: (organizationId: string, id: string) => void;
}

/** Connections to this node, by organization and actor. */
export function createConnectionCounts({ onFirst, onLast }: ConnectionCountsOptions) {
  const counts = new Map<string, Map<string, number>>();

  function change(organizationId: string, id: string, by: 1 | -1): number {
    const byActor = counts.get(organizationId) ?? new Map<string, number>();
    counts.set(organizationId, byActor);
    const count = (byActor.get(id) ?? 0) + by;
    if (count > 0) byActor.set(id, count);
    else byActor.delete(id);
    if (byActor.size === 0) counts.delete(organizationId);
    return count;
  }

  return {
    has: (organizationId: string, id: string) => counts.get(organizationId)?.has(id) ?? false,
    organizationIds: () => [...counts.keys()],
    countActors: (organizationId: string) => counts.get(organizationId)?.size ?? 0,
    actorIds: (organizationId: string) => [...(counts.get(organizationId)?.keys() ?? [])],
    /** Returns the function that counts the connection as closed; it may be called twice. */
    add(organizationId: string, id: string): () => void {
      if (change(organizationId, id, 1) === 1) onFirst(organizationId, id);
      let isClosed = false;
      return () => {
        if (isClosed) return;
        isClosed = true;
        if (change(organizationId, id, -1) === 0) onLast(organizationId, id);
      };
    },
  };
}
