import { LIMITS } from '../../limits.ts';

export const TOO_MANY_CONNECTIONS = `This viewer has ${LIMITS.websockets} websockets on this node already. Close one, or use those.`;

/** Limits the websockets of each viewer on this node, so that one client in a reconnect loop can't exhaust the node. */
export function createConnectionLimit() {
  const counts = new Map<string, number>();

  return {
    /** False when the viewer is at the limit. Otherwise the websocket counts until `release`. */
    acquire(viewerId: string): boolean {
      const count = counts.get(viewerId) ?? 0;
      if (count >= LIMITS.websockets) return false;
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
