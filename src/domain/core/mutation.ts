import { createHash } from 'node:crypto';
import type { Tx } from '../../db/client.ts';
import type { NewEvent } from '../../feed/event.ts';
import type { ChangeReceipt, Feed } from '../../feed/feed.ts';
import type { IdempotentRequest } from '../../feed/idempotency.ts';
import { LIMITS } from '../../limits.ts';
import { type ConversationChange, changeConversation, requireVersion } from './conversation-change.ts';
import { type LockedConversation, lockVisible, requireUnblocked } from './locking.ts';
import { createValidation } from './validation.ts';
import type { Viewer } from './viewer.ts';

export interface MutationRequest {
  /** The mutation's name in the API. */
  mutation: string;
  input: { idempotencyKey?: string | null | undefined };
  /** Id of the object, when one input changes many objects and each is a change of its own. */
  part?: string;
}

/** The transaction of a mutation. `result` is the id of the object that the mutation returns. */
export type MutationBody = (tx: Tx) => Promise<{ result: string; events: NewEvent[] }>;

/** Counts a change of the viewer, by the mutation's name. Rejects when they make too many in a short time. */
export type CountChange = (viewer: Viewer, mutation: string) => Promise<void>;

export interface RecordChangeOptions {
  feed: Pick<Feed, 'record'>;
  /** @default changes are not limited */
  countChange?: CountChange;
}

export type RecordChange = ReturnType<typeof createRecordChange>;

/**
 * Runs mutations with their events and their idempotency key. A repeated request with the same key and input returns the stored
 * result and does not run `body`. So checks of the input alone come before `recordChange`, and checks of stored data go into
 * `body`: they must not reject the repetition of a change that has succeeded.
 */
export function createRecordChange({ feed, countChange }: RecordChangeOptions) {
  return async function recordChange(
    viewer: Viewer,
    request: MutationRequest,
    body: MutationBody,
  ): Promise<ChangeReceipt<string>> {
    const idempotentRequest = toIdempotentRequest(request);
    await countChange?.(viewer, request.mutation);
    const change: MutationBody = async (tx) => {
      await requireUnblocked(tx, viewer);
      return body(tx);
    };
    return feed.record(viewer, change, idempotentRequest);
  };
}

export interface ConversationInput {
  conversationId: string;
  expectedVersion?: number | null | undefined;
  idempotencyKey?: string | null | undefined;
}

export type ChangeOne = ReturnType<typeof createChangeOne>;

/** Mutations that make one change of one conversation, which most do. They return the conversation's id. */
export function createChangeOne({ recordChange }: { recordChange: RecordChange }) {
  /** Locks the conversation, checks `expectedVersion`, and writes the change that `decide` returns. Null: no change. */
  return function changeOne(
    viewer: Viewer,
    {
      mutation,
      input,
      includeDeleted = false,
    }: { mutation: string; input: ConversationInput; includeDeleted?: boolean },
    decide: (
      tx: Tx,
      conversation: LockedConversation,
    ) => ConversationChange | null | Promise<ConversationChange | null>,
  ) {
    return recordChange(viewer, { mutation, input }, async (tx) => {
      const conversation = await lockVisible(tx, viewer, input.conversationId, { includeDeleted });
      requireVersion(conversation, input.expectedVersion);
      const change = await decide(tx, conversation);
      const events = change ? await changeConversation(tx, conversation, change) : [];
      return { result: conversation.id, events };
    });
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

/** JSON with sorted keys: equal for inputs that differ only in the order of their fields. Null differs from a missing field. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
