import type { LogEvent } from './event.ts';

/** One frame of a subscription to the log: an event, the end of the replay, or the order to load again, which is the last frame. */
export type StreamItem =
  | { kind: 'event'; event: LogEvent; cursor: string; view?: ListChange }
  | { kind: 'caughtUp'; cursor: string }
  | { kind: 'reset'; reason: ResetReason; resumeAfter: string | null };

export type EventItem = Extract<StreamItem, { kind: 'event' }>;

/** Effect of an event on a live list: a conversation entered it, left it, or changed in it. */
export type ListChange = 'entered' | 'left' | 'changed';

export type ResetReason = 'CURSOR_INVALID' | 'CURSOR_EXPIRED' | 'TOO_FAR_BEHIND' | 'SLOW_CONSUMER';
