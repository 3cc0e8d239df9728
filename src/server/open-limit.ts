import { TooManyOpenError } from '../errors.ts';
import { OPEN, type OpenName, type RateLimits } from '../rate-limits.ts';

/** Name of a limit, and whose place it is: the id of a viewer or organization, or an address. */
export type OpenEntry = readonly [name: OpenName, key: string];

export type OpenLimit = ReturnType<typeof createOpenLimit>;

/** Counts what is open on this node at the same time, such as websockets. Null limits nothing. */
export function createOpenLimit(limits: RateLimits | null) {
  const counts = new Map<string, number>();

  function add([name, key]: OpenEntry, change: 1 | -1) {
    const id = `${name} ${key}`;
    const count = (counts.get(id) ?? 0) + change;
    if (count > 0) counts.set(id, count);
    else counts.delete(id);
  }

  return {
    /** Counts one more for each entry until the returned function is called. Throws TooManyOpenError, and counts nothing, when one is full. */
    acquire(entries: readonly OpenEntry[]): () => void {
      const full =
        limits && entries.find(([name, key]) => (counts.get(`${name} ${key}`) ?? 0) >= limits[name]);
      if (full) throw new TooManyOpenError(describe(full[0], limits[full[0]]));
      for (const entry of entries) add(entry, 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        for (const entry of entries) add(entry, -1);
      };
    },
  };
}

const OWNERS: Record<string, string> = {
  address: 'This address has',
  contact: 'This viewer has',
  user: 'This viewer has',
  contacts: 'The contacts of this organization have',
  team: 'The team of this organization has',
};

function describe(name: OpenName, max: number): string {
  const [owner = ''] = name.split('.');
  return `${OWNERS[owner]} ${max} ${OPEN[name].what} open on this node already. Close one, or use those.`;
}
