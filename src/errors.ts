import type { InputIssueCode } from './error-codes/mutation-errors.ts';
import { LIMITS } from './limits.ts';

// Errors that a client is told, without GraphQL: graphql/core/errors.ts and graphql/conversation/user-error.ts map them. None extends another.

export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';

  /** The message is the same for an unknown id, one of another organization, and one that the viewer may not see. */
  constructor(
    readonly what: string,
    readonly id: string,
    hint = 'Check the id; it may also have been removed, or you may not see it.',
  ) {
    super(`There is no ${what} "${shorten(id)}". ${hint}`);
  }
}

export interface InputIssue {
  readonly code: InputIssueCode;
  readonly message: string;
  /** Path of the input field, from the argument inwards. */
  readonly path: readonly string[];
}

export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';

  readonly issues: readonly InputIssue[];

  /** Keeps the first issues, as many as an answer may have, and says how many more there are: those and `omitted`. */
  constructor(found: readonly InputIssue[], omitted = 0) {
    const issues = found.slice(0, LIMITS.errors);
    const more = omitted + found.length - issues.length;
    const told = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    super([...told, ...(more > 0 ? [`There are ${more} more issues.`] : [])].join(' '));
    this.issues = issues;
  }
}

export class VersionConflictError extends Error {
  override readonly name = 'VersionConflictError';

  constructor(
    readonly conversationId: string,
    readonly expectedVersion: number,
    readonly actualVersion: number,
  ) {
    super(
      `Somebody changed this conversation since version ${expectedVersion}; it is at ${actualVersion}. ` +
        'Nothing was changed. Load the conversation, and try again.',
    );
  }
}

export class InvalidTransitionError extends Error {
  override readonly name = 'InvalidTransitionError';

  constructor(
    readonly conversationId: string,
    from: string,
    to: string,
    allowed: readonly string[],
  ) {
    super(
      `A ${from} conversation can't be made ${to}. It can become: ${allowed.join(', ') || 'nothing else'}.`,
    );
  }
}

export class NewerMessagesError extends Error {
  override readonly name = 'NewerMessagesError';

  constructor(
    readonly conversationId: string,
    readonly expectedLastSeq: number,
    readonly lastSeq: number,
  ) {
    super(
      `There are messages after ${expectedLastSeq}: the newest is ${lastSeq}. ` +
        'Nothing was sent. Show them, and send again with the new number.',
    );
  }
}

export class ConversationClosedError extends Error {
  override readonly name = 'ConversationClosedError';

  constructor(
    readonly conversationId: string,
    status: string,
  ) {
    super(`The conversation is ${status} and takes no reply. Set its status to OPEN first.`);
  }
}

export class ContactBlockedError extends Error {
  override readonly name = 'ContactBlockedError';

  constructor() {
    super('This contact is blocked, and can change nothing. A team member can unblock them.');
  }
}

export class ContactConflictError extends Error {
  override readonly name = 'ContactConflictError';

  constructor(readonly contactId: string) {
    super(
      'Another contact has this identifier, email or phone number. Use that contact, or change the value.',
    );
  }
}

export class AlreadyAssignedError extends Error {
  override readonly name = 'AlreadyAssignedError';

  constructor(
    readonly conversationId: string,
    readonly ownerId: string,
  ) {
    super('Somebody else has taken this conversation; its owner is in it. To take it over, assign it.');
  }
}

export class IdempotencyKeyReusedError extends Error {
  override readonly name = 'IdempotencyKeyReusedError';

  constructor(key: string) {
    super(
      `The idempotencyKey "${shorten(key)}" was given before with another input. Nothing was changed. ` +
        'Give each change a new key, and send the same input when you send a change again.',
    );
  }
}

export class NotConfiguredError extends Error {
  override readonly name = 'NotConfiguredError';
}

/** The operation has no valid token. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';

  constructor(reason = 'This needs a token: send the header "Authorization: Bearer <JWT>".') {
    super(reason);
  }
}

/** The subject of an event was deleted, or is hidden from the subscriber, before the event was delivered. */
export class EventSubjectGoneError extends Error {
  override readonly name = 'EventSubjectGoneError';
}

/** The viewer has no right to do this. A retry does not help. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
}

/** An argument of a query or subscription can't be used. */
export class BadArgumentError extends Error {
  override readonly name = 'BadArgumentError';

  constructor(
    readonly argument: string,
    message: string,
  ) {
    super(`${argument}: ${message}`);
  }
}

/** The database has no capacity for the operation at the moment, or rejected a change because of concurrent ones, also after retries. */
export class BusyError extends Error {
  override readonly name = 'BusyError';

  constructor(options?: ErrorOptions) {
    super('Too much is asked at once. Nothing was changed; try again in a moment.', options);
  }
}

/** The database ended a query that took too long. */
export class QueryTimeoutError extends Error {
  override readonly name = 'QueryTimeoutError';

  constructor(options?: ErrorOptions) {
    super(
      'The database took too long to answer this. Ask for less: a narrower filter, fewer search words, smaller pages.',
      options,
    );
  }
}

/** A rate limit is used up. Nothing was executed. */
export class RateLimitedError extends Error {
  override readonly name = 'RateLimitedError';

  constructor(
    readonly what: string,
    /** Seconds until the next attempt can succeed. */
    readonly retryAfter: number,
  ) {
    super(`Too many ${what} in a short time. Try again in ${retryAfter} s.`);
  }
}

/** Too much is open at once, such as subscriptions. */
export class TooManyOpenError extends Error {
  override readonly name = 'TooManyOpenError';
}

function shorten(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}

/** A statement read more bytes than one may. */
export class ResultTooLargeError extends Error {
  override readonly name = 'ResultTooLargeError';

  constructor() {
    super(
      `The answer is larger than ${LIMITS.answerBytes / 1_048_576} MB. Ask for fewer fields or smaller pages.`,
    );
  }
}
