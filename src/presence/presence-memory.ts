import { createConnectionCounts, type Presence } from './presence.ts';
import { createPresenceTrackers } from './presence-tracker.ts';

/** The presence of a single node. */
export function createMemoryPresence(): Presence {
  const rooms = createPresenceTrackers(async (organizationId, ids) => {
    const own = ids ?? sockets.idsOf(organizationId);
    return { found: new Set(own.filter((id) => sockets.has(organizationId, id))), isPartial: false };
  });
  const sockets = createConnectionCounts({ onFirst: rooms.refresh, onLast: rooms.refresh });
  return {
    trackConnection: sockets.add,
    findOnline: async (organizationId, ids) => new Set(ids.filter((id) => sockets.has(organizationId, id))),
    listen: (organizationId, listener) => rooms.listen(organizationId, listener, async () => () => {}),
    async stop() {
      // There is nothing that outlives the node.
    },
  };
}
