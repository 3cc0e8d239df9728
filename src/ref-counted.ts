/** One holder's share of a value. */
export interface Lease<Value> {
  readonly value: Value;
  /** Gives the share back; the last one to do so disposes of the value. A second call does nothing. */
  release(): void;
}

export type RefCounted<Value, Key = string> = ReturnType<typeof createRefCounted<Value, Key>>;

interface Entry<Value> {
  readonly value: Value;
  holders: number;
}

/** Values by key, each created for its first holder and disposed of after its last. */
export function createRefCounted<Value, Key = string>(dispose: (value: Value) => void = () => {}) {
  const entries = new Map<Key, Entry<Value>>();

  function add(key: Key, value: Value): Entry<Value> {
    const entry = { value, holders: 0 };
    entries.set(key, entry);
    return entry;
  }

  // Separate function: a closure inside `acquire` would keep `create` alive for each subscriber.
  function lease(key: Key, entry: Entry<Value>): Lease<Value> {
    let isReleased = false;
    entry.holders += 1;
    function release() {
      if (isReleased) return;
      isReleased = true;
      entry.holders -= 1;
      if (entry.holders > 0) return;
      // A detached entry may have a successor under its key.
      if (entries.get(key) === entry) entries.delete(key);
      dispose(entry.value);
    }
    return { value: entry.value, release };
  }

  return {
    /** Returns a share of the key's value, which `create` builds when there is none. */
    acquire: (key: Key, create: () => Value): Lease<Value> =>
      lease(key, entries.get(key) ?? add(key, create())),
    get: (key: Key): Value | undefined => entries.get(key)?.value,
    /**
     * Frees the key for a successor, if it still holds this value. Holders keep the value, and their last one still disposes
     * of it.
     */
    detach(key: Key, value: Value) {
      if (entries.get(key)?.value === value) entries.delete(key);
    },
    /** Number of values. */
    size: () => entries.size,
    /** Number of shares that are held of all values together. */
    countHolders: () => [...entries.values()].reduce((sum, { holders }) => sum + holders, 0),
    *[Symbol.iterator](): Generator<Value, undefined> {
      for (const { value } of entries.values()) yield value;
    },
  };
}

/** Resolves when the value has started. When that fails, releases the lease and rejects. */
export async function whenReady<Value extends { ready: Promise<unknown> }>(
  lease: Lease<Value>,
): Promise<Lease<Value>> {
  try {
    await lease.value.ready;
    return lease;
  } catch (error) {
    lease.release();
    throw error;
  }
}
