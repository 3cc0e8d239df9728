import type { Tx } from '../../db/client.ts';
import { COLUMNS } from '../../db/columns.ts';
import { Prisma } from '../../db/generated/prisma/client.ts';
import { NotFoundError } from '../../errors.ts';
import type { FieldChange, NewEvent } from '../../feed/event.ts';
import { newId } from '../../ids.ts';
import { diffFields } from '../core/field-change.ts';
import type { IdempotentInput, Maybe } from '../core/input.ts';
import type { RecordChange } from '../core/mutation.ts';
import { createValidation, type Validation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';
import { lockAdministrators, requireAdmin } from './administrator.ts';

/** Kinds of directory entries. Each is the name of a table and of a type in the API. */
export type DirectoryEntryType = 'Audience' | 'Bot' | 'BusinessUnit' | 'Channel' | 'User' | 'Website';

/** Input of a create or update. In an update, a field that is left out stays, and null clears it. */
export type DirectoryEntryInput<Data> = { [Field in keyof Data]?: Maybe<Data[Field]> } & IdempotentInput;

/** The parts in which the kinds differ. */
export interface DirectoryEntryKind<Data extends object> {
  type: DirectoryEntryType;
  /** Name of the kind in error texts. */
  label: string;
  /** Field names in the API, by column, where they differ. */
  fieldNames?: Readonly<Record<string, string>>;
  validate(validation: Validation, input: DirectoryEntryInput<Data>): void;
  /** Columns of an input; undefined: unchanged. */
  toData(input: DirectoryEntryInput<Data>): Partial<Data>;
  /** Checks the change against stored data, and throws. Called before the entry is locked. */
  requireAllowed?(tx: Tx, viewer: Viewer, change: DirectoryEntryChange<Data>): Promise<void>;
  insert(tx: Tx, row: Data & { id: string; organizationId: string }): Promise<unknown>;
  update(tx: Tx, id: string, data: Partial<Data> & { removedAt?: Date }): Promise<unknown>;
  /** Type and subject of the event. */
  describeEvent(id: string): Pick<NewEvent, 'type' | 'subjectUserId' | 'subjectBotId'>;
}

export interface DirectoryEntryChange<Data> {
  /** Null: the entry is being created. */
  id: string | null;
  data: Partial<Data>;
  isRemoval: boolean;
  /** Administrators of the organization, all locked. */
  adminIds: readonly string[];
}

/**
 * Create, update and delete of one kind of directory entry, for administrators. Each returns the entry's id. A deleted entry gets
 * `removedAt`: it is in no list and can't be used any more, and remains for the conversations, messages and events that refer to it.
 * Deleting it again changes nothing. The first change of each event is `id`, which identifies the entry: null before its creation, else the same
 * before and after. The events are not public.
 */
export function createDirectoryEntries<Data extends object>(
  kind: DirectoryEntryKind<Data>,
  recordChange: RecordChange,
) {
  function create(viewer: Viewer, input: DirectoryEntryInput<Data>) {
    const data = validate(viewer, input);
    return recordChange(viewer, { mutation: `create${kind.type}`, input }, async (tx) => {
      await requireAllowed(tx, viewer, { id: null, data, isRemoval: false });
      const id = newId(kind.type);
      // Required fields are present: the GraphQL schema requires them, and `validate` rejects blank ones.
      await kind.insert(tx, { ...(data as Data), id, organizationId: viewer.organizationId });
      return {
        result: id,
        events: buildEvents(id, { field: 'id', before: null, after: id }, toFieldChanges({}, data)),
      };
    });
  }

  function update(viewer: Viewer, id: string, input: DirectoryEntryInput<Data>) {
    const data = validate(viewer, input);
    return recordChange(viewer, { mutation: `update${kind.type}`, input }, async (tx) => {
      await requireAllowed(tx, viewer, { id, data, isRemoval: false });
      const before = await lockDirectoryEntry(tx, viewer, { ...kind, id });
      if (before.removedAt) throw new NotFoundError(kind.label, id, 'It was removed.');
      const changes = toFieldChanges({ ...before }, data);
      if (changes.length > 0) await kind.update(tx, id, data);
      return { result: id, events: buildEvents(id, { field: 'id', before: id, after: id }, changes) };
    });
  }

  function remove(viewer: Viewer, id: string, input: IdempotentInput) {
    requireAdmin(viewer);
    return recordChange(viewer, { mutation: `delete${kind.type}`, input }, async (tx) => {
      await requireAllowed(tx, viewer, { id, data: {}, isRemoval: true });
      const before = await lockDirectoryEntry(tx, viewer, { ...kind, id });
      if (before.removedAt) return { result: id, events: [] };
      const data = { removedAt: before.now };
      await kind.update(tx, id, data as Partial<Data> & typeof data);
      const changes = toFieldChanges({ ...before }, data);
      return { result: id, events: buildEvents(id, { field: 'id', before: id, after: id }, changes) };
    });
  }

  async function requireAllowed(
    tx: Tx,
    viewer: Viewer,
    change: Omit<DirectoryEntryChange<Data>, 'adminIds'>,
  ) {
    const adminIds = await lockAdministrators(tx, viewer);
    await kind.requireAllowed?.(tx, viewer, { ...change, adminIds });
  }

  function validate(viewer: Viewer, input: DirectoryEntryInput<Data>): Partial<Data> {
    requireAdmin(viewer);
    const validation = createValidation();
    kind.validate(validation, input);
    validation.finish();
    return kind.toData(input);
  }

  function toFieldChanges(before: Record<string, unknown>, data: object): FieldChange[] {
    return diffFields(before, { ...data }).map((change) => ({
      ...change,
      field: kind.fieldNames?.[change.field] ?? change.field,
    }));
  }

  function buildEvents(id: string, idChange: FieldChange, changes: FieldChange[]): NewEvent[] {
    if (changes.length === 0) return [];
    return [{ ...kind.describeEvent(id), isPublic: false, changes: [idChange, ...changes] }];
  }

  return { create, update, remove };
}

export interface LockedDirectoryEntry extends Record<string, unknown> {
  removedAt: Date | null;
  /** Time of the lock, by the database's clock. */
  now: Date;
}

/** Locks an entry until the commit, including removed ones. Throws NotFoundError. */
export async function lockDirectoryEntry(
  tx: Tx,
  viewer: Viewer,
  { type, label, id }: { type: DirectoryEntryType; label: string; id: string },
): Promise<LockedDirectoryEntry> {
  const [entry] = await tx.$queryRaw<LockedDirectoryEntry[]>`
    SELECT ${COLUMNS[type]}, clock_timestamp() AS "now" FROM ${Prisma.raw(`"${type}"`)}
     WHERE "organizationId" = ${viewer.organizationId} AND "id" = ${id}
       FOR NO KEY UPDATE`;
  if (!entry) throw new NotFoundError(label, id);
  return entry;
}
