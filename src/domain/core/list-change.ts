import type { Validation } from './validation.ts';
import { createInputError } from './validation.ts';

/** What is to come into a list of names, and what is to leave it. */
export interface ListChange {
  add?: readonly string[] | null | undefined;
  remove?: readonly string[] | null | undefined;
}

export interface ListRule {
  /** The input fields that hold them. */
  fields: { add: string; remove: string };
  /** Entries of the list. */
  max: number;
  /** Characters of an entry. */
  maxLength: number;
}

/** Says what is wrong with the input alone. */
export function validateListChange(
  validation: Validation,
  { add, remove }: ListChange,
  { fields, max, maxLength }: ListRule,
) {
  for (const [field, entries] of [
    [fields.add, add],
    [fields.remove, remove],
  ] as const) {
    validation.list(field, entries, max);
    for (const [index, entry] of (entries ?? []).entries()) {
      validation.requiredText(`${field}.${index}`, entry, maxLength);
    }
  }
  const added = new Set(trimmed(add));
  for (const [index, entry] of trimmed(remove).entries()) {
    if (added.has(entry)) {
      validation.addIssue(`${fields.remove}.${index}`, 'CONTRADICTION', `is also in ${fields.add}.`);
    }
  }
}

/** The list after the change: entry by entry, so that two who change it at once do not wipe out each other's. */
export function applyListChange(
  list: readonly string[],
  { add, remove }: ListChange,
  { fields, max }: ListRule,
): string[] {
  const leaving = new Set(trimmed(remove));
  const staying = list.filter((entry) => !leaving.has(entry.trim()));
  const there = new Set(staying.map((entry) => entry.trim()));
  const changed = [...staying, ...new Set(trimmed(add).filter((entry) => !there.has(entry)))];
  // An imported list may be longer; it can still be shortened.
  if (changed.length > max && changed.length > list.length) {
    throw createInputError(
      fields.add,
      'TOO_MANY',
      `would make ${changed.length} entries; at most ${max} are allowed. Remove some first.`,
    );
  }
  return changed;
}

function trimmed(entries: readonly string[] | null | undefined): string[] {
  return (entries ?? []).map((entry) => entry.trim());
}
