/** Knows who has a page connected, on any node. */
export interface Presence {
  /** Somebody has opened a socket; the result says that it is closed. */
  arrive(organizationId: string, id: string): () => void;
  /** Those of these people who are connected. */
  online(organizationId: string, ids: readonly string[]): Promise<ReadonlySet<string>>;
  stop(): Promise<void>;
}

/** Counts the sockets of each person on this node; tells when the first is opened and the last is closed. */
export function createSocketCounts({
  onFirst,
  onLast,
}: {
  onFirst?: (key: string) => void;
  onLast?: (key: string) => void;
} = {}) {
  const counts = new Map<string, number>();
  return {
    has: (key: string) => counts.has(key),
    keys: () => [...counts.keys()],
    add(key: string): () => void {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count === 1) onFirst?.(key);
      let isClosed = false;
      return () => {
        if (isClosed) return;
        isClosed = true;
        const left = (counts.get(key) ?? 1) - 1;
        if (left > 0) {
          counts.set(key, left);
          return;
        }
        counts.delete(key);
        onLast?.(key);
      };
    },
  };
}

export function presenceKey(organizationId: string, id: string): string {
  return `parley:online:${organizationId}:${id}`;
}
