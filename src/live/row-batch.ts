import type { Selection } from './merge-selections.ts';

/** Arguments of Prisma's `find…` methods, as far as reads are coalesced by them. */
export interface FindArgs {
  /** @default all columns */
  select?: Selection | undefined;
  where?: Record<string, unknown>;
}

export type FindMethod = (args: FindArgs) => Promise<unknown>;

// Statements have one of these numbers of ids, so that few texts are prepared.
const SIZES = [4, 16, 64];

/**
 * Reads the first row of each id with one `findMany`. Where that fails, as for rows that are too large together, each row is read by
 * itself. The returned function gives the row of an id, or null.
 */
export function sendAsOne(
  { findMany, findFirst }: Record<string, FindMethod>,
  { select, where }: FindArgs,
  ids: ReadonlySet<string>,
): (id: string | undefined) => Promise<unknown> {
  const rows = Promise.all(inSizes([...ids]).map(readMany)).then((found) => new Map(found.flat()));
  rows.catch(() => undefined);

  async function readMany(some: string[]): Promise<[string, unknown][]> {
    const args = {
      where: { ...where, id: { in: some } },
      ...(select && { select: { ...select, id: true } }),
    };
    const found = (await findMany?.(args)) as { id: string }[];
    return found.map((row) => [row.id, row]);
  }

  return async (id = '') => {
    try {
      return (await rows).get(id) ?? null;
    } catch {
      return findFirst?.({ where: { ...where, id }, ...(select && { select }) });
    }
  };
}

/** Splits ids, and repeats the last of each part, to parts of the fixed sizes. */
function inSizes(ids: readonly string[]): string[][] {
  const largest = SIZES.at(-1) as number;
  const parts: string[][] = [];
  for (let at = 0; at < ids.length; at += largest) {
    const part = ids.slice(at, at + largest);
    const size = SIZES.find((one) => one >= part.length) ?? largest;
    parts.push([...part, ...new Array<string>(size - part.length).fill(part.at(-1) as string)]);
  }
  return parts;
}
