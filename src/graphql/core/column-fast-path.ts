import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import {
  type FieldNode,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionNode,
} from 'graphql';

/** Source of a fast field: columns of its row, or a single related row that was loaded with it. */
type FastSource = 'columns' | 'row';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      columnFastPath: ColumnFastPathPlugin<Types>;
    }
    export interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /**
       * The selection depends on nothing but the side of the viewer, and the resolver returns a related row of the parent: null if
       * there is none, undefined if it was not loaded.
       */
      resolvesFromParent?: boolean;
    }
  }
}

type Resolver<Context extends object> = GraphQLFieldResolver<unknown, Context, object>;

/**
 * Pothos plugin: resolves a field directly from its parent row if the data is there.
 *
 * The Prisma plugin wraps each resolver with a look-up of the query that loaded the row, to load what that query did not select.
 * Per field of each row this costs a good tenth of the time of the inbox page. The fast path skips the wrapper in two cases:
 * all columns that the field selects are in the row, or the field is a single related row that is in the parent and the
 * operation selects only columns of it. Anything else takes the path of the Prisma plugin.
 */
class ColumnFastPathPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>) {
    const source = findFastSource(config);
    return source ? { ...config, extensions: { ...config.extensions, fastSource: source } } : config;
  }

  override wrapResolve(
    resolver: Resolver<Types['Context']>,
    config: PothosOutputFieldConfig<Types>,
  ): Resolver<Types['Context']> {
    const own = config.resolve as Resolver<Types['Context']> | undefined;
    const select = config.extensions?.pothosPrismaSelect;
    const source = config.extensions?.fastSource as FastSource | undefined;
    if (!own || !select || !source || config.kind !== 'PrismaObject') return resolver;
    if (source === 'columns') {
      const columns = columnsOf(select) ?? [];
      return (parent, args, context, info) =>
        hasColumns(parent as Row, columns)
          ? own(parent, args, context, info)
          : resolver(parent, args, context, info);
    }
    return (parent, args, context, info) => {
      if (selectsOnlyColumns(info)) {
        const related = own(parent, args, context, info);
        if (related !== undefined) return related;
      }
      return resolver(parent, args, context, info);
    };
  }
}

// Keyed by nodes of parsed documents, which the server caches: an entry lives as long as its document.
const onlyColumns = new WeakMap<FieldNode, boolean>();

function selectsOnlyColumns(info: GraphQLResolveInfo): boolean {
  const [node] = info.fieldNodes;
  if (!node || info.fieldNodes.length > 1) return false;
  let only = onlyColumns.get(node);
  if (only === undefined) {
    only = selectsOnly(['columns'], node, getNamedType(info.returnType).name, info);
    onlyColumns.set(node, only);
  }
  return only;
}

/**
 * Whether the selection set of `node`, for rows of the type, has only fast fields: columns, and related rows of which only
 * columns are selected. Then the query for them depends on the document and the side of the viewer alone, and can be memoized.
 */
export function selectsOnlyFastFields(node: FieldNode, typeName: string, info: GraphQLResolveInfo): boolean {
  return selectsOnly(['columns', 'row'], node, typeName, info);
}

function selectsOnly(
  allowed: readonly FastSource[],
  node: FieldNode,
  typeName: string,
  info: GraphQLResolveInfo,
): boolean {
  const type = info.schema.getType(typeName);
  const selected = collectSelectedFields(node, info, typeName);
  if (!isObjectType(type) || !selected) return false;
  return selected.every((one) => {
    if (one.name.value === '__typename') return true;
    const field = type.getFields()[one.name.value];
    const source = field?.extensions.fastSource as FastSource | undefined;
    if (!field || !source || !allowed.includes(source)) return false;
    return source === 'columns'
      ? !one.selectionSet
      : selectsOnly(['columns'], one, getNamedType(field.type).name, info);
  });
}

/**
 * Selected fields of a field, with fragments expanded. Null if the selection depends on variables (a directive) or on the
 * type (a condition on another one), or if a field with a selection set occurs twice and would have to be merged.
 */
export function collectSelectedFields(
  { selectionSet }: Pick<FieldNode, 'selectionSet'>,
  info: GraphQLResolveInfo,
  typeName?: string,
): FieldNode[] | null {
  const fields: FieldNode[] = [];
  const keys = new Set<string>();
  function collect(selections: readonly SelectionNode[]): boolean {
    return selections.every((one) => {
      if (one.directives?.length) return false;
      if (one.kind === Kind.FIELD) {
        const key = (one.alias ?? one.name).value;
        if (one.selectionSet && keys.has(key)) return false;
        keys.add(key);
        fields.push(one);
        return true;
      }
      const fragment = one.kind === Kind.FRAGMENT_SPREAD ? info.fragments[one.name.value] : one;
      const condition = fragment?.typeCondition?.name.value;
      return (
        fragment !== undefined &&
        [undefined, typeName].includes(condition) &&
        collect(fragment.selectionSet.selections)
      );
    });
  }
  return collect(selectionSet?.selections ?? []) ? fields : null;
}

type Row = Record<string, unknown>;

function hasColumns(row: Row, columns: readonly string[]): boolean {
  for (const column of columns) if (row[column] === undefined) return false;
  return true;
}

function findFastSource<Types extends SchemaTypes>({
  extensions,
  pothosOptions,
  type,
  args,
}: PothosOutputFieldConfig<Types>): FastSource | undefined {
  const ownSelect = 'select' in pothosOptions ? pothosOptions.select : undefined;
  // No selection: `id`, which every row has.
  if (columnsOf(ownSelect ?? extensions?.pothosPrismaSelect ?? {})) return 'columns';
  // A custom resolver may derive a value from a relation that was not loaded; that of t.relation returns the related row.
  const isRelation = type.kind === 'Object' && (!ownSelect || pothosOptions.resolvesFromParent === true);
  return isRelation && Object.keys(args).length === 0 ? 'row' : undefined;
}

/** Columns of a constant selection without relations; null for any other. */
function columnsOf(select: unknown): string[] | null {
  if (typeof select !== 'object' || select === null) return null;
  const entries = Object.entries(select);
  return entries.every(([, selected]) => selected === true) ? entries.map(([column]) => column) : null;
}

SchemaBuilder.registerPlugin('columnFastPath', ColumnFastPathPlugin);
