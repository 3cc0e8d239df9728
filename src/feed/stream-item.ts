import type { LogEvent } from './event.ts';

/** What a subscriber gets: events, the word that it has caught up, or the word that it must load afresh, which is the last. */
export type StreamItem =
  | { kind: 'event'; event: LogEvent; cursor: string; view?: ListChange }
  | { kind: 'caughtUp'; cursor: string }
  | { kind: 'reset'; reason: ResetReason; resumeAfter: string | null };

export type EventItem = Extract<StreamItem, { kind: 'event' }>;

/** What an event does to a list that holds only what matches: it brings something in, takes it out, or changes what is in it. */
export type ListChange = 'entered' | 'left' | 'changed';

export type ResetReason = 'CURSOR_INVALID' | 'CURSOR_EXPIRED' | 'TOO_FAR_BEHIND' | 'SLOW_CONSUMER';
