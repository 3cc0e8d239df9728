import type { LogFollower } from '../../feed/log-follower.ts';
import type { Viewer } from '../core/viewer.ts';

export interface StateSubscriber {
  viewer: Viewer;
  /** Follows the organization's log for as long as the subscription lasts. */
  follower: LogFollower;
  /**
   * Sends a state. States with the same `key` replace each other: a slow subscriber gets the newest one only. Sources pass the same object to
   * all subscribers that get the same state, so that it is executed once.
   */
  emit: (key: string, state: object) => void;
}

/**
 * State that has a current value and no history, such as presence, activity and counts. A subscription begins with the current state and
 * has no cursor to resume from.
 */
export interface StateSource {
  /** Emits the current state, and then each change. Returns how to unsubscribe. */
  subscribe(subscriber: StateSubscriber): Promise<() => void>;
}
