import type { LogEvent } from './event.ts';

/** One frame of a subscription to the log: an event, the end of the replay, or a reset, which is the last frame, which is the last frame. */
export type StreamItem =
  | { kind: 'event'; event: LogEvent; cursor: string }
  | { kind: 'caughtUp'; cursor: string }
  | { kind: 'reset'; reason: ResetReason; resumeAfter: string | null };

export type EventItem = Extract<StreamItem, { kind: 'event' }>;

export type ResetReason = 'CURSOR_INVALID' | 'CURSOR_EXPIRED' | 'TOO_FAR_BEHIND' | 'SLOW_CONSUMER';
