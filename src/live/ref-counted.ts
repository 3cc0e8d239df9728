/** Groups by what is asked for, each there until all who entered it have left. */
export function createRefCounted<Group>() {
  const groups = new Map<string, { group: Group; users: number }>();

  return {
    acquire(key: string, create: () => Group): Group {
      const entry = groups.get(key) ?? { group: create(), users: 0 };
      groups.set(key, entry);
      entry.users += 1;
      return entry.group;
    },
    release(key: string) {
      const entry = groups.get(key);
      if (!entry) return;
      entry.users -= 1;
      if (entry.users === 0) groups.delete(key);
    },
    size: () => groups.size,
    *[Symbol.iterator]() {
      for (const { group } of groups.values()) yield group;
    },
  };
}
