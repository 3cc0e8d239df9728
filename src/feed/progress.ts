/** How far behind a node is with the logs that it follows. */
export interface FeedProgress {
  /** Time since the node last knew that it had delivered all events; 0 where it follows no log. */
  lagSeconds: number;
  /** Events that the bus did not bring, since the start; they were read from the log. */
  missedByBus: number;
  /** Subscriptions that are reading missed events, by organization. */
  catchingUp: ReadonlyMap<string, number>;
}

/** Measures how long ago a follower had certainly delivered all events of its log. */
export function createLag(now: () => number = () => performance.now()) {
  let upToDateAt = now();
  let checked = { head: 0, at: upToDateAt };

  function reach(position: number) {
    if (position >= checked.head) upToDateAt = checked.at;
  }

  return {
    /** Notes the head of the log, read no earlier than at `at`, and the position of the follower before that counts. */
    check(head: number, at: number, position: number) {
      reach(position);
      checked = { head, at };
    },
    readSeconds(position: number): number {
      reach(position);
      return (now() - upToDateAt) / 1_000;
    },
  };
}

/** Counts the replays that are running. */
export function createReplayCounts() {
  const counts = new Map<string, number>();

  function add(organizationId: string, change: number) {
    const count = (counts.get(organizationId) ?? 0) + change;
    if (count > 0) counts.set(organizationId, count);
    else counts.delete(organizationId);
  }

  return {
    /** The same replay, which counts from its first event to its end. */
    async *run<Event, Result>(organizationId: string, replay: AsyncGenerator<Event, Result, undefined>) {
      add(organizationId, 1);
      try {
        return yield* replay;
      } finally {
        add(organizationId, -1);
      }
    },
    byOrganization: (): ReadonlyMap<string, number> => counts,
  };
}
