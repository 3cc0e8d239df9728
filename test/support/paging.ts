import { expect } from 'vitest';
import type { Answer, Gateway } from './gateway.ts';

export interface Page {
  nodes: { id: string }[];
  edges: { cursor: string; node: { id: string } }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

export const PAGE =
  'nodes { id } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

export interface PageArgs {
  first?: number;
  after?: string | null;
  last?: number;
  before?: string | null;
}

export type ReadPage = (args: PageArgs) => Promise<Page>;

/** Creates a reader of pages. The document takes $first, $after, $last and $before; `pick` returns the connection of an answer. */
export function pagesOf(
  gateway: Pick<Gateway, 'ask'>,
  person: { id: string; organizationId: string },
  {
    query,
    variables = {},
    pick,
  }: { query: string; variables?: object; pick: (data: Answer['data']) => Page },
): ReadPage {
  const document = `query (${query.includes('$id') ? '$id: ID!, ' : ''}${query.includes('$orderBy') ? '$orderBy: ConversationOrder, ' : ''}
    $first: Int, $after: String, $last: Int, $before: String) { ${query} }`;
  return async (args) => {
    const { data, errors } = await gateway.ask(person, document, { ...variables, ...args });
    expect(errors).toBeUndefined();
    const page = pick(data);
    expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
    expect(page.pageInfo.startCursor).toBe(page.edges.at(0)?.cursor ?? null);
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
    return page;
  };
}

export function idsOf(page: Page): string[] {
  return page.nodes.map(({ id }) => id);
}

/** All ids, forwards page by page; `between` runs after each page. */
export async function walkForward(
  read: ReadPage,
  size: number,
  between: (seen: string[]) => Promise<unknown> = async () => {},
) {
  const seen: string[] = [];
  let after: string | null = null;
  for (;;) {
    const page = await read({ first: size, after });
    expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
    seen.push(...idsOf(page));
    if (!page.pageInfo.hasNextPage) return seen;
    expect(page.nodes).toHaveLength(size);
    after = page.pageInfo.endCursor;
    await between(seen);
  }
}

/** All ids, backwards page by page, in the list's order. */
export async function walkBackward(read: ReadPage, size: number) {
  const seen: string[] = [];
  let before: string | null = null;
  for (;;) {
    const page = await read({ last: size, before });
    expect(page.pageInfo.hasNextPage).toBe(before !== null);
    seen.unshift(...idsOf(page));
    if (!page.pageInfo.hasPreviousPage) return seen;
    expect(page.nodes).toHaveLength(size);
    before = page.pageInfo.startCursor;
  }
}
