import {
  IdempotencyKeyReusedError,
  InvalidInputError,
  NotFoundError,
  VersionConflictError,
} from '../../errors.ts';

// What most changes of one conversation can be refused for.

export const UNVERSIONED_CHANGE = [NotFoundError, InvalidInputError, IdempotencyKeyReusedError];

/** Those that take an expectedVersion. */
export const VERSIONED_CHANGE = [...UNVERSIONED_CHANGE, VersionConflictError];
