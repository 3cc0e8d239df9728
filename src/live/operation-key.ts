import { createHash } from 'node:crypto';
import {
  type ASTNode,
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
export interface SubscriptionOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Record<string, unknown> | null | undefined;
}

interface DocumentShape {
  /** Stands for the document without the `after` of its root field, and for the operation's name. */
  id: string;
  /** The variable that gives `after`, where it gives nothing else. */
  afterVariable: string | undefined;
  /** The variables that are used elsewhere than in the arguments of the root field. */
  inner: ReadonlySet<string>;
}

/** What an operation has in common with others; errors where its variables can't be used. */
export type OperationKeyResult = { errors: readonly GraphQLError[] } | OperationKeys;

export interface OperationKeys {
  /** The same for operations that get the same frames for the same event. */
  key: string;
  /** The same for operations that differ in the arguments of their root field alone: in what they watch, not in what they show. */
  shownKey: string;
}

const shapes = new WeakMap<DocumentNode, Map<string, DocumentShape>>();

/**
 * Compares document, operation and variables, without the root field's `after`, since a thousand clients have a thousand
 * cursors.
 */
export function computeOperationKey(operation: SubscriptionOperation): OperationKeyResult {
  const { schema, document, operationName, variableValues } = operation;
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, variableValues ?? {});
  if (errors) return { errors };
  const { id, afterVariable, inner } = shapeOf(document, operationName ?? '');
  const variables = Object.entries(coerced);
  const watched = variables.filter(([name]) => name !== afterVariable);
  const shown = variables.filter(([name]) => inner.has(name));
  return {
    key: digest(`${id} ${JSON.stringify(watched)}`),
    shownKey: shown.length > 0 ? digest(`${id} ${JSON.stringify(shown)}`) : id,
  };
}

function shapeOf(document: DocumentNode, operationName: string): DocumentShape {
  const known = shapes.get(document) ?? new Map<string, DocumentShape>();
  shapes.set(document, known);
  const shape = known.get(operationName) ?? readShape(document, operationName);
  known.set(operationName, shape);
  return shape;
}

function readShape(document: DocumentNode, operationName: string): DocumentShape {
  const root = getOperationAST(document, operationName || null)?.selectionSet.selections[0];
  // A root field in a fragment is rare, and then shared by those alone who have the same cursor.
  const outer = root?.kind === Kind.FIELD ? (root.arguments ?? []) : [];
  const after = outer.find(({ name }) => name.value === 'after');
  const [all, ofRoot] = [usesOf([document]), usesOf(outer)];
  const inner = new Set([...all.keys()].filter((name) => all.get(name) !== ofRoot.get(name)));
  const text = print(visit(document, { Argument: (node) => (node === after ? null : undefined) }));
  const name = after?.value.kind === Kind.VARIABLE ? after.value.name.value : undefined;
  const afterVariable = name !== undefined && all.get(name) === 1 ? name : undefined;
  const id = digest(`${operationName} ${text}`);
  return { id, afterVariable, inner };
}

// Documents and variables may be long, and what they stand for is kept for thousands of subscribers and events.
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** How often each variable is used. Where it is declared, it is not used. */
function usesOf(nodes: readonly ASTNode[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const node of nodes) {
    visit(node, {
      VariableDefinition: () => false,
      Variable: ({ name }) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1),
    });
  }
  return uses;
}
