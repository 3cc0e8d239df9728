import { isDeepStrictEqual } from 'node:util';
import type { FieldChange } from '../../feed/event.ts';
import type { ConversationChange } from '../core/conversation-change.ts';
import { LIMITS } from '../core/limits.ts';
import { isObject, mergePatch } from '../core/merge-patch.ts';
import { createInputError } from '../core/validation.ts';

/**
 * The change of custom attributes by a JSON merge patch: key by key, so that two who change different ones do not wipe out each
 * other's. Null clears them all.
 */
export function changeAttributes(
  before: unknown,
  patch: unknown,
): Required<Pick<ConversationChange, 'derived' | 'alsoChanged'>> {
  const old = isObject(before) ? before : {};
  // As it will be stored, so that the same again is seen to be the same.
  const fresh = isObject(patch) ? JSON.parse(JSON.stringify(mergePatch(old, patch))) : {};
  const bytes = countBytes(fresh);
  if (bytes > LIMITS.customAttributes && bytes > countBytes(old)) {
    throw createInputError(
      'customAttributes',
      'TOO_LONG',
      `would make ${bytes} bytes as JSON; at most ${LIMITS.customAttributes} are allowed. Remove some first.`,
    );
  }
  return {
    derived: { customAttributes: fresh },
    alsoChanged: differences(old, fresh),
  };
}

function differences(old: Record<string, unknown>, fresh: Record<string, unknown>): FieldChange[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  return keys
    .map((key) => ({
      field: `customAttributes.${key}`,
      before: readOwn(old, key),
      after: readOwn(fresh, key),
    }))
    .filter(({ before, after }) => !isDeepStrictEqual(before, after));
}

// A key may be one that every object inherits.
function readOwn(attributes: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(attributes, key) ? attributes[key] : null;
}

function countBytes(attributes: object): number {
  return Buffer.byteLength(JSON.stringify(attributes));
}
