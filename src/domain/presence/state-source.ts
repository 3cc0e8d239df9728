import type { LogFollower } from '../../feed/log-follower.ts';
import type { Viewer } from '../core/viewer.ts';

/** Who hears of a state. */
export interface StateSubscriber {
  viewer: Viewer;
  /** Hears the organization's events while they listen. */
  follower: LogFollower;
  /** Of what has one key the newest alone counts: who is slow gets that, and not what was before. Must be told the same object where it is the same for many. */
  emit: (key: string, state: object) => void;
}

/**
 * Something that stands one way or another at any time, such as who is there. It has no past: a subscription begins with what
 * stands now, and there is no cursor to go on from.
 */
export interface StateSource {
  /** Tells what stands now, and then what changes; returns how to end that. */
  subscribe(listener: StateSubscriber): Promise<() => void>;
}
