import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  print,
  visit,
} from 'graphql';

/** A subscription that has been parsed and validated. */
export interface LiveOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Record<string, unknown> | null | undefined;
}

interface Shape {
  /** The document without the `after` of its root field. */
  text: string;
  /** The variable that gives `after`, where it gives nothing else. */
  afterVariable: string | undefined;
}

const shapes = new WeakMap<DocumentNode, Map<string, Shape>>();

/**
 * The same text for operations that get the same frames for the same event: document, operation and variables, without
 * the root field's `after`, since a thousand clients have a thousand cursors. Errors where the variables can't be used.
 */
export function keyOf(operation: LiveOperation): { key: string } | { errors: readonly GraphQLError[] } {
  const { schema, document, operationName, variableValues } = operation;
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, variableValues ?? {});
  if (errors) return { errors };
  const { text, afterVariable } = shapeOf(document, operationName ?? '');
  const rest = Object.entries(coerced).filter(([name]) => name !== afterVariable);
  return { key: JSON.stringify([text, operationName ?? '', rest]) };
}

function shapeOf(document: DocumentNode, operationName: string): Shape {
  const known = shapes.get(document) ?? new Map<string, Shape>();
  shapes.set(document, known);
  const shape = known.get(operationName) ?? readShape(document, operationName);
  known.set(operationName, shape);
  return shape;
}

function readShape(document: DocumentNode, operationName: string): Shape {
  const root = getOperationAST(document, operationName || null)?.selectionSet.selections[0];
  // A root field in a fragment is rare, and then shared by those alone who have the same cursor.
  const after =
    root?.kind === Kind.FIELD ? root.arguments?.find(({ name }) => name.value === 'after') : undefined;
  if (!after) return { text: print(document), afterVariable: undefined };
  const text = print(visit(document, { Argument: (node) => (node === after ? null : undefined) }));
  if (after.value.kind !== Kind.VARIABLE) return { text, afterVariable: undefined };
  const name = after.value.name.value;
  return { text, afterVariable: countUses(document, name) === 1 ? name : undefined };
}

function countUses(document: DocumentNode, variable: string): number {
  let uses = 0;
  visit(document, {
    // Where it is declared, it is not used.
    VariableDefinition: () => false,
    Variable({ name }) {
      if (name.value === variable) uses += 1;
    },
  });
  return uses;
}
