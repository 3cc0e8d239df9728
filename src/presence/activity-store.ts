export const ACTIVITIES = ['NONE', 'VIEWING', 'TYPING', 'WRITING_NOTE'] as const;

export type Activity = (typeof ACTIVITIES)[number];

/** What somebody does in a conversation. */
export interface ActivityState {
  conversationId: string;
  actorId: string;
  activity: Activity;
}

/** The same as it is told to others: to be believed for so long, by whatever clock. */
export interface ActivityReport extends ActivityState {
  forMs: number;
}

export interface ConversationRef {
  organizationId: string;
  conversationId: string;
}

/** Keeps what each does, for a time, so that whoever comes later knows of it. */
export interface ActivityStore {
  /** Never fails: it is a hint, and is told again. */
  save(place: ConversationRef, said: ActivityReport): Promise<void>;
  /** What has not run out. */
  read(place: ConversationRef): Promise<ActivityReport[]>;
  stop(): Promise<void>;
}
