import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from '../../feed/event.ts';

/** What becomes another value. A field that `data` does not name stays; one that `before` does not have was null. */
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

function toJson(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : (value ?? null);
}
