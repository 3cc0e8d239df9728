import { type ASTNode, type DocumentNode, GraphQLError, Kind, visit } from 'graphql';
import { LIMITS } from '../../limits.ts';

// Path segments in an error.
const MAX_PATH_SEGMENTS = 8;

/** Reason for which PostgreSQL can not store the text, as the predicate of a sentence; null if it can. */
export function findTextIssue(text: string): string | null {
  if (text.includes('\0')) return 'holds the character U+0000, which no text may have.';
  if (/\p{Surrogate}/u.test(text)) return 'holds half a surrogate pair, which is no character.';
  return null;
}

/**
 * Checks all texts and JSON values of an operation, in variables and in literals: PostgreSQL must be able to store them, and JSON
 * may be nested `LIMITS.inputDepth` levels deep. Returns an error with the path from the variable or argument, or null.
 */
export function findInputIssue(
  document: DocumentNode,
  variables: object | null | undefined,
): GraphQLError | null {
  const found = findValueIssue(variables ?? {}, -1);
  return found
    ? toError(found.names.slice(0, MAX_PATH_SEGMENTS).join('.'), found.issue)
    : findLiteralIssue(document);
}

interface LocatedIssue {
  issue: string;
  /** Path from the variable inwards. */
  names: string[];
}

function findValueIssue(value: unknown, depth: number): LocatedIssue | null {
  const issue = typeof value === 'string' ? findTextIssue(value) : null;
  if (issue) return { issue, names: [] };
  if (typeof value !== 'object' || value === null) return null;
  // Also bounds the recursion.
  if (depth >= LIMITS.inputDepth)
    return { issue: `is nested deeper than ${LIMITS.inputDepth} levels.`, names: [] };
  for (const name in value) {
    const inName = findTextIssue(name);
    if (inName) return { issue: `has a key that ${inName}`, names: [] };
    const found = findValueIssue((value as Record<string, unknown>)[name], depth + 1);
    if (found) return { issue: found.issue, names: [name, ...found.names] };
  }
  return null;
}

function toError(argument: string, issue: string, node: ASTNode | null = null): GraphQLError {
  return new GraphQLError(`${argument}: ${issue}`, {
    nodes: node,
    extensions: { code: 'BAD_USER_INPUT', argument },
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
