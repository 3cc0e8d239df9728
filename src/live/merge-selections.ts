/** What Prisma is to read of a row: columns, and related rows with arguments and a selection of their own. */
export type Selection = Record<string, unknown>;

/**
 * What gives both; null where they ask differently for the same related rows, so that no answer could serve both. Where the second
 * asks for nothing more, this is the first.
 */
export function joinSelections(first: Selection, second: Selection): Selection | null {
  let joint = first;
  for (const [name, asked] of Object.entries(second)) {
    const value = name in first ? joinValues(first[name], asked) : asked;
    if (value === null) return null;
    if (value !== first[name]) joint = { ...joint, [name]: value };
  }
  return joint;
}

function joinValues(first: unknown, second: unknown): unknown {
  if (!isSelecting(first) || !isSelecting(second)) return isAlike(first, second) ? first : null;
  const { select: firstSelect, ...firstArgs } = first;
  const { select: secondSelect, ...secondArgs } = second;
  if (!isAlike(firstArgs, secondArgs)) return null;
  const select = joinSelections(firstSelect, secondSelect);
  if (select === null) return null;
  return select === firstSelect ? first : { ...first, select };
}

function isSelecting(value: unknown): value is { select: Selection } {
  return typeof value === 'object' && value !== null && 'select' in value;
}

function isAlike(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
