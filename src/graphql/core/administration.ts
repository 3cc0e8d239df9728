import { IdempotencyKeyReusedError, InvalidInputError, NotFoundError } from '../../errors.ts';

// What the mutations of administrators have in common.

export const CREATE = {
  nullable: true as const,
  visibility: 'public' as const,
  errors: { types: [InvalidInputError, IdempotencyKeyReusedError] },
};

export const CHANGE = {
  nullable: true as const,
  visibility: 'public' as const,
  errors: { types: [NotFoundError, InvalidInputError, IdempotencyKeyReusedError] },
};

/** What the input of an update is for. */
export const UPDATE = 'A field left out stays; null clears it, where it may be empty.';
