import type { Tx } from '../../db/client.ts';
import { COLUMNS } from '../../db/columns.ts';
import { Prisma } from '../../db/generated/prisma/client.ts';
import { ForbiddenError, NotFoundError } from '../../errors.ts';
import type { FieldChange, NewEvent } from '../../feed/event.ts';
import { newId } from '../../ids.ts';
import { diffFields } from '../core/field-change.ts';
import type { IdempotentInput, Maybe } from '../core/input.ts';
import type { RecordChange } from '../core/mutation.ts';
import { createValidation, type Validation } from '../core/validation.ts';
import type { Viewer } from '../core/viewer.ts';

/** What administrators look after. Each is the name of a table and of a type of the API. */
export type DirectoryEntryType = 'Audience' | 'Bot' | 'BusinessUnit' | 'Channel' | 'User' | 'Website';

/** What may be given of it; left out stays, null clears. */
export type DirectoryEntryInput<Data> = { [Field in keyof Data]?: Maybe<Data[Field]> } & IdempotentInput;

/** What the settings do not have in common. */
export interface DirectoryEntryKind<Data extends object> {
  type: DirectoryEntryType;
  /** What an error calls it. */
  label: string;
  /** Columns that the API calls otherwise. */
  fieldNames?: Readonly<Record<string, string>>;
  validate(validation: Validation, input: DirectoryEntryInput<Data>): void;
  /** The columns of what was given. */
  toData(input: DirectoryEntryInput<Data>): Partial<Data>;
  /** Throws when stored data are in the way; called before anything is locked. */
  requireAllowed?(tx: Tx, viewer: Viewer, change: DirectoryEntryChange<Data>): Promise<void>;
  insert(tx: Tx, row: Data & { id: string; organizationId: string }): Promise<unknown>;
  update(tx: Tx, id: string, data: Partial<Data> & { removedAt?: Date }): Promise<unknown>;
  /** Which event it is, and whom it is about. */
  describeEvent(id: string): Pick<NewEvent, 'type' | 'subjectUserId' | 'subjectBotId'>;
}

export interface DirectoryEntryChange<Data> {
  /** Null for one that is made. */
  id: string | null;
  data: Partial<Data>;
  removes: boolean;
}

/**
 * Making, changing and removing one kind of setting, for administrators. Each gives its id. What was removed stays for the
 * conversations that name it, is in no list and can't be used any more; removed again, nothing happens. The first of an event's
 * changes is `id`: null before it was made, else the same before and after, so that whoever follows knows which it was; removing it is a change
 * of `removedAt`. No contact hears of it.
 */
export function createDirectoryEntries<Data extends object>(
  kind: DirectoryEntryKind<Data>,
  recordChange: RecordChange,
) {
  function create(viewer: Viewer, input: DirectoryEntryInput<Data>) {
    const data = check(viewer, input);
    return recordChange(viewer, { mutation: `create${kind.type}`, input }, async (tx) => {
      await kind.requireAllowed?.(tx, viewer, { id: null, data, removes: false });
      const id = newId(kind.type);
      // Nothing that is needed is missing: the schema wants it, and `validate` has seen that it is not empty.
      await kind.insert(tx, { ...(data as Data), id, organizationId: viewer.organizationId });
      return {
        result: id,
        events: eventsOf(id, [{ field: 'id', before: null, after: id }], changesOf({}, data)),
      };
    });
  }

  function update(viewer: Viewer, id: string, input: DirectoryEntryInput<Data>) {
    const data = check(viewer, input);
    return recordChange(viewer, { mutation: `update${kind.type}`, input }, async (tx) => {
      await kind.requireAllowed?.(tx, viewer, { id, data, removes: false });
      const before = await lockDirectoryEntry(tx, viewer, { ...kind, id });
      if (before.removedAt) throw new NotFoundError(kind.label, id, 'It was removed.');
      const changes = changesOf({ ...before }, data);
      if (changes.length > 0) await kind.update(tx, id, data);
      return { result: id, events: eventsOf(id, [{ field: 'id', before: id, after: id }], changes) };
    });
  }

  function remove(viewer: Viewer, id: string, input: IdempotentInput) {
    requireAdmin(viewer);
    return recordChange(viewer, { mutation: `delete${kind.type}`, input }, async (tx) => {
      await kind.requireAllowed?.(tx, viewer, { id, data: {}, removes: true });
      const before = await lockDirectoryEntry(tx, viewer, { ...kind, id });
      if (before.removedAt) return { result: id, events: [] };
      const data = { removedAt: before.now };
      await kind.update(tx, id, data as Partial<Data> & typeof data);
      const changes = changesOf({ ...before }, data);
      return { result: id, events: eventsOf(id, [{ field: 'id', before: id, after: id }], changes) };
    });
  }

  function check(viewer: Viewer, input: DirectoryEntryInput<Data>): Partial<Data> {
    requireAdmin(viewer);
    const validation = createValidation();
    kind.validate(validation, input);
    validation.finish();
    return kind.toData(input);
  }

  function changesOf(before: Record<string, unknown>, data: object): FieldChange[] {
    return diffFields(before, { ...data }).map((change) => ({
      ...change,
      field: kind.fieldNames?.[change.field] ?? change.field,
    }));
  }

  function eventsOf(id: string, which: FieldChange[], changes: FieldChange[]): NewEvent[] {
    if (changes.length === 0) return [];
    return [{ ...kind.describeEvent(id), isPublic: false, changes: [...which, ...changes] }];
  }

  return { create, update, remove };
}

export interface LockedDirectoryEntry extends Record<string, unknown> {
  removedAt: Date | null;
  /** The database's clock. */
  now: Date;
}

/** A setting of the organization as it stands, kept so until the commit; also one that was removed. */
export async function lockDirectoryEntry(
  tx: Tx,
  viewer: Viewer,
  { type, label, id }: { type: DirectoryEntryType; label: string; id: string },
): Promise<LockedDirectoryEntry> {
  const [setting] = await tx.$queryRaw<LockedDirectoryEntry[]>`
    SELECT ${COLUMNS[type]}, clock_timestamp() AS "now" FROM ${Prisma.raw(`"${type}"`)}
     WHERE "organizationId" = ${viewer.organizationId} AND "id" = ${id}
       FOR NO KEY UPDATE`;
  if (!setting) throw new NotFoundError(label, id);
  return setting;
}

function requireAdmin(viewer: Viewer) {
  if (!viewer.isAdmin) {
    throw new ForbiddenError(
      'Settings are for administrators. Ask with the token of a user whose role is ADMIN.',
    );
  }
}
