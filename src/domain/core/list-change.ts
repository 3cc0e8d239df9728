import { LIMITS } from '../../limits.ts';
import { createInputError, type Validation } from './validation.ts';

/** Entries to add to and remove from a list of strings, such as labels. */
export interface ListChange {
  add?: readonly string[] | null | undefined;
  remove?: readonly string[] | null | undefined;
}

export interface ListRule {
  /** Names of the input fields, for the paths of issues. */
  fields: { add: string; remove: string };
  /** Maximum number of entries. */
  max: number;
  /** Maximum length of an entry, in characters. */
  maxLength: number;
}

/** Rule for the labels of conversations and contacts. */
export function createLabelRule(fields: ListRule['fields']): ListRule {
  return { fields, max: LIMITS.labels, maxLength: LIMITS.label };
}

/** Adds the issues of the input itself. applyListChange checks the size of the resulting list. */
export function validateListChange(
  validation: Validation,
  { add, remove }: ListChange,
  { fields, max, maxLength }: ListRule,
) {
  const checkEntry = (path: string, entry: string) => validation.requiredText(path, entry, maxLength);
  const isAddShort = validation.list(fields.add, add, max, checkEntry);
  const isRemoveShort = validation.list(fields.remove, remove, max, checkEntry);
  if (!isAddShort || !isRemoveShort) return;
  const added = new Set(trimmed(add));
  for (const [index, entry] of trimmed(remove).entries()) {
    if (added.has(entry)) {
      validation.addIssue(`${fields.remove}.${index}`, 'CONTRADICTION', `is also in ${fields.add}.`);
    }
  }
}

/**
 * The list after the change, with trimmed additions and without duplicates. Inputs name entries instead of the whole list, so that
 * concurrent changes do not overwrite each other. Throws InvalidInputError when the list grows beyond `max`.
 */
export function applyListChange(
  list: readonly string[],
  { add, remove }: ListChange,
  { fields, max }: ListRule,
): string[] {
  const removed = new Set(trimmed(remove));
  const remaining = list.filter((entry) => !removed.has(entry.trim()));
  const present = new Set(remaining.map((entry) => entry.trim()));
  const changed = [...remaining, ...new Set(trimmed(add).filter((entry) => !present.has(entry)))];
  // An imported list may exceed the maximum. Changes that do not make it longer are allowed.
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
