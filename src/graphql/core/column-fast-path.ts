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

/** What a field's value is made of: columns of its row, or a row that was loaded with it. */
type Loaded = 'columns' | 'row';

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
       * Its selection depends on nothing but the audience, and its resolver gives a related row as it was loaded, null where there is
       * none, undefined where it was not loaded.
       */
      resolvesFromParent?: boolean;
    }
  }
}

type Resolver<Context extends object> = GraphQLFieldResolver<unknown, Context, object>;

/**
 * Lets fields resolve at once where the row shows that their data were loaded: columns that it has, and a single related row of
 * which only columns are asked. The Prisma plugin would look up, for every field of every row, which query loaded it: a
 * good tenth of the time of the inbox page. What is not there goes the plugin's way, and is loaded.
 */
class ColumnFastPathPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(config: PothosOutputFieldConfig<Types>) {
    const loaded = loadedOf(config);
    return loaded ? { ...config, extensions: { ...config.extensions, loaded } } : config;
  }

  override wrapResolve(
    resolver: Resolver<Types['Context']>,
    config: PothosOutputFieldConfig<Types>,
  ): Resolver<Types['Context']> {
    const own = config.resolve as Resolver<Types['Context']> | undefined;
    const select = config.extensions?.pothosPrismaSelect;
    const loaded = config.extensions?.loaded as Loaded | undefined;
    if (!own || !select || !loaded || config.kind !== 'PrismaObject') return resolver;
    if (loaded === 'columns') {
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

const onlyColumns = new WeakMap<FieldNode, boolean>();

function selectsOnlyColumns(info: GraphQLResolveInfo): boolean {
  const [node] = info.fieldNodes;
  if (!node || info.fieldNodes.length > 1) return false;
  let only = onlyColumns.get(node);
  if (only === undefined) {
    only = asksOnly(['columns'], node, getNamedType(info.returnType).name, info);
    onlyColumns.set(node, only);
  }
  return only;
}

/**
 * Whether this field asks of rows of the type for nothing but columns, and for related rows of which only columns are asked. All
 * these resolve by themselves, and what is to be read for them depends on nothing but the audience.
 */
export function selectsOnlyFastFields(node: FieldNode, typeName: string, info: GraphQLResolveInfo): boolean {
  return asksOnly(['columns', 'row'], node, typeName, info);
}

function asksOnly(
  allowed: readonly Loaded[],
  node: FieldNode,
  typeName: string,
  info: GraphQLResolveInfo,
): boolean {
  const type = info.schema.getType(typeName);
  const asked = collectSelectedFields(node, info, typeName);
  if (!isObjectType(type) || !asked) return false;
  return asked.every((one) => {
    if (one.name.value === '__typename') return true;
    const field = type.getFields()[one.name.value];
    const loaded = field?.extensions.loaded as Loaded | undefined;
    if (!field || !loaded || !allowed.includes(loaded)) return false;
    return loaded === 'columns'
      ? !one.selectionSet
      : asksOnly(['columns'], one, getNamedType(field.type).name, info);
  });
}

/**
 * What a field asks for, fragments included; null where that depends on variables or on the type, or where two parts of a selection
 * would have to be put together.
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

function loadedOf<Types extends SchemaTypes>({
  extensions,
  pothosOptions,
  type,
  args,
}: PothosOutputFieldConfig<Types>): Loaded | undefined {
  const ownSelect = 'select' in pothosOptions ? pothosOptions.select : undefined;
  // Without a selection: `id`, which every row has.
  if (columnsOf(ownSelect ?? extensions?.pothosPrismaSelect ?? {})) return 'columns';
  // A resolver of our own may make something of a relation that is not there; that of t.relation gives it as it is.
  const isRelation = type.kind === 'Object' && (!ownSelect || pothosOptions.resolvesFromParent === true);
  return isRelation && Object.keys(args).length === 0 ? 'row' : undefined;
}

/** The columns of a selection that is fixed and reads no relation; null otherwise. */
function columnsOf(select: unknown): string[] | null {
  if (typeof select !== 'object' || select === null) return null;
  const entries = Object.entries(select);
  return entries.every(([, selected]) => selected === true) ? entries.map(([column]) => column) : null;
}

SchemaBuilder.registerPlugin('columnFastPath', ColumnFastPathPlugin);
