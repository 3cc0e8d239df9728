import type { EventType } from '../db/generated/prisma/enums.ts';

/** Who makes a change: a viewer, or the system itself. */
export interface Author {
  readonly organizationId: string;
  readonly kind: 'user' | 'contact' | 'bot' | 'system';
  readonly id: string;
}

/** One field of what changed. Relations are named as in the API, with ids as values; times are RFC 3339. */
export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** What happened, as the one who changes something writes it down. */
export interface NewEvent {
  type: EventType;
  conversationId?: string;
  /** The contact of the conversation, or the contact that it is about. */
  contactId?: string;
  messageId?: string;
  subjectUserId?: string;
  subjectBotId?: string;
  /** Whether the contact may learn of it. */
  isPublic: boolean;
  changes?: FieldChange[];
  /** Only where history is imported: when it happened. Else the time of the commit. */
  occurredAt?: Date;
  /** Only where history is imported: who did it. Else the author of the transaction. */
  author?: Author;
}

/** An event of the log: what a follower hears, on the bus or from the table. It holds ids, never rows. */
export interface LogEvent {
  id: string;
  organizationId: string;
  /** Counts 1, 2, 3 … in the organization, in commit order. */
  position: number;
  type: EventType;
  actorId: string | null;
  conversationId: string | null;
  contactId: string | null;
  messageId: string | null;
  subjectId: string | null;
  isPublic: boolean;
  changes: FieldChange[];
  /** RFC 3339. */
  occurredAt: string;
}

/** The event that a message on the bus holds; null when it holds none that this version understands. */
export function parseEvent(message: string): LogEvent | null {
  try {
    const event: LogEvent | null = JSON.parse(message);
    return Number.isSafeInteger(event?.position) ? event : null;
  } catch {
    return null;
  }
}
