import type { FieldChange } from '../../feed/event.ts';
import { LIMITS } from '../../limits.ts';
import { diffFields } from './field-change.ts';
import { createInputError } from './validation.ts';

export type JsonObject = Record<string, unknown>;

/**
 * Applies a JSON merge patch (RFC 7386) to the custom attributes of a locked conversation or contact; a patch of null clears them.
 * Throws InvalidInputError when the result exceeds the limit and is larger than before: an oversized set can shrink.
 */
export function mergeCustomAttributes(before: unknown, patch: unknown): JsonObject {
  const old = isObject(before) ? before : {};
  // Plain JSON: objects in literals of an operation have no prototype, and would differ from stored ones.
  const merged = isObject(patch) ? mergePatch(old, JSON.parse(JSON.stringify(patch))) : {};
  const bytes = countBytes(merged);
  if (bytes > LIMITS.customAttributes && bytes > countBytes(old)) {
    throw createInputError(
      'customAttributes',
      'TOO_LONG',
      `would take ${bytes} bytes as JSON; at most ${LIMITS.customAttributes} are allowed. Remove keys first.`,
    );
  }
  return merged;
}

/** Changes per key, as `customAttributes.<key>`; null stands for an absent key. */
export function diffCustomAttributes(before: unknown, after: JsonObject): FieldChange[] {
  const old = new Map(Object.entries(isObject(before) ? before : {}));
  const fresh = new Map(Object.entries(after));
  const keys = [...new Set([...old.keys(), ...fresh.keys()])];
  const named = (values: Map<string, unknown>) =>
    Object.fromEntries(keys.map((key) => [`customAttributes.${key}`, values.get(key) ?? null]));
  return diffFields(named(old), named(fresh));
}

function mergePatch(target: unknown, patch: JsonObject): JsonObject {
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    // Assigning __proto__ sets the prototype: the key would be lost when the object is serialized.
    if (key === '__proto__') continue;
    if (value === null) merged.delete(key);
    else merged.set(key, isObject(value) ? mergePatch(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function countBytes(attributes: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(attributes));
}
