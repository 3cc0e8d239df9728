import type { PresenceListener } from './presence.ts';

/** Those who are connected; of these people alone, where some are named. */
export type ReadOnline = (
  organizationId: string,
  ids?: readonly string[],
) => Promise<{
  found: ReadonlySet<string>;
  /** There may be others, who can't be known of at present. */
  isPartial: boolean;
}>;

/** Who is here, as far as this node has told those who listen; one room for an organization. */
export function createPresenceTrackers(read: ReadOnline) {
  const rooms = new Map<string, PresenceTracker>();

  return {
    /** Something may have changed about this person. */
    refresh: (organizationId: string, id: string) => void rooms.get(organizationId)?.look([id]),
    /** Looks at everybody: who was lost without a word is missed here. */
    refreshAll() {
      for (const room of rooms.values()) void room.look();
    },
    /** `open` is done when the first comes, and its result when the last has left. */
    async listen(
      organizationId: string,
      listener: PresenceListener,
      open: () => Promise<() => unknown>,
    ): Promise<() => void> {
      const room = rooms.get(organizationId) ?? startTracker({ read, organizationId, open });
      rooms.set(organizationId, room);
      room.users += 1;
      function leave() {
        room.users -= 1;
        if (room.users > 0) return;
        rooms.delete(organizationId);
        room.close();
      }
      try {
        await room.ready;
      } catch (error) {
        leave();
        throw error;
      }
      const end = room.listen(listener);
      return () => {
        end();
        leave();
      };
    },
  };
}

type PresenceTracker = ReturnType<typeof startTracker>;

function startTracker({
  read,
  organizationId,
  open,
}: {
  read: ReadOnline;
  organizationId: string;
  open: () => Promise<() => unknown>;
}) {
  const online = new Set<string>();
  const listeners = new Set<PresenceListener>();
  const asked = new Set<string>();
  let isAllAsked = false;
  let looking: Promise<void> | undefined;

  function take(id: string, isOnline: boolean) {
    if (online.has(id) === isOnline) return;
    if (isOnline) online.add(id);
    else online.delete(id);
    for (const listener of listeners) listener(id, isOnline);
  }

  // One look after the other: what an earlier one saw never undoes what a later one did.
  async function lookAsAsked() {
    while (isAllAsked || asked.size > 0) {
      const ids = isAllAsked ? undefined : [...asked];
      isAllAsked = false;
      asked.clear();
      const { found, isPartial } = await read(organizationId, ids);
      for (const id of found) take(id, true);
      if (isPartial) continue;
      for (const id of ids ?? [...online]) if (!found.has(id)) take(id, false);
    }
    looking = undefined;
  }

  function look(ids?: readonly string[]): Promise<void> {
    if (!ids) isAllAsked = true;
    for (const id of ids ?? []) asked.add(id);
    looking ??= lookAsAsked();
    return looking;
  }

  const opened = open();
  return {
    users: 0,
    // Looked after everything that is announced from now on is heard.
    ready: opened.then(() => look()),
    look,
    listen(listener: PresenceListener): () => void {
      for (const id of online) listener(id, true);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => void opened.then((end) => end()).catch(() => undefined),
  };
}
