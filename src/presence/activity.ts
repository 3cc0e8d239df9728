import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log.ts';
import {
  ACTIVITIES,
  type ActivityReport,
  type ActivityState,
  type ActivityStore,
  type ConversationRef,
} from './activity-store.ts';
import { type ActivityTracker, createActivityTracker } from './activity-tracker.ts';

// How long somebody is believed to do what they said last.
const TIME_TO_LIVE_MS = 10_000;

export interface ActivitiesOptions {
  store: ActivityStore;
  bus: Bus;
  log: Log;
  timeToLiveMs?: number;
}

export type Activities = ReturnType<typeof createActivities>;

/**
 * Who looks, types or writes a note, on any node. What is said is kept and announced; each node that listens lets it run out by
 * itself, so that nobody need be there to take it back.
 */
export function createActivities({
  store,
  bus,
  log,
  timeToLiveMs: forMs = TIME_TO_LIVE_MS,
}: ActivitiesOptions) {
  const followed = new Map<string, Followed>();

  bus.onReconnect(() => {
    for (const [organizationId, { rooms }] of followed) {
      for (const [conversationId, room] of rooms) void load({ organizationId, conversationId }, room);
    }
  });

  function load(place: ConversationRef, room: ActivityTracker): Promise<void> {
    return room
      .load(() => store.read(place))
      .catch((error) => {
        log.debug({ err: error }, 'what people do was not read; they say it again in a moment');
      });
  }

  function follow(organizationId: string): Followed {
    const rooms: Followed['rooms'] = new Map();
    const subscribed = bus.subscribe(channelOf(organizationId), (message) => {
      const said = parse(message);
      if (said) rooms.get(said.conversationId)?.hear(said);
    });
    const one = { rooms, subscribed };
    followed.set(organizationId, one);
    return one;
  }

  function enter({ organizationId, conversationId }: ConversationRef) {
    const own = followed.get(organizationId) ?? follow(organizationId);
    const room = own.rooms.get(conversationId) ?? createActivityTracker(conversationId);
    own.rooms.set(conversationId, room);
    room.users += 1;
    function leave() {
      room.users -= 1;
      if (room.users > 0) return;
      room.close();
      own.rooms.delete(conversationId);
      if (own.rooms.size > 0) return;
      followed.delete(organizationId);
      own.subscribed.then((unsubscribe) => unsubscribe()).catch(() => undefined);
    }
    return { room, subscribed: own.subscribed, leave };
  }

  return {
    /** Somebody does this from now on, until they say something else or are silent for too long. */
    async set(organizationId: string, state: ActivityState) {
      const said: ActivityReport = { ...state, forMs };
      await store.save({ organizationId, conversationId: state.conversationId }, said);
      bus.publish(channelOf(organizationId), JSON.stringify(said));
      // Here at least it is known.
      if (!bus.isUp()) followed.get(organizationId)?.rooms.get(state.conversationId)?.hear(said);
    },
    /** Tells who does something now, and then each change. Returns how to end it. */
    async listen(place: ConversationRef, tell: (state: ActivityState) => void): Promise<() => void> {
      const { room, subscribed, leave } = enter(place);
      try {
        // Read after the bus has confirmed: what is said later than this is heard.
        await subscribed;
        room.loaded ??= load(place, room);
        await room.loaded;
      } catch (error) {
        leave();
        throw error;
      }
      const end = room.listen(tell);
      return () => {
        end();
        leave();
      };
    },
    stop: () => store.stop(),
  };
}

interface Followed {
  rooms: Map<string, ActivityTracker>;
  subscribed: Promise<() => Promise<void>>;
}

function channelOf(organizationId: string): string {
  return `parley:activity:${organizationId}`;
}

function parse(message: string): ActivityReport | null {
  try {
    const said: ActivityReport | null = JSON.parse(message);
    return said && ACTIVITIES.includes(said.activity) ? said : null;
  } catch {
    return null;
  }
}
