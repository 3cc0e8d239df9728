import type { ObjectRef } from '@pothos/core';
import { type PathSegment, queryFromInfo } from '@pothos/plugin-prisma';
import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { LIMITS } from '../../limits.ts';
import { builder } from './builder.ts';
import { collectSelectedFields, selectsOnlyFastFields } from './column-fast-path.ts';
import type { Context } from './context.ts';
import { cutPage, type PagePlan, selectKeyColumns } from './keyset.ts';

interface Edge<Row> {
  node: Row;
  cursor: () => string;
}

export interface Connection<Row> {
  edges: Edge<Row>[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  totalCount: () => number | Promise<number>;
}

const PageInfo = builder
  .objectRef<Pick<Connection<unknown>, 'edges' | 'hasNextPage' | 'hasPreviousPage'>>('PageInfo')
  .implement({
    description: 'Position of a page in its list.',
    fields: (t) => ({
      hasNextPage: t.exposeBoolean('hasNextPage', {
        visibility: 'public',
        description: 'Whether rows follow this page. When paging backwards: whether `before` was given.',
      }),
      hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
        visibility: 'public',
        description: 'Whether rows precede this page. When paging forwards: whether `after` was given.',
      }),
      startCursor: t.string({
        nullable: true,
        visibility: 'public',
        description: 'Cursor of the first row: `before` of the previous page. Null if the page is empty.',
        resolve: ({ edges }) => edges[0]?.cursor() ?? null,
      }),
      endCursor: t.string({
        nullable: true,
        visibility: 'public',
        description: 'Cursor of the last row: `after` of the next page. Null if the page is empty.',
        resolve: ({ edges }) => edges.at(-1)?.cursor() ?? null,
      }),
    }),
  });

/** Defines the connection and edge types of a node type. With `countCost`, its weight, the connection has a totalCount. */
export function defineConnection<Row extends object>(
  node: ObjectRef<(typeof builder)['$inferSchemaTypes'], Row>,
  { countCost, name = node.name }: { countCost?: number; name?: string } = {},
) {
  const plural = name === node.name ? `${name.toLowerCase()}s` : `entries of a ${name.toLowerCase()}`;
  const EdgeType = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `One of the ${plural}, with its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        visibility: 'public',
        description:
          'Cursor of this row, for `after` or `before`. Opaque; valid for the same sort order only.',
        resolve: (edge) => edge.cursor(),
      }),
      node: t.field({
        type: node,
        visibility: 'public',
        description: 'Object in this row of the list.',
        resolve: (edge) => edge.node as never,
      }),
    }),
  });
  return builder.objectRef<Connection<Row>>(`${name}Connection`).implement({
    description: `One page of a list of ${plural}.`,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeType],
        visibility: 'public',
        description: 'Rows of the page, each with its cursor.',
        complexity: { field: 1, multiplier: 1 },
        resolve: (connection) => connection.edges,
      }),
      nodes: t.field({
        type: [node],
        visibility: 'public',
        description:
          'Rows of the page without cursors. `pageInfo` has the cursors of the first and the last.',
        complexity: { field: 1, multiplier: 1 },
        resolve: (connection) => connection.edges.map((edge) => edge.node) as never,
      }),
      pageInfo: t.field({
        type: PageInfo,
        visibility: 'public',
        description: 'Cursors for the next and the previous page, and whether they exist.',
        resolve: (connection) => connection,
      }),
      ...(countCost
        ? {
            totalCount: t.int({
              visibility: 'public',
              description: 'Number of rows on all pages. Counted only if selected.',
              complexity: countCost,
              resolve: (connection) => connection.totalCount(),
            }),
          }
        : {}),
    }),
  });
}

/** Arguments of every list: paging forwards and backwards. */
export const PAGE_ARGS = builder.args((t) => ({
  first: t.int({
    description: `Number of rows, from the start of the list or after a cursor: 1 to ${LIMITS.pageSize}. Not together with last. Default, without either: ${LIMITS.defaultPageSize}.`,
  }),
  after: t.string({ description: 'Cursor: only rows after it. Not together with before.' }),
  last: t.int({
    description: `Number of rows, from the end of the list or before a cursor: 1 to ${LIMITS.pageSize}. Not together with first.`,
  }),
  before: t.string({ description: 'Cursor: only rows before it. Not together with after.' }),
}));

// Both ways to select rows of a connection. One statement loads what either selects.
const NODE_PATHS: PathSegment[][] = [['nodes'], ['edges', 'node']];

/**
 * Paths for `nestedSelection` to the rows of a connection, in `nodes` and in `edges`. Its declared type takes one path only;
 * Pothos' own connections pass several in this way.
 */
export function pathsToNodes(rowType: string): PathSegment[] {
  const paths = [[{ name: 'nodes' }], [{ name: 'edges' }, { name: 'node' }]];
  return { getType: () => rowType, paths } as unknown as PathSegment[];
}

interface PageRequest {
  context: Context;
  info: GraphQLResolveInfo;
  typeName: string;
  plan: PagePlan;
}

/** Loads a page, with all that the operation selects of its rows, in one statement. */
export async function loadPage<Row extends object>(
  page: PageRequest,
  read: (query: { select: { id: true } }) => Promise<Row[]>,
  count: () => Promise<number> = () => Promise.reject(new Error(`${page.typeName} is not counted`)),
): Promise<Connection<Row>> {
  const query = planRowSelection(page);
  return { ...cutPage(page.plan, await read(query)), totalCount: count };
}

type RowSelection = ReturnType<typeof queryFromInfo<{ id: true }>>;

// Memoized selections, by side of the viewer and sort column; null for a field whose selection depends on more than these.
// Keyed by nodes of parsed documents, which the server caches: an entry lives as long as its document. This saves about a tenth of
// the time of the inbox page.
const plannedSelections = new WeakMap<FieldNode, Map<string, RowSelection> | null>();

/** Selection for the rows: computed once per field of a document if it has fast fields only (column-fast-path.ts). */
function planRowSelection({ context, info, typeName, plan }: PageRequest): RowSelection {
  const compute = () =>
    queryFromInfo({ context, info, typeName, paths: NODE_PATHS, select: selectKeyColumns(plan.order) });
  const [node] = info.fieldNodes;
  if (!node || info.fieldNodes.length > 1) return compute();
  let known = plannedSelections.get(node);
  if (known === undefined) {
    known = rowsHaveOnlyFastFields(node, typeName, info) ? new Map() : null;
    plannedSelections.set(node, known);
  }
  const key = `${context.viewerSide} ${plan.order.column}`;
  const query = known?.get(key) ?? compute();
  known?.set(key, query);
  return query;
}

function rowsHaveOnlyFastFields(connection: FieldNode, typeName: string, info: GraphQLResolveInfo): boolean {
  const parts = collectSelectedFields(connection, info);
  return (
    parts?.every((part) => {
      if (part.name.value === 'nodes') return selectsOnlyFastFields(part, typeName, info);
      if (part.name.value !== 'edges') return true;
      const edge = collectSelectedFields(part, info);
      return edge?.every(
        (field) => field.name.value !== 'node' || selectsOnlyFastFields(field, typeName, info),
      );
    }) ?? false
  );
}
