import type { FieldComplexity } from '@pothos/plugin-complexity';
import {
  BREAK,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

export interface MeasuredOperation {
  schema: GraphQLSchema;
  operation: OperationDefinitionNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Coerced values. */
  variableValues: Record<string, unknown>;
}

interface SelectionCost {
  depth: number;
  complexity: number;
  /** The part of the complexity that is in `nodes` and `edges`, the rows of a connection. */
  ofRows: number;
  /** Whether it is the same whatever the variables. */
  isConstant: boolean;
}

type CostByType = Map<GraphQLNamedType, SelectionCost>;

const NOTHING: SelectionCost = { depth: 0, complexity: 0, ofRows: 0, isConstant: true };
// Keyed by nodes of parsed documents, which the server caches: most of an operation is measured once.
const constantCosts = new WeakMap<SelectionSetNode, CostByType>();

const ROWS = new Set(['nodes', 'edges']);
const CONNECTION = /Connection$/;

/**
 * Depth and complexity of an operation, by the field option `complexity`: the weight of the field itself, and the factor for what is
 * selected of it. The factor of a connection counts for its rows alone, not for totalCount or pageInfo. Both measures are upper bounds:
 * directives are ignored, and selections on all types of an abstract field are added up. Each selection is measured once per type.
 */
export function measureOperation(
  operationToMeasure: MeasuredOperation,
): Pick<SelectionCost, 'depth' | 'complexity'> {
  const { schema, operation, fragments, variableValues } = operationToMeasure;
  const costs = new Map<SelectionSetNode, CostByType>();

  function costOf(selectionSet: SelectionSetNode, type: GraphQLNamedType): SelectionCost {
    const measured = constantCosts.get(selectionSet)?.get(type) ?? costs.get(selectionSet)?.get(type);
    if (measured) return measured;
    const sum = { ...NOTHING };
    for (const selection of selectionSet.selections) {
      const { depth, complexity, ofRows, isConstant } = costOfSelection(selection, type);
      sum.depth = Math.max(sum.depth, depth);
      sum.complexity += complexity;
      sum.ofRows += ofRows;
      sum.isConstant &&= isConstant;
    }
    const known = sum.isConstant ? constantCosts : costs;
    known.set(selectionSet, (known.get(selectionSet) ?? new Map()).set(type, sum));
    return sum;
  }

  function costOfSelection(selection: SelectionNode, type: GraphQLNamedType): SelectionCost {
    if (selection.kind === Kind.FIELD) return costOfField(selection, type);
    const part = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    const condition = part?.typeCondition && schema.getType(part.typeCondition.name.value);
    return part ? costOf(part.selectionSet, condition ?? type) : NOTHING;
  }

  function costOfField(node: FieldNode, type: GraphQLNamedType): SelectionCost {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    const weight = field ? weigh(field, node) : 1;
    const { field: own = 1, multiplier = 1 } = typeof weight === 'number' ? { field: weight } : weight;
    const isOwnConstant = typeof field?.extensions.complexity !== 'function' || !hasVariables(node);
    if (!field || !node.selectionSet) {
      return { depth: 1, complexity: own, ofRows: 0, isConstant: isOwnConstant };
    }
    const named = getNamedType(field.type);
    const { depth, complexity, ofRows, isConstant } = costOf(node.selectionSet, named);
    const multiplied = CONNECTION.test(named.name) ? ofRows : complexity;
    const whole = own + multiplied * multiplier + (complexity - multiplied);
    return {
      depth: depth + 1,
      complexity: whole,
      ofRows: ROWS.has(node.name.value) ? whole : 0,
      isConstant: isConstant && isOwnConstant,
    };
  }

  function weigh(field: GraphQLField<unknown, unknown>, node: FieldNode) {
    const weight = field.extensions.complexity as FieldComplexity<unknown, object>;
    return typeof weight === 'function'
      ? weight(getArgumentValues(field, node, variableValues), undefined, field)
      : weight;
  }

  const { depth, complexity } = costOf(operation.selectionSet, rootTypeOf(schema, operation));
  return { depth, complexity };
}

const fieldsWithVariables = new WeakMap<FieldNode, boolean>();

function hasVariables(node: FieldNode): boolean {
  const known = fieldsWithVariables.get(node);
  if (known !== undefined) return known;
  let found = false;
  for (const argument of node.arguments ?? []) {
    visit(argument, {
      Variable() {
        found = true;
        return BREAK;
      },
    });
  }
  fieldsWithVariables.set(node, found);
  return found;
}

function rootTypeOf(schema: GraphQLSchema, { operation }: OperationDefinitionNode): GraphQLNamedType {
  const type = schema.getRootType(operation);
  if (!type) throw new Error(`the schema has no type for a ${operation}`);
  return type;
}
