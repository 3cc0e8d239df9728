import type { ActivityReport, ActivityStore, ConversationRef } from './activity-store.ts';

/** The activity of a single node. */
export function createMemoryActivityStore(): ActivityStore {
  const places = new Map<
    string,
    Map<string, { said: ActivityReport; timer: NodeJS.Timeout; until: number }>
  >();

  function forget(key: string, actorId: string) {
    const present = places.get(key);
    clearTimeout(present?.get(actorId)?.timer);
    present?.delete(actorId);
    if (present?.size === 0) places.delete(key);
  }

  return {
    async save(place, said) {
      const key = keyOf(place);
      forget(key, said.actorId);
      if (said.activity === 'NONE') return;
      const timer = setTimeout(() => forget(key, said.actorId), said.forMs);
      const present = places.get(key) ?? new Map();
      places.set(key, present.set(said.actorId, { said, timer, until: Date.now() + said.forMs }));
    },
    async read(place) {
      const present = [...(places.get(keyOf(place))?.values() ?? [])];
      return present.map(({ said, until }) => ({ ...said, forMs: until - Date.now() }));
    },
    async stop() {
      for (const present of places.values()) for (const { timer } of present.values()) clearTimeout(timer);
      places.clear();
    },
  };
}

function keyOf({ organizationId, conversationId }: ConversationRef): string {
  return `${organizationId} ${conversationId}`;
}
