export const ACTIVITIES = ['NONE', 'VIEWING', 'TYPING', 'WRITING_NOTE'] as const;

export type Activity = (typeof ACTIVITIES)[number];

/** Activity of one user, contact or bot in a conversation. */
export interface ActivityState {
  conversationId: string;
  actorId: string;
  activity: Activity;
}

/** An activity as nodes report it to each other. It expires `forMs` after it arrives, so that clocks need not agree. */
export interface ActivityReport extends ActivityState {
  forMs: number;
}

export interface ConversationRef {
  organizationId: string;
  conversationId: string;
}

/** Stores activities until they expire, for subscribers that come later. */
export interface ActivityStore {
  /** Never rejects: an activity is a hint, and is reported again while it lasts. NONE deletes the actor's entry. */
  save(conversation: ConversationRef, report: ActivityReport): Promise<void>;
  /** Activities that have not expired. Rejects when the store can't be reached. */
  read(conversation: ConversationRef): Promise<ActivityReport[]>;
  stop(): Promise<void>;
}
