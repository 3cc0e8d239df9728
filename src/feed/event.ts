import type { EventType } from '../db/generated/prisma/enums.ts';

/** Actor of a change: a user, a contact, a bot, or the system itself. */
export interface Author {
  readonly organizationId: string;
  readonly kind: 'user' | 'contact' | 'bot' | 'system';
  readonly id: string;
}

/** One changed field. A relation has its name in the API, with an id as value; times are RFC 3339. */
export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** An event before it is written to the log. */
export interface NewEvent {
  type: EventType;
  conversationId?: string;
  /** Contact of the conversation, or the contact that was changed. */
  contactId?: string;
  messageId?: string;
  subjectUserId?: string;
  subjectBotId?: string;
  /** Visible to the contact as well. */
  isPublic: boolean;
  changes?: FieldChange[];
  /** Time of an imported event. Default: the time of the commit. */
  occurredAt?: Date;
  /** Actor of an imported event. Default: the author of the transaction. */
  author?: Author;
}

/** An event of the log, as broadcast on the bus and as read from the table. It holds ids, never rows. */
export interface LogEvent {
  id: string;
  organizationId: string;
  /** Counts 1, 2, 3 … per organization, in the order of the commits. */
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

/** Parses a message of the bus; null when it is no event that this version understands. */
export function parseEvent(message: string): LogEvent | null {
  try {
    const event: LogEvent | null = JSON.parse(message);
    return Number.isSafeInteger(event?.position) ? event : null;
  } catch {
    return null;
  }
}
