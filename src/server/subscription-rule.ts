import {
  type ASTVisitor,
  GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

const CONDITIONS = new Set(['skip', 'include']);

/** Refuses subscriptions whose root field may be left out, as the specification does. graphql-js 16 would fail without a field to subscribe to. */
export function useSubscriptionRule(): Plugin {
  return {
    onValidate({ addValidationRule }) {
      addValidationRule(UnconditionalSubscriptionRule);
    },
  };
}

function UnconditionalSubscriptionRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation !== 'subscription') return;
      const conditional = findConditional(context, selectionSet, new Set());
      if (!conditional) return;
      context.reportError(
        new GraphQLError(
          'The root field of a subscription can have no @skip and no @include. Subscribe only when it is wanted.',
          { nodes: conditional, extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
        ),
      );
    },
  };
}

/** The first selection at the root that has a condition; fragments belong to the root, too. `visited`: fragments that may spread themselves. */
function findConditional(
  context: ValidationContext,
  { selections }: SelectionSetNode,
  visited: Set<string>,
): SelectionNode | undefined {
  for (const selection of selections) {
    if (selection.directives?.some(({ name }) => CONDITIONS.has(name.value))) return selection;
    const inner = innerOf(context, selection, visited);
    const found = inner && findConditional(context, inner, visited);
    if (found) return found;
  }
  return undefined;
}

function innerOf(
  context: ValidationContext,
  selection: SelectionNode,
  visited: Set<string>,
): SelectionSetNode | undefined {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection.selectionSet;
  if (selection.kind === Kind.FIELD || visited.has(selection.name.value)) return undefined;
  visited.add(selection.name.value);
  return context.getFragment(selection.name.value)?.selectionSet;
}
