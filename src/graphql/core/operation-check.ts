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

export interface OperationCheck {
  /** Errors for which the operation is refused; empty for one that may be executed. */
  errors: readonly GraphQLError[];
  /** Cost of the operation, in points; 0 for one that is refused before it is measured. */
  complexity: number;
}

/** Checks an operation before it is executed, in the same way over every transport: its variables, and what it costs. */
export function checkOperation(executable: ExecutableOperation): OperationCheck {
  const { schema, document, operationName, variableValues, hideSuggestions } = executable;
  const operation = getOperationAST(document, operationName);
  // Execution says that there is none of this name.
  if (!operation) return { errors: [], complexity: 0 };
  const issue = findInputIssue(document, variableValues);
  if (issue) return { errors: [issue], complexity: 0 };
  // One error more says that there are too many.
  const options = { maxErrors: LIMITS.errors - 1, hideSuggestions: hideSuggestions ?? false };
  const definitions = operation.variableDefinitions ?? [];
  const { coerced, errors } = getVariableValues(schema, definitions, variableValues ?? {}, options);
  if (errors) return { errors: errors.map(withShortMessage), complexity: 0 };
  return checkCost({ schema, operation, fragments: fragmentsOf(document), variableValues: coerced });
}

function checkCost(measured: MeasuredOperation): OperationCheck {
  // The breadth was compared before validation, whose time depends on it.
  const { depth, complexity } = measureOperation(measured);
  const reason = findExcess(measured, { depth, complexity });
  return { errors: reason === null ? [] : [createExcessError(reason)], complexity };
}

/** Reason for which the operation is too large; null if it is not. */
function findExcess(
  measured: MeasuredOperation,
  { depth, complexity }: { depth: number; complexity: number },
): string | null {
  if (depth > LIMITS.depth) {
    return `its depth is ${depth}, at most ${LIMITS.depth} is allowed. Ask for less at once.`;
  }
  if (complexity > LIMITS.complexity) {
    return `its complexity is ${complexity}, at most ${LIMITS.complexity} is allowed. Ask for fewer fields or smaller pages.`;
  }
  return countIntrospectedValues(measured, LIMITS.introspectedValues) > LIMITS.introspectedValues
    ? `it asks for more than ${LIMITS.introspectedValues} values of the schema. Ask for fewer fields of __schema and __type.`
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
