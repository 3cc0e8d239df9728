import { createSocketCounts, type Presence } from './presence.ts';
import { createPresenceRooms } from './presence-room.ts';

/** The presence of a single node. */
export function createMemoryPresence(): Presence {
  const rooms = createPresenceRooms(async (organizationId, ids) => {
    const own = ids ?? sockets.idsOf(organizationId);
    return { found: new Set(own.filter((id) => sockets.has(organizationId, id))), isPartial: false };
  });
  const sockets = createSocketCounts({ onFirst: rooms.look, onLast: rooms.look });
  return {
    arrive: sockets.add,
    online: async (organizationId, ids) => new Set(ids.filter((id) => sockets.has(organizationId, id))),
    listen: (organizationId, listener) => rooms.listen(organizationId, listener, async () => () => {}),
    async stop() {
      // There is nothing that outlives the node.
    },
  };
}
