import { BadArgumentError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { findTextIssue } from './input-check.ts';

// Keyset pagination: a page begins after the sort key of a row, not at an offset. It is as fast at the end of a list as at its
// start, and stable while rows are added and removed. A cursor is the base64url of `[order name, value of the column, id]`.

export interface PageArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/** Sort order: by one column, then by id as a tie-breaker, unless the column is unique. Nulls are last in both directions. */
export interface PageOrder {
  /** Name in cursors: a cursor of another order is refused. */
  name: string;
  column: string;
  direction: 'asc' | 'desc';
  isNullable?: boolean;
  /** The column is unique in the list, so no tie-breaker is needed. */
  isUnique?: boolean;
  /** Values of an enum column, lowest first: Prisma can not compare enums with gt and lt. */
  ranks?: readonly string[];
  /** Custom cursors of an integer column whose values must not be visible. `read` returns null for a cursor that is not one. */
  cursors?: { write: (value: number) => string; read: (cursor: string) => number | null };
}

type Condition = Record<string, unknown>;

export interface PagePlan {
  size: number;
  isBackward: boolean;
  /** Whether a cursor is given: then there are rows on its other side. */
  isContinued: boolean;
  order: PageOrder;
  /** Prisma arguments. `take` is one more than the size: the extra row tells that there is a next page. */
  query: { where: Condition; orderBy: Condition[]; take: number };
}

type Key = string | number | null;

// Range of PostgreSQL's integer.
const MAX_INT = 2_147_483_647;

/** Turns page arguments into a query. Throws BadArgumentError, with the argument and the limit; `prefix` is the path to the arguments. */
export function planPage(args: PageArgs, order: PageOrder, prefix = ''): PagePlan {
  const { first, after, last, before } = args;
  if (first != null && last != null) {
    throw new BadArgumentError(`${prefix}last`, 'does not go with first; give one of them.');
  }
  if (after != null && before != null) {
    throw new BadArgumentError(`${prefix}before`, 'does not go with after; give one of them.');
  }
  for (const [name, size] of [
    ['first', first],
    ['last', last],
  ] as const) {
    if (size != null && (size < 1 || size > LIMITS.pageSize)) {
      throw new BadArgumentError(
        `${prefix}${name}`,
        `is ${size}; give a number from 1 to ${LIMITS.pageSize}.`,
      );
    }
  }
  const isBackward = last != null || (first == null && before != null);
  const size = first ?? last ?? LIMITS.defaultPageSize;
  const [name, cursor] = before == null ? ['after', after] : ['before', before];
  const where =
    cursor == null
      ? {}
      : conditionBeyond(order, readCursorKey(cursor, order, `${prefix}${name}`), before != null);
  return {
    size,
    isBackward,
    isContinued: cursor != null,
    order,
    query: { where, orderBy: orderBy(order, isBackward), take: size + 1 },
  };
}

/** Removes the extra row, and restores the order of the list when paging backwards. */
export function cutPage<Row extends object>(plan: PagePlan, rows: readonly Row[]) {
  const page = rows.slice(0, plan.size);
  const hasMore = rows.length > plan.size;
  if (plan.isBackward) page.reverse();
  return {
    // Lazy: usually only the cursor of the last row is selected.
    edges: page.map((node) => ({ node, cursor: () => writeCursor(plan.order, node) })),
    hasNextPage: plan.isBackward ? plan.isContinued : hasMore,
    hasPreviousPage: plan.isBackward ? hasMore : plan.isContinued,
  };
}

/** Selection of the columns that a cursor is made of. */
export function selectKeyColumns({ column }: PageOrder): { id: true } {
  return { [column]: true, id: true };
}

function orderBy({ column, direction, isNullable, isUnique }: PageOrder, isBackward: boolean): Condition[] {
  const sort = isBackward ? (direction === 'asc' ? 'desc' : 'asc') : direction;
  const byColumn = isNullable
    ? { [column]: { sort, nulls: isBackward ? 'first' : 'last' } }
    : { [column]: sort };
  return isUnique ? [byColumn] : [byColumn, { id: sort }];
}

/** Condition for rows after a key in the order, or before it. */
function conditionBeyond(order: PageOrder, [value, id]: [Key, string], isBefore: boolean): Condition {
  const { column, direction, isNullable, isUnique } = order;
  const isUp = (direction === 'asc') !== isBefore;
  const further = isUp ? 'gt' : 'lt';
  if (isUnique) return { [column]: { [further]: value } };
  const sameValue = { [column]: value, id: { [further]: id } };
  if (value === null) {
    // Nulls are last, so all rows with a value are before them.
    return isBefore ? { OR: [{ [column]: { not: null } }, sameValue] } : sameValue;
  }
  const beyondValue = order.ranks
    ? {
        [column]: {
          in: isUp
            ? order.ranks.slice(order.ranks.indexOf(String(value)) + 1)
            : order.ranks.slice(0, order.ranks.indexOf(String(value))),
        },
      }
    : { [column]: { [further]: value } };
  if (isNullable) return { OR: [beyondValue, sameValue, ...(isBefore ? [] : [{ [column]: null }])] };
  // Redundant, but PostgreSQL bounds an index scan by it, and not by the OR.
  return { AND: [{ [column]: { [isUp ? 'gte' : 'lte']: value } }, { OR: [beyondValue, sameValue] }] };
}

function writeCursor({ name, column, cursors }: PageOrder, row: object): string {
  const { [column]: value, id } = row as Record<string, unknown>;
  if (cursors) return cursors.write(Number(value));
  const key = value instanceof Date ? value.toISOString() : value;
  return Buffer.from(JSON.stringify([name, key ?? null, id ?? null])).toString('base64url');
}

function readCursorKey(cursor: string, order: PageOrder, argument: string): [Key, string] {
  const parsed = order.cursors
    ? readCustomCursor(order.name, order.cursors.read(cursor))
    : decodeCursor(cursor);
  if (!parsed) {
    throw new BadArgumentError(
      argument,
      'is not a cursor of this list. Give a cursor from pageInfo or an edge, or leave it out.',
    );
  }
  const [name, value, id] = parsed;
  if (name !== order.name) {
    throw new BadArgumentError(
      argument,
      `is a cursor of the order ${name}, and this list has the order ${order.name}. Begin again without it.`,
    );
  }
  const isKnown = !order.ranks || value === null || order.ranks.includes(String(value));
  if (!isKnown || !matchesColumnTypes(order, value, id)) {
    throw new BadArgumentError(argument, 'is a broken cursor. Begin again without it.');
  }
  return [value, id ?? ''];
}

// A client may have altered the cursor: PostgreSQL would fail on a value that the column can not hold.
function matchesColumnTypes(order: PageOrder, value: Key, id: string | null): boolean {
  if (order.cursors) return true;
  if (order.isUnique)
    return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_INT;
  if (id === null || findTextIssue(id)) return false;
  if (value === null) return order.isNullable === true;
  if (typeof value !== 'string' || findTextIssue(value)) return false;
  return order.ranks !== undefined || !/(At|Since)$/.test(order.column) || isTime(value);
}

// The format that writeCursor uses; PostgreSQL has no year 0.
function isTime(value: string): boolean {
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && time.toISOString() === value && /^(?!0000)\d{4}-/.test(value);
}

function readCustomCursor(name: string, value: number | null): [string, Key, null] | null {
  return value === null ? null : [name, value, null];
}

function decodeCursor(cursor: string): [string, Key, string | null] | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(parts) || parts.length !== 3) return null;
    const [name, value, id] = parts;
    const isKey = value === null || typeof value === 'string' || typeof value === 'number';
    const isId = id === null || typeof id === 'string';
    return typeof name === 'string' && isKey && isId ? [name, value, id] : null;
  } catch {
    return null;
  }
}
