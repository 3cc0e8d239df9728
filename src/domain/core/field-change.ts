import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from '../../feed/event.ts';

/**
 * One change for each field whose JSON value differs, in the order of `data`. A field that is undefined in `data` is unchanged; a field
 * that is missing in `before` was null.
 */
export function diffFields(
  before: Readonly<Record<string, unknown>>,
  data: Readonly<Record<string, unknown>>,
): FieldChange[] {
  return Object.entries(data).flatMap(([field, value]) => {
    if (value === undefined) return [];
    const [old, fresh] = [toJson(before[field]), toJson(value)];
    return isDeepStrictEqual(old, fresh) ? [] : [{ field, before: old, after: fresh }];
  });
}

/** A column's value as events hold it: dates as RFC 3339, undefined as null. */
export function toJson(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : (value ?? null);
}
