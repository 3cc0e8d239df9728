import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
} from 'graphql';
import { LIMITS } from '../../limits.ts';
import { withShortMessage } from './errors.ts';
import { findInputIssue } from './input-check.ts';
import { countIntrospectedValues } from './introspection-cost.ts';
import { type MeasuredOperation, measureOperation } from './operation-cost.ts';

/** A valid document, and the operation in it that is to be executed. */
export interface ExecutableOperation {
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName?: string | null | undefined;
  variableValues?: Record<string, unknown> | null | undefined;
  /** Whether errors leave out names that are similar to a wrong one. */
  hideSuggestions?: boolean | null | undefined;
}

/**
 * Errors for which an operation is refused before it is executed, the same over every transport: its variables, and what it costs.
 * Empty for an operation that may be executed.
 */
export function findOperationErrors(executable: ExecutableOperation): readonly GraphQLError[] {
  const { schema, document, operationName, variableValues, hideSuggestions } = executable;
  const operation = getOperationAST(document, operationName);
  // Execution says that there is none of this name.
  if (!operation) return [];
  const issue = findInputIssue(document, variableValues);
  if (issue) return [issue];
  // One error more says that there are too many.
  const options = { maxErrors: LIMITS.errors - 1, hideSuggestions: hideSuggestions ?? false };
  const definitions = operation.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, variableValues ?? {}, options);
  if (errors) return errors.map(withShortMessage);
  const excess = findExcess({ schema, operation, fragments: fragmentsOf(document), variableValues: coerced });
  return excess ? [excess] : [];
}

function findExcess(measured: MeasuredOperation): GraphQLError | null {
  // The breadth was compared before validation, whose time depends on it.
  const { depth, complexity } = measureOperation(measured);
  if (depth > LIMITS.depth) {
    return createExcessError(
      `its depth is ${depth}, at most ${LIMITS.depth} is allowed. Ask for less at once.`,
    );
  }
  if (complexity > LIMITS.complexity) {
    return createExcessError(
      `its complexity is ${complexity}, at most ${LIMITS.complexity} is allowed. Ask for fewer fields or smaller pages.`,
    );
  }
  return countIntrospectedValues(measured, LIMITS.introspectedValues) > LIMITS.introspectedValues
    ? createExcessError(
        `it asks for more than ${LIMITS.introspectedValues} values of the schema. Ask for fewer fields of __schema and __type.`,
      )
    : null;
}

/** Fragments of a document by their name. */
export function fragmentsOf({ definitions }: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  }
  return fragments;
}

function createExcessError(reason: string): GraphQLError {
  return new GraphQLError(`The operation is too large: ${reason}`, {
    extensions: { code: 'QUERY_TOO_COMPLEX' },
  });
}
