/** Prisma's `select` of a row: columns, and related rows with arguments and a `select` of their own. */
export type Selection = Record<string, unknown>;

/**
 * Merges two selections of the same row. Null where both select the same relation with different arguments, so that no single result
 * serves both. The first object itself where the second adds nothing.
 */
export function mergeSelections(first: Selection, second: Selection): Selection | null {
  let merged = first;
  for (const [name, other] of Object.entries(second)) {
    const value = name in first ? mergeValues(first[name], other) : other;
    if (value === null) return null;
    if (value !== first[name]) merged = { ...merged, [name]: value };
  }
  return merged;
}

function mergeValues(first: unknown, second: unknown): unknown {
  if (!hasSelect(first) || !hasSelect(second)) return isEqualJson(first, second) ? first : null;
  const { select: firstSelect, ...firstArgs } = first;
  const { select: secondSelect, ...secondArgs } = second;
  if (!isEqualJson(firstArgs, secondArgs)) return null;
  const select = mergeSelections(firstSelect, secondSelect);
  if (select === null) return null;
  return select === firstSelect ? first : { ...first, select };
}

function hasSelect(value: unknown): value is { select: Selection } {
  return typeof value === 'object' && value !== null && 'select' in value;
}

function isEqualJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
