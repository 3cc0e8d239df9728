import type { InputObjectRef } from '@pothos/core';
import type { Viewer } from '../../domain/core/viewer.ts';
import type { ChangeReceipt } from '../../feed/feed.ts';
import { LIMITS } from '../../limits.ts';
import type { SchemaTypes } from '../core/builder.ts';
import type { Context } from '../core/context.ts';
import {
  CREATE_ERRORS,
  defineMutation,
  defineMutationInput,
  type ErrorClass,
  MEDIA_URL_RULE,
  type MutationTarget,
} from '../core/mutation.ts';

/** Field `removedAt` of directory entries. */
export const REMOVED_AT = {
  type: 'DateTime',
  nullable: true,
  visibility: 'team',
  description:
    'Time of removal from use: a removed entry is in no list and can not be used any more, but stays readable by its id and where it is referred to. Null while in use, and for a contact.',
  select: { removedAt: true },
  resolve: (row: { removedAt: Date | null }) => row.removedAt,
} as const;

export const ENTRY_NAME = `Name: 1 to ${LIMITS.name} characters; surrounding white space is removed.`;

export const AVATAR_URL = `URL of a picture: ${MEDIA_URL_RULE}`;

/** For the description of the input of an update. */
export const UPDATE_RULE = 'An omitted field keeps its value. Null clears a nullable field.';

interface EntryService<CreateInput, UpdateInput> {
  create(viewer: Viewer, input: CreateInput): Promise<ChangeReceipt<string>>;
  update(viewer: Viewer, id: string, input: UpdateInput): Promise<ChangeReceipt<string>>;
  remove(viewer: Viewer, id: string, input: object): Promise<ChangeReceipt<string>>;
}

interface EntryMutations<
  Row extends object,
  CreateInput,
  UpdateInput extends Record<IdField, string>,
  IdField extends string,
> extends MutationTarget<Row> {
  /** Name in descriptions, with its article, such as `an audience`. */
  label: string;
  /** Further effects of the removal, for the description of the mutation. */
  removalNote?: string;
  createInput: InputObjectRef<SchemaTypes, CreateInput>;
  /** @default CREATE_ERRORS */
  createErrors?: readonly ErrorClass[];
  updateInput: InputObjectRef<SchemaTypes, UpdateInput>;
  /** Input field with the id of the entry, such as `audienceId`. */
  idField: IdField;
  entries(context: Context): EntryService<NoInfer<CreateInput>, NoInfer<UpdateInput>>;
}

/** Adds the mutations `create…`, `update…` and `delete…` of one kind of directory entry, and the input type of the last. */
export function defineEntryMutations<
  Row extends object,
  CreateInput,
  UpdateInput extends Record<IdField, string>,
  IdField extends string,
>(options: EntryMutations<Row, CreateInput, UpdateInput, IdField>) {
  const { label, removalNote = '', createErrors = CREATE_ERRORS, idField, entries } = options;
  const name = options.type.name;
  const noun = label.replace(/^an? /, '');

  defineMutation(options, `create${name}`, {
    description: `Creates ${label}. Administrators only.`,
    input: options.createInput,
    errors: createErrors,
    change: (context, input) => entries(context).create(context.viewer, input),
  });

  defineMutation(options, `update${name}`, {
    description: `Changes ${label}. Nothing happens if it has these values already. Administrators only.`,
    input: options.updateInput,
    change: (context, input) => entries(context).update(context.viewer, input[idField], input),
  });

  defineMutation(options, `delete${name}`, {
    description: `Removes ${label} from use; it sets removedAt. Conversations that refer to it still show it. ${removalNote}Nothing happens if it is removed already. Administrators only.`,
    input: defineMutationInput(`Delete${name}Input`, {
      description: `The ${noun} to remove from use.`,
      fields: (t) => ({
        [idField]: t.id({ required: true, description: `Id of the ${noun} to remove from use.` }),
      }),
    }),
    change: (context, input) => entries(context).remove(context.viewer, input[idField] ?? '', input),
  });
}
