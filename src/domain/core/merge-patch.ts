export type JsonObject = Record<string, unknown>;

/**
 * Applies a JSON merge patch (RFC 7386): keys of the patch are set, null removes a key, objects are merged recursively. Clients send only
 * the keys that they change, so that concurrent changes do not overwrite each other.
 */
export function mergePatch(target: unknown, patch: JsonObject): JsonObject {
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    // Assigning __proto__ sets the prototype: the key would be lost when the object is serialized.
    if (key === '__proto__') continue;
    if (value === null) merged.delete(key);
    else merged.set(key, isObject(value) ? mergePatch(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
