import { LIMITS } from '../../domain/core/limits.ts';

// What the inputs of mutations have in common.

export const EXPECTED_VERSION =
  'The version that the page shows. If it is another by now, the answer is VersionConflictError and nothing is changed.';

export const IDEMPOTENCY_KEY = `A text of the client's own, such as a UUID, at most ${LIMITS.idempotencyKey} characters: sent again with the same input within a day, the change is not made again, and the answer is that of the first time, with \`extensions.replayed\`.`;
