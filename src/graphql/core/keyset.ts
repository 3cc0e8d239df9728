import { LIMITS } from '../../domain/core/limits.ts';
import { BadArgumentError } from '../../errors.ts';
import { findTextIssue } from './input-check.ts';

// Pages by the values of the last row, never by an offset: as fast at the end of a list as at its beginning, and
// stable while rows come, go and move.

export interface PageArgs {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/** An order: by one column, then by id (or by the column alone, where it is unique). Nulls are last in both directions. */
export interface PageOrder {
  /** Names the order in cursors. */
  name: string;
  column: string;
  direction: 'asc' | 'desc';
  isNullable?: boolean;
  /** The column is unique in the list. */
  isUnique?: boolean;
  /** The values of an enum, lowest first, since Prisma can't compare those. */
  ranks?: readonly string[];
  /** Cursors of another form, of the column alone, where its values must not be seen. Reading gives null for a foreign one. */
  cursors?: { write: (value: number) => string; read: (cursor: string) => number | null };
}

type Condition = Record<string, unknown>;

export interface PagePlan {
  size: number;
  isBackward: boolean;
  /** Whether there is a cursor, and so something on its other side. */
  isContinued: boolean;
  order: PageOrder;
  /** For Prisma; one row more than the page has, to learn whether there is a next one. */
  query: { where: Condition; orderBy: Condition[]; take: number };
}

type Key = string | number | null;

// What PostgreSQL's integer holds.
const MAX_INT = 2_147_483_647;

/** Refuses what is out of bounds, naming the argument and the limit. */
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

/** Cuts what was read to the page, in the list's own order. */
export function cutPage<Row extends object>(plan: PagePlan, rows: readonly Row[]) {
  const page = rows.slice(0, plan.size);
  const hasMore = rows.length > plan.size;
  if (plan.isBackward) page.reverse();
  return {
    // Written when they are asked for: often a page's last one is all that is.
    edges: page.map((node) => ({ node, cursor: () => writeCursor(plan.order, node) })),
    hasNextPage: plan.isBackward ? plan.isContinued : hasMore,
    hasPreviousPage: plan.isBackward ? hasMore : plan.isContinued,
  };
}

/** The columns that a cursor is made of. */
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

function conditionBeyond(order: PageOrder, [value, id]: [Key, string], isBefore: boolean): Condition {
  const { column, direction, isNullable, isUnique } = order;
  const isUp = (direction === 'asc') !== isBefore;
  const further = isUp ? 'gt' : 'lt';
  if (isUnique) return { [column]: { [further]: value } };
  const sameValue = { [column]: value, id: { [further]: id } };
  if (value === null) {
    // Among the nulls, which are last: before them is everything that has a value.
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
  // The first condition alone bounds the index scan.
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

// A cursor may have been changed on its way: its parts must be such as the columns have.
function matchesColumnTypes(order: PageOrder, value: Key, id: string | null): boolean {
  if (order.cursors) return true;
  if (order.isUnique)
    return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_INT;
  if (id === null || findTextIssue(id)) return false;
  if (value === null) return order.isNullable === true;
  if (typeof value !== 'string' || findTextIssue(value)) return false;
  return order.ranks !== undefined || !/(At|Since)$/.test(order.column) || isTime(value);
}

// As writeKey writes it; of a year that PostgreSQL has.
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
