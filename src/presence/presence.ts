/** Hears who is here: first of all who are, then of each who comes or goes. */
export type PresenceListener = (id: string, isOnline: boolean) => void;

/** Knows who has a page connected, on any node. */
export interface Presence {
  /** Somebody has opened a socket; the result says that it is closed. */
  trackConnection(organizationId: string, id: string): () => void;
  /** Those of these people who are connected. */
  findOnline(organizationId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Tells who of the organization is connected now, and then who comes and goes, also with a node that died. Resolves when all who
   * are here have been told; returns how to end it.
   */
  listen(organizationId: string, listener: PresenceListener): Promise<() => void>;
  stop(): Promise<void>;
}

/** Counts the sockets of each person on this node; tells when the first is opened and the last is closed. */
export function createConnectionCounts({
  onFirst,
  onLast,
}: {
  onFirst: (organizationId: string, id: string) => void;
  onLast: (organizationId: string, id: string) => void;
}) {
  const counts = new Map<string, Map<string, number>>();

  function change(organizationId: string, id: string, by: 1 | -1): number {
    const own = counts.get(organizationId) ?? new Map<string, number>();
    counts.set(organizationId, own);
    const count = (own.get(id) ?? 0) + by;
    if (count > 0) own.set(id, count);
    else own.delete(id);
    if (own.size === 0) counts.delete(organizationId);
    return count;
  }

  return {
    has: (organizationId: string, id: string) => counts.get(organizationId)?.has(id) ?? false,
    organizations: () => [...counts.keys()],
    /** How many people of the organization have a socket here. */
    count: (organizationId: string) => counts.get(organizationId)?.size ?? 0,
    idsOf: (organizationId: string) => [...(counts.get(organizationId)?.keys() ?? [])],
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
