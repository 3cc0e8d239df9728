import type { Bus } from '../bus/bus.ts';
import { CHANNELS } from '../bus/redis-names.ts';
import type { Log } from '../log.ts';
import { createRefCounted, whenReady } from '../ref-counted.ts';
import {
  ACTIVITIES,
  type ActivityReport,
  type ActivityState,
  type ActivityStore,
  type ConversationRef,
} from './activity-store.ts';
import { type ActivityTracker, createActivityTracker } from './activity-tracker.ts';

// An activity ends this long after its last report.
const TIME_TO_LIVE_MS = 10_000;

export interface ActivitiesOptions {
  store: ActivityStore;
  bus: Bus;
  log: Log;
  timeToLiveMs?: number;
}

export type Activities = ReturnType<typeof createActivities>;

/**
 * Viewing, typing and note writing in conversations, on any node. A report is stored and broadcast; each node that listens lets it
 * expire by itself, so that a client that vanishes need not take it back.
 */
export function createActivities({
  store,
  bus,
  log,
  timeToLiveMs: forMs = TIME_TO_LIVE_MS,
}: ActivitiesOptions) {
  const subscriptions = createRefCounted<Promise<() => Promise<void>>>((subscribed) => {
    subscribed.then((unsubscribe) => unsubscribe()).catch(() => undefined);
  });
  const conversations = createRefCounted<RunningTracker>((conversation) => conversation.stop());

  bus.onReconnect(() => {
    for (const { load } of conversations) load().catch(logFailure);
  });

  function logFailure(error: unknown) {
    log.error({ err: error }, 'activity was not read');
  }

  function subscribe(organizationId: string): Promise<() => Promise<void>> {
    return bus.subscribe(CHANNELS.activity(organizationId), (message) => {
      const report = parseReport(message);
      if (report) deliver(organizationId, report);
    });
  }

  function deliver(organizationId: string, report: ActivityReport) {
    const { conversationId } = report;
    conversations.get(keyOf({ organizationId, conversationId }))?.tracker.report(report);
  }

  function startTracker(conversation: ConversationRef) {
    const { organizationId, conversationId } = conversation;
    const tracker = createActivityTracker(conversationId);
    const { value: subscribed, release } = subscriptions.acquire(organizationId, () =>
      subscribe(organizationId),
    );

    async function load() {
      try {
        await tracker.load(() => store.read(conversation));
      } catch (error) {
        log.debug({ err: error }, 'activity was not read; it is reported again in a moment');
      }
    }

    return {
      tracker,
      load,
      // Read after the bus has confirmed: whatever is reported later than this arrives over it.
      ready: subscribed.then(load),
      stop() {
        tracker.stop();
        release();
      },
    };
  }

  return {
    /** Reports an activity. It lasts until the actor's next report in the conversation, or until it expires. */
    async set(organizationId: string, state: ActivityState) {
      const report: ActivityReport = { ...state, forMs };
      await store.save({ organizationId, conversationId: state.conversationId }, report);
      bus.publish(CHANNELS.activity(organizationId), JSON.stringify(report));
      // Without the bus, listeners of this node still hear it.
      if (!bus.isUp()) deliver(organizationId, report);
    },
    /** Calls back with each present activity, and then with each change. Resolves to the function that unsubscribes. */
    async listen(
      conversation: ConversationRef,
      listener: (state: ActivityState) => void,
    ): Promise<() => void> {
      const start = () => startTracker(conversation);
      const { value, release } = await whenReady(conversations.acquire(keyOf(conversation), start));
      const unsubscribe = value.tracker.listen(listener);
      return () => {
        unsubscribe();
        release();
      };
    },
    stop: () => store.stop(),
  };
}

interface RunningTracker {
  tracker: ActivityTracker;
  load: () => Promise<void>;
  ready: Promise<void>;
  stop: () => void;
}

function keyOf({ organizationId, conversationId }: ConversationRef): string {
  return `${organizationId} ${conversationId}`;
}

/** Null when the message is no report that this version understands. */
function parseReport(message: string): ActivityReport | null {
  try {
    const report: ActivityReport | null = JSON.parse(message);
    return report && ACTIVITIES.includes(report.activity) ? report : null;
  } catch {
    return null;
  }
}
