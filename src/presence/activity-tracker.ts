import type { ActivityReport, ActivityState } from './activity-store.ts';

export type ActivityTracker = ReturnType<typeof createActivityTracker>;

type ActorReport = Pick<ActivityReport, 'actorId' | 'activity' | 'forMs'>;

/** The present activities in one conversation, as reported to this node. Each expires by a timer of the node's own. */
export function createActivityTracker(conversationId: string) {
  const present = new Map<string, { state: ActivityState; timer: NodeJS.Timeout }>();
  const listeners = new Set<(state: ActivityState) => void>();
  /** Actors that were reported while the store is being read: what the store has of them is older. */
  let reportedMeanwhile: Set<string> | undefined;

  function emit(state: ActivityState) {
    for (const listener of listeners) listener(state);
  }

  function apply({ actorId, activity, forMs }: ActorReport) {
    const known = present.get(actorId);
    clearTimeout(known?.timer);
    if (activity === 'NONE' || forMs <= 0) {
      present.delete(actorId);
      if (known) emit({ conversationId, actorId, activity: 'NONE' });
      return;
    }
    const isSame = known?.state.activity === activity;
    const state = isSame ? known.state : { conversationId, actorId, activity };
    const timer = setTimeout(() => apply({ actorId, activity: 'NONE', forMs: 0 }), forMs);
    present.set(actorId, { state, timer });
    if (!isSame) emit(state);
  }

  return {
    /** Takes a report from the bus. */
    report(report: ActorReport) {
      reportedMeanwhile?.add(report.actorId);
      apply(report);
    },
    /** Takes the reports that `read` gets from the store. */
    async load(read: () => Promise<ActivityReport[]>) {
      const newer = new Set<string>();
      reportedMeanwhile = newer;
      for (const report of await read()) if (!newer.has(report.actorId)) apply(report);
    },
    /** Calls back with each present activity, and then with each change. Returns the function that unsubscribes. */
    listen(listener: (state: ActivityState) => void): () => void {
      for (const { state } of present.values()) listener(state);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      for (const { timer } of present.values()) clearTimeout(timer);
      present.clear();
    },
  };
}
