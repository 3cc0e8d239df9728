import type { Log } from '../log.ts';
import { createConnectionCounts, type Presence } from './presence.ts';
import { createPresenceTrackers } from './presence-tracker.ts';

/** The presence of a single node. */
export function createMemoryPresence(log: Log): Presence {
  const trackers = createPresenceTrackers({
    log,
    async read(organizationId, ids) {
      const candidates = ids ?? connections.actorIds(organizationId);
      return { found: filterOnline(organizationId, candidates), isPartial: false };
    },
  });
  const connections = createConnectionCounts({ onFirst: trackers.refresh, onLast: trackers.refresh });

  function filterOnline(organizationId: string, ids: readonly string[]): Set<string> {
    return new Set(ids.filter((id) => connections.has(organizationId, id)));
  }

  return {
    trackConnection: connections.add,
    findOnline: async (organizationId, ids) => filterOnline(organizationId, ids),
    // Changes are made on this node alone: there is nothing to subscribe to.
    listen: (organizationId, listener) => trackers.listen(organizationId, listener, async () => () => {}),
    async stop() {},
  };
}
