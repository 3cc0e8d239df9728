import { type ASTNode, type DocumentNode, GraphQLError, Kind, visit } from 'graphql';
import { LIMITS } from '../../limits.ts';

// Path segments in an error.
const MAX_PATH_SEGMENTS = 8;

/** Reason for which a text is refused, as the predicate of a sentence; null if PostgreSQL can store it. */
export function findTextIssue(text: string): string | null {
  if (text.length > LIMITS.text) {
    return `has ${text.length} characters; no text may have more than ${LIMITS.text}.`;
  }
  if (text.includes('\0')) return 'holds the character U+0000, which no text may have.';
  if (/\p{Surrogate}/u.test(text)) return 'holds half a surrogate pair, which is no character.';
  return null;
}

/**
 * Checks all texts and JSON values of an operation, in variables and in literals, before anything else walks them: variables have at
 * most `LIMITS.values` values in `LIMITS.inputDepth` levels, and PostgreSQL must be able to store each text. Returns an error with
 * the path from the variable or argument, or null. Entries of literals are bounded by the tokens of the document.
 */
export function findInputIssue(
  document: DocumentNode,
  variables: object | null | undefined,
): GraphQLError | null {
  const found = findValueIssue(variables ?? {}, -1, { left: LIMITS.values });
  return found
    ? toError(found.names.slice(0, MAX_PATH_SEGMENTS).join('.'), found.issue)
    : findLiteralIssue(document);
}

interface LocatedIssue {
  issue: string;
  /** Path from the variable inwards. */
  names: string[];
}

/** Number of values that may still come. */
interface ValueBudget {
  left: number;
}

function findValueIssue(value: unknown, depth: number, budget: ValueBudget): LocatedIssue | null {
  const issue = typeof value === 'string' ? findTextIssue(value) : null;
  if (issue) return { issue, names: [] };
  if (typeof value !== 'object' || value === null) return null;
  // Also bounds the recursion.
  if (depth >= LIMITS.inputDepth)
    return { issue: `is nested deeper than ${LIMITS.inputDepth} levels.`, names: [] };
  if (Array.isArray(value) && value.length > budget.left) return { issue: tooManyValues(), names: [] };
  for (const name in value) {
    budget.left -= 1;
    if (budget.left < 0) return { issue: tooManyValues(), names: [] };
    const inName = findTextIssue(name);
    if (inName) return { issue: `has a key that ${inName}`, names: [] };
    const found = findValueIssue((value as Record<string, unknown>)[name], depth + 1, budget);
    if (found) return { issue: found.issue, names: [name, ...found.names] };
  }
  return null;
}

function tooManyValues(): string {
  return `makes the variables have more than ${LIMITS.values} values, entries of lists and fields of objects together. Send less at once.`;
}

function toError(argument: string, issue: string, node: ASTNode | null = null): GraphQLError {
  return new GraphQLError(`${argument || 'variables'}: ${issue}`, {
    nodes: node,
    extensions: { code: 'BAD_USER_INPUT', ...(argument ? { argument } : {}) },
  });
}
const checked = new WeakMap<DocumentNode, GraphQLError | null>();

// Keyed by parsed documents, which the server caches: each is checked once.
function findLiteralIssue(document: DocumentNode): GraphQLError | null {
  const known = checked.get(document);
  if (known !== undefined) return known;
  const names: string[] = [];
  let found: GraphQLError | null = null;
  const named = {
    enter({ name }: { name: { value: string } }) {
      names.push(name.value);
    },
    leave() {
      names.pop();
    },
  };
  visit(document, {
    [Kind.ARGUMENT]: named,
    [Kind.OBJECT_FIELD]: named,
    [Kind.STRING](node) {
      const issue = findTextIssue(node.value);
      if (issue) found ??= toError(names.slice(0, MAX_PATH_SEGMENTS).join('.'), issue, node);
    },
  });
  checked.set(document, found);
  return found;
}
