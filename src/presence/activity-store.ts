export const ACTIVITIES = ['NONE', 'VIEWING', 'TYPING', 'WRITING_NOTE'] as const;

export type Activity = (typeof ACTIVITIES)[number];

/** What somebody does in a conversation. */
export interface ActivityState {
  conversationId: string;
  actorId: string;
  activity: Activity;
}

/** The same as it is told to others: to be believed for so long, by whatever clock. */
export interface Said extends ActivityState {
  forMs: number;
}

export interface Place {
  organizationId: string;
  conversationId: string;
}

/** Keeps what each does, for a time, so that whoever comes later knows of it. */
export interface ActivityStore {
  /** Never fails: it is a hint, and is told again. */
  keep(place: Place, said: Said): Promise<void>;
  /** What has not run out. */
  read(place: Place): Promise<Said[]>;
  stop(): Promise<void>;
}
