import { createHash } from 'node:crypto';
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

import { LIMITS } from '../limits.ts';

/** A subscription that has been parsed and validated. */
export interface SubscriptionOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Record<string, unknown> | null | undefined;
  /** Leaves "Did you mean" out of errors about variables. */
  hideSuggestions?: boolean | null | undefined;
}

/** The errors are those of the variables. */
export type OperationKeyResult = { errors: readonly GraphQLError[] } | { key: string };

interface DocumentShape {
  /** Hash of the operation's name and of the document without the `after` of its root field. */
  id: string;
  /** The variable that is used for `after` and nowhere else. */
  afterVariable: string | undefined;
}

const shapes = new WeakMap<DocumentNode, Map<string, DocumentShape>>();

/**
 * Key of document, operation name and variables: operations with equal keys get equal frames for an event. The root field's `after`
 * is left out, since each client has a cursor of its own.
 */
export function computeOperationKey(operation: SubscriptionOperation): OperationKeyResult {
  const { schema, document, operationName, variableValues, hideSuggestions } = operation;
  const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, variableValues ?? {}, {
    hideSuggestions: hideSuggestions ?? false,
    maxErrors: LIMITS.errors - 1,
  });
  if (errors) return { errors };
  const { id, afterVariable } = shapeOf(document, operationName ?? '');
  const variables = Object.entries(coerced).filter(([name]) => name !== afterVariable);
  return { key: hash(`${id} ${JSON.stringify(variables)}`) };
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
  // A root field inside a fragment is rare. Its operations then share frames only where their cursors are equal, too.
  const after =
    root?.kind === Kind.FIELD ? root.arguments?.find(({ name }) => name.value === 'after') : undefined;
  const text = print(visit(document, { Argument: (node) => (node === after ? null : undefined) }));
  const name = after?.value.kind === Kind.VARIABLE ? after.value.name.value : undefined;
  const afterVariable = name !== undefined && countUses(document, name) === 1 ? name : undefined;
  return { id: hash(`${operationName} ${text}`), afterVariable };
}

function countUses(document: DocumentNode, variable: string): number {
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable({ name }) {
      if (name.value === variable) uses += 1;
    },
  });
  return uses;
}

// Documents and variables may be long, and keys are kept for thousands of subscribers and events.
function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
