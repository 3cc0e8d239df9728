import { toSearchTerms } from '../../domain/core/text-search.ts';
import { LIMITS } from '../../limits.ts';
import type { PageArgs } from './keyset.ts';

// Weights of what costs more than a value of a row that is loaded anyway, in points of complexity.

/** A field that sends a statement of its own. */
export const STATEMENT_COST = 50;
/** A count of rows: its statement reads them all. */
export const COUNT_COST = 250;
/** A change: several statements in a transaction, an event, and the frames of those who are told. */
export const CHANGE_COST = 100;
// A search word: the statement compares it with texts that no index finds. For the page and its `totalCount` together.
const SEARCH_WORD_COST = 500;

/** Weight of a page that is read with the row it belongs to: that of one of its rows, times the page size. */
export function weighPage({ first, last }: PageArgs) {
  return {
    field: 1,
    multiplier: Math.max(1, Math.min(first ?? last ?? LIMITS.defaultPageSize, LIMITS.pageSize)),
  };
}

/** Weight of a page with a statement of its own. */
export function weighRootPage({
  filter,
  query,
  ...page
}: PageArgs & { filter?: object | null; query?: string | null }) {
  return { ...weighPage(page), field: STATEMENT_COST + weighFilter(filter) + weighSearch(query) };
}

/** Weight of a list in the statement: its search words, and the values that it is filtered by. */
export function weighFilter(filter: object | null | undefined): number {
  let cost = 0;
  for (const [name, value] of Object.entries(filter ?? {})) {
    if (name === 'text') cost += weighSearch(value);
    else if (Array.isArray(value)) cost += Math.min(value.length, LIMITS.filterValues);
  }
  return cost;
}

export function weighSearch(text: string | null | undefined): number {
  // A longer text is refused when the list is read, with the reason.
  return SEARCH_WORD_COST * toSearchTerms(text?.slice(0, LIMITS.filterText)).length;
}
