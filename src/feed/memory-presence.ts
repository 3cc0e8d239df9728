import { createSocketCounts, type Presence, presenceKey } from './presence.ts';

/** The presence of a single node. */
export function createMemoryPresence(): Presence {
  const sockets = createSocketCounts();
  return {
    arrive: (organizationId, id) => sockets.add(presenceKey(organizationId, id)),
    online: async (organizationId, ids) =>
      new Set(ids.filter((id) => sockets.has(presenceKey(organizationId, id)))),
    async stop() {
      // There is nothing that outlives the node.
    },
  };
}
