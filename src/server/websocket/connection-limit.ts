const MAX_CONNECTIONS = 100;

export const TOO_MANY_CONNECTIONS = `There are ${MAX_CONNECTIONS} websockets of yours already. Close one, or use those.`;

/** Counts the websockets of each viewer on this node, so that a page gone mad takes nothing from the others. */
export function createConnectionLimit() {
  const counts = new Map<string, number>();

  return {
    /** Whether there is room for one more; if so, it is counted until it leaves. */
    acquire(viewerId: string): boolean {
      const count = counts.get(viewerId) ?? 0;
      if (count >= MAX_CONNECTIONS) return false;
      counts.set(viewerId, count + 1);
      return true;
    },
    release(viewerId: string) {
      const left = (counts.get(viewerId) ?? 1) - 1;
      if (left > 0) counts.set(viewerId, left);
      else counts.delete(viewerId);
    },
  };
}
