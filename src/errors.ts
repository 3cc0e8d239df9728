// Every refusal that a client can expect, told without GraphQL. Flat: each extends Error, none extends another.
// graphql/errors.ts says how each is shown.

export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';

  /** The same words for an id that was never given out, one of another organization, and one that the viewer may not see. */
  constructor(
    readonly what: string,
    readonly id: string,
    hint = 'Check the id; it may also have been removed, or not be yours to see.',
  ) {
    super(`There is no ${what} "${shorten(id)}". ${hint}`);
  }
}

export interface InputIssue {
  /** Stable, for programs. */
  readonly code: string;
  readonly message: string;
  /** The input field at fault, from the argument inwards. */
  readonly path: readonly string[];
}

export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';

  constructor(readonly issues: readonly InputIssue[]) {
    super(issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(' '));
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
        'Nothing was changed. Show what stands now, and ask again.',
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
    super('This contact is blocked and can send nothing. A team member can unblock them.');
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

/** No valid token: the client must bring one. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';

  constructor(reason = 'This needs a token: send the header "Authorization: Bearer <JWT>".') {
    super(reason);
  }
}

/** What an event is about is gone since, for whoever was to hear of it. */
export class EventSubjectGoneError extends Error {
  override readonly name = 'EventSubjectGoneError';
}

/** A valid token, but not the right to do this; asking again does not help. */
export class ForbiddenError extends Error {
  override readonly name = 'ForbiddenError';
}

/** An argument of a query or subscription that can't be used. */
export class BadArgumentError extends Error {
  override readonly name = 'BadArgumentError';

  constructor(
    readonly argument: string,
    message: string,
  ) {
    super(`${argument}: ${message}`);
  }
}

/** The database was too busy for this change, also after it was tried again. Nothing was changed. */
export class BusyError extends Error {
  override readonly name = 'BusyError';

  constructor(options?: ErrorOptions) {
    super('Too many changes at once. Nothing was changed; try again in a moment.', options);
  }
}

function shorten(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
