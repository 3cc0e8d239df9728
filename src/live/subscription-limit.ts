import type { Viewer } from '../domain/core/viewer.ts';

/** Limits the frames of a viewer by what they cost. */
export interface FrameLimit {
  /** Rejects with RateLimitedError. */
  countFrame(viewer: Viewer, points: number): Promise<void>;
}

/** Limits the subscriptions of a viewer. Those that open count one more until the returned function is called, and throw TooManyOpenError. */
export interface SubscriptionLimit extends FrameLimit {
  openSubscription(viewer: Viewer): () => void;
  /** For a subscription that searches every event for words, in addition. */
  openSearch(viewer: Viewer): () => void;
}
