import type { InputFieldMap, InputObjectRef, ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import {
  IdempotencyKeyReusedError,
  InvalidInputError,
  NotFoundError,
  VersionConflictError,
} from '../../errors.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { LIMITS } from '../../limits.ts';
import { builder, type SchemaTypes } from './builder.ts';
import { CHANGE_COST } from './complexity.ts';
import type { Context } from './context.ts';
import { loadNode } from './load-nodes.ts';

export type InputFields = PothosSchemaTypes.InputFieldBuilder<SchemaTypes, 'InputObject'>;
export type ErrorClass = new (...args: never[]) => Error;

/** For mutations that create an object and refer to no other. */
export const CREATE_ERRORS = [InvalidInputError, IdempotencyKeyReusedError];

export const UPDATE_ERRORS = [NotFoundError, ...CREATE_ERRORS];

/** For mutations that take an `expectedVersion`. */
export const VERSIONED_UPDATE_ERRORS = [...UPDATE_ERRORS, VersionConflictError];

const IDEMPOTENCY_KEY = `Idempotency key chosen by the client, such as a UUID: 1 to ${LIMITS.idempotencyKey} characters. The same key and input again within 24 hours: nothing is changed again, and the result is that of the first request, with \`extensions.replayed\`. The same key with another input: IdempotencyKeyReusedError.`;

/** Rule for URLs of files and pictures, for the descriptions of their input fields. */
export const MEDIA_URL_RULE = `https or http without user name and password, or data: with a picture, sound or film in base64, such as data:image/png;base64,…; at most ${LIMITS.url} characters. Stored as a browser's URL parser writes it.`;

const EXPECTED_VERSION =
  'Optimistic concurrency: the `version` of the conversation that the change is based on. If it has another version by now, nothing is changed, and the result is VersionConflictError. Omitted or null: not checked. Team only.';

/** Defines the input type of a mutation: its own fields, and `idempotencyKey`. */
export function defineMutationInput<Fields extends InputFieldMap>(
  name: string,
  { description, fields }: { description: string; fields: (t: InputFields) => Fields },
) {
  return builder.inputType(name, {
    description,
    fields: (t) => ({ ...fields(t), idempotencyKey: t.string({ description: IDEMPOTENCY_KEY }) }),
  });
}

/** The input field `expectedVersion`; its mutation lists VERSIONED_UPDATE_ERRORS. */
export function expectedVersion(t: InputFields) {
  return t.int({ description: EXPECTED_VERSION });
}

/** Payload of a mutation when no error occurs. */
export interface MutationTarget<Payload extends object> {
  type: ObjectRef<SchemaTypes, Payload>;
  /** Builds the payload from the id of the changed object. @default the object itself, as the viewer sees it after the change */
  toPayload?: (id: string) => Payload;
}

export interface MutationDefinition<Input> {
  description: string;
  input: InputObjectRef<SchemaTypes, Input>;
  /** Members of the result union besides the payload. @default UPDATE_ERRORS */
  errors?: readonly ErrorClass[];
  /** Makes the change through the domain. */
  change(context: Context, input: Input): Promise<ChangeReceipt<string>>;
}

/**
 * Adds a mutation that takes one `input`, and answers with the payload or with one of `errors`. The cursor of the change, and
 * whether it was replayed, go into `extensions` of the response.
 */
export function defineMutation<Payload extends object, Input>(
  { type, toPayload }: MutationTarget<Payload>,
  name: string,
  { description, input: inputType, errors = UPDATE_ERRORS, change }: MutationDefinition<Input>,
) {
  async function resolve(
    _root: object,
    { input }: { input: Input },
    context: Context,
    info: GraphQLResolveInfo,
  ): Promise<object> {
    const id = attachChangeExtensions(context, await change(context, input));
    if (toPayload) return toPayload(id);
    return requireStillVisible(await loadNode(id, context, info), toWords(type.name), id);
  }
  builder.mutationField(name, (t) =>
    t.field({
      type: type as ObjectRef<SchemaTypes, object>,
      nullable: true,
      visibility: 'public',
      description,
      complexity: CHANGE_COST,
      errors: { types: [...errors] },
      args: {
        input: t.arg({
          type: inputType,
          required: true,
          description: 'The change to make. With an idempotencyKey, a repeated request is applied only once.',
        }),
      },
      // For a generic Input, TypeScript leaves Pothos' conditional types unresolved.
      resolve: resolve as never,
    }),
  );
}

/** Puts the cursor of the change, and whether it was replayed, into `extensions` of the response. Returns the id of the changed object. */
export function attachChangeExtensions(
  { extensions }: Context,
  { result, cursor, isReplayed }: ChangeReceipt<string>,
): string {
  extensions.cursor = cursor;
  if (isReplayed) extensions.replayed = true;
  return result;
}

/**
 * Throws NotFoundError when the viewer can no longer see the changed object, such as a contact's conversation that was deleted
 * in the meantime. An internal error would make clients retry the mutation for ever.
 */
export function requireStillVisible<T>(found: T | null, what: string, id: string): T {
  if (found === null) throw new NotFoundError(what, id);
  return found;
}

/** "BusinessUnit" as "business unit". */
function toWords(typeName: string): string {
  return typeName.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
