import { type ASTNode, type DocumentNode, GraphQLError, Kind, visit } from 'graphql';
import { LIMITS } from '../../domain/core/limits.ts';

// Names of fields that an error shows of the way to what is wrong.
const MAX_NAMES = 8;

/** Why PostgreSQL could not keep this text, or null when it can. */
export function findTextIssue(text: string): string | null {
  if (text.includes('\0')) return 'holds the character U+0000, which no text may have.';
  if (/\p{Surrogate}/u.test(text)) return 'holds half a surrogate pair, which is no character.';
  return null;
}

/**
 * What is wrong with the texts and the JSON of an operation, whichever field they are for: an error that names the variable or
 * the argument; null when nothing is.
 */
export function findInputIssue(
  document: DocumentNode,
  variables: object | null | undefined,
): GraphQLError | null {
  const found = findValueIssue(variables ?? {}, -1);
  return found ? toError(found.names.slice(0, MAX_NAMES).join('.'), found.fault) : findLiteralIssue(document);
}

interface LocatedIssue {
  fault: string;
  /** Where: from the variable inwards. */
  names: string[];
}

function findValueIssue(value: unknown, depth: number): LocatedIssue | null {
  const fault = typeof value === 'string' ? findTextIssue(value) : null;
  if (fault) return { fault, names: [] };
  if (typeof value !== 'object' || value === null) return null;
  // Bounds the recursion, too.
  if (depth >= LIMITS.inputDepth)
    return { fault: `is nested deeper than ${LIMITS.inputDepth} levels.`, names: [] };
  for (const name in value) {
    const inName = findTextIssue(name);
    if (inName) return { fault: `has a key that ${inName}`, names: [] };
    const found = findValueIssue((value as Record<string, unknown>)[name], depth + 1);
    if (found) return { fault: found.fault, names: [name, ...found.names] };
  }
  return null;
}

function toError(argument: string, fault: string, node: ASTNode | null = null): GraphQLError {
  return new GraphQLError(`${argument}: ${fault}`, {
    nodes: node,
    extensions: { code: 'BAD_USER_INPUT', argument },
  });
}

const checked = new WeakMap<DocumentNode, GraphQLError | null>();

// Documents are kept parsed, so that each is looked through once.
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
      const fault = findTextIssue(node.value);
      if (fault) found ??= toError(names.slice(0, MAX_NAMES).join('.'), fault, node);
    },
  });
  checked.set(document, found);
  return found;
}
