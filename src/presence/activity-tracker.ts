import type { ActivityReport, ActivityState } from './activity-store.ts';

export type ActivityTracker = ReturnType<typeof createActivityTracker>;

/** What people do in one conversation, as this node has heard it; lets it run out. */
export function createActivityTracker(conversationId: string) {
  const present = new Map<string, { state: ActivityState; timer: NodeJS.Timeout }>();
  const listeners = new Set<(state: ActivityState) => void>();
  /** Who was heard while it is being read what was said before: that is older then. */
  let heardMeanwhile: Set<string> | undefined;

  function change(state: ActivityState) {
    for (const tell of listeners) tell(state);
  }

  function take({ actorId, activity, forMs }: Pick<ActivityReport, 'actorId' | 'activity' | 'forMs'>) {
    const known = present.get(actorId);
    clearTimeout(known?.timer);
    if (activity === 'NONE' || forMs <= 0) {
      present.delete(actorId);
      if (known) change({ conversationId, actorId, activity: 'NONE' });
      return;
    }
    const isSame = known?.state.activity === activity;
    const state = isSame ? known.state : { conversationId, actorId, activity };
    const timer = setTimeout(() => take({ actorId, activity: 'NONE', forMs: 0 }), forMs);
    present.set(actorId, { state, timer });
    if (!isSame) change(state);
  }

  return {
    /** Who uses it; it is closed when nobody does. */
    users: 0,
    /** Resolves when it has been read what was said before. */
    loaded: undefined as Promise<void> | undefined,
    hear(said: Pick<ActivityReport, 'actorId' | 'activity' | 'forMs'>) {
      heardMeanwhile?.add(said.actorId);
      take(said);
    },
    /** Takes what was said before it was listened to. */
    async load(read: () => Promise<ActivityReport[]>) {
      const newer = new Set<string>();
      heardMeanwhile = newer;
      for (const said of await read()) if (!newer.has(said.actorId)) take(said);
    },
    /** Tells who does something now, and then each change. Returns how to end it. */
    listen(tell: (state: ActivityState) => void): () => void {
      for (const { state } of present.values()) tell(state);
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    close() {
      for (const { timer } of present.values()) clearTimeout(timer);
      present.clear();
    },
  };
}
