import { createHash } from 'node:crypto';
import type { Tx } from '../../db/client.ts';
import type { NewEvent } from '../../feed/event.ts';
import type { ChangeReceipt, Feed } from '../../feed/feed.ts';
import type { IdempotentRequest } from '../../feed/idempotency.ts';
import { LIMITS } from './limits.ts';
import { createValidation } from './validation.ts';
import type { Viewer } from './viewer.ts';

export interface MutationRequest {
  /** The mutation's name in the API. */
  mutation: string;
  input: { idempotencyKey?: string | null | undefined };
  /** Which object, where one input changes many and each is a change of its own. */
  part?: string;
}

/** What a change gives: the id of the object that the mutation answers with. */
export type MutationBody = (tx: Tx) => Promise<{ result: string; events: NewEvent[] }>;

export type RecordChange = ReturnType<typeof createRecordChange>;

/**
 * Makes the change of a mutation, with its events. With an idempotencyKey it is made once: asked again with the same input it
 * gives the same outcome. Checks of the input alone belong before it, those that depend on stored data into `change`: a
 * change that was made is not judged again.
 */
export function createRecordChange({ feed }: { feed: Pick<Feed, 'record'> }) {
  return function recordChange(
    viewer: Viewer,
    requested: MutationRequest,
    change: MutationBody,
  ): Promise<ChangeReceipt<string>> {
    return feed.record(viewer, change, toIdempotentRequest(requested));
  };
}

function toIdempotentRequest({ mutation, input, part }: MutationRequest): IdempotentRequest | undefined {
  const { idempotencyKey: key, ...rest } = input;
  if (key == null) return undefined;
  const validation = createValidation();
  validation.requiredText('idempotencyKey', key, LIMITS.idempotencyKey);
  validation.finish();
  const fingerprint = createHash('sha256').update(canonicalJson(rest)).digest();
  return { mutation, key, fingerprint: new Uint8Array(fingerprint), ...(part === undefined ? {} : { part }) };
}

/** The same text for the same input, in whichever order its fields came. Null is not the same as left out. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
