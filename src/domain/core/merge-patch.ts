export type JsonObject = Record<string, unknown>;

/**
 * The object with a JSON merge patch (RFC 7386) applied: keys of the patch are set, null removes one, objects are merged key by key. So
 * that two writers do not wipe out each other's, a client sends only what it changes.
 */
export function mergePatch(target: unknown, patch: JsonObject): JsonObject {
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    // A name that is lost on the way to the database.
    if (key === '__proto__') continue;
    if (value === null) merged.delete(key);
    else merged.set(key, isObject(value) ? mergePatch(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
