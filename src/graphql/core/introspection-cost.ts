import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getArgumentValues,
  getNamedType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import type { MeasuredOperation } from './operation-cost.ts';

const META_FIELDS = new Map([SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]));
// Counts deprecated fields and values, too, whether they are asked for or not.
const ALL = { includeDeprecated: true };

/**
 * Number of values that an operation reads of the schema, through `__schema` and `__type`; Infinity above `max`. Lists of the schema
 * are long and nested: without a limit two nested fragments with aliases would ask for millions of values. The lists have their real
 * lengths, and each selection is counted once per object that it is for. Directives are ignored.
 */
export function countIntrospectedValues(measured: MeasuredOperation, max: number): number {
  const { schema, operation, fragments, variableValues } = measured;
  const root = schema.getQueryType();
  if (operation.operation !== 'query' || !root) return 0;
  const counts = new Map<SelectionSetNode, Map<unknown, number>>();
  let visits = 0;

  function countOf(selectionSet: SelectionSetNode, type: GraphQLObjectType, source: unknown): number {
    const bySource = counts.get(selectionSet) ?? new Map<unknown, number>();
    counts.set(selectionSet, bySource);
    const known = bySource.get(source);
    if (known !== undefined) return known;
    visits += 1;
    let count = 0;
    for (const selection of selectionSet.selections) {
      count += countSelection(selection, type, source);
      if (visits > max || count > max) return Number.POSITIVE_INFINITY;
    }
    bySource.set(source, count);
    return count;
  }

  function countSelection(selection: SelectionNode, type: GraphQLObjectType, source: unknown): number {
    if (selection.kind === Kind.FIELD) return countField(selection, type, source);
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    return fragment ? countOf(fragment.selectionSet, type, source) : 0;
  }

  function countField(node: FieldNode, type: GraphQLObjectType, source: unknown): number {
    const field = type === root ? META_FIELDS.get(node.name.value) : type.getFields()[node.name.value];
    // Other fields of the root are not read from the schema.
    if (!field) return type === root ? 0 : 1;
    const named = getNamedType(field.type);
    if (!node.selectionSet || !isObjectType(named)) return 1;
    let count = 1;
    for (const item of readSchema(field, node, source)) {
      count += countOf(node.selectionSet, named, item);
      if (count > max) break;
    }
    return count;
  }

  function readSchema(field: GraphQLField<unknown, unknown>, node: FieldNode, source: unknown): unknown[] {
    const args = field === TypeMetaFieldDef ? getArgumentValues(field, node, variableValues) : ALL;
    const value = field.resolve?.(source, args, undefined, { schema } as GraphQLResolveInfo);
    return (Array.isArray(value) ? value : [value]).filter((item) => item != null);
  }

  return countOf(operation.selectionSet, root, null);
}
