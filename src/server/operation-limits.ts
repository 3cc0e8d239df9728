import {
  type DocumentNode,
  GraphQLError,
  Lexer,
  parse,
  Source,
  type Token,
  TokenKind,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { withShortMessage } from '../graphql/core/errors.ts';
import { LIMITS } from '../limits.ts';
import { createDocumentCache } from './document-cache.ts';
import { measureSelections } from './selection-size.ts';

// One error more says that there are too many.
const VALIDATION = { maxErrors: LIMITS.errors - 1 };

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/**
 * Parses and validates documents within the limits: too many tokens, too much nesting, and names and texts that are too long are rejected
 * before the document is parsed. Valid documents are kept in the cache; validation stops at the 20th error.
 */
export function useOperationLimits(cache = createDocumentCache()): Plugin {
  return {
    onParse({ params, setParseFn, setParsedDocument }) {
      const known = cache.get(String(params.source));
      if (known) return setParsedDocument(known);
      setParseFn((source: string, options?: object) => {
        return withParseCode(() => {
          const tokens = measureDocument(source);
          const document = parse(source, options);
          cache.note(document, { text: source, tokens });
          return document;
        });
      });
    },
    onValidate({ params, setValidationFn, setResult }) {
      // The rules are the same for every request.
      const known = cache.errorsOf(params.documentAST);
      if (known) return setResult([...known]);
      setValidationFn((schema, document, rules, options) => {
        const limited = { ...options, ...VALIDATION };
        const found = findSelectionIssue(document) ?? validate(schema, document, rules, limited);
        const errors = found.map(withShortMessage);
        cache.keep(document, errors);
        return errors;
      });
    },
  };
}

// Yoga adds the code to errors over HTTP only.
function withParseCode<T>(parseDocument: () => T): T {
  try {
    return parseDocument();
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    error.extensions.code ??= 'GRAPHQL_PARSE_FAILED';
    throw withShortMessage(error);
  }
}

function findSelectionIssue(document: DocumentNode): GraphQLError[] | null {
  const { breadth, aliases, directives } = measureSelections(document);
  const measures: [name: string, size: number, max: number][] = [
    ['breadth', breadth, LIMITS.breadth],
    ['number of aliases', aliases, LIMITS.aliases],
    ['number of directives in one place', directives, LIMITS.directives],
  ];
  const excess = measures.find(([, size, max]) => size > max);
  if (!excess) return null;
  const [name, size, max] = excess;
  const message = `The operation is too large: its ${name} is ${size}, at most ${max} is allowed. Ask for less at once.`;
  return [new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COMPLEX' } })];
}

/** Number of tokens, comments included, as the document keeps them too. Throws for a document beyond the limits. */
function measureDocument(source: string): number {
  const lexer = new Lexer(new Source(source));
  let [depth, count] = [0, 0];
  for (;;) {
    const previous = lexer.token;
    const token = lexer.advance();
    if (token.kind === TokenKind.EOF) return count;
    // The lexer skips comments, and links them in between.
    for (let one: Token | null = token; one && one !== previous; one = one.prev) count += 1;
    if (count > LIMITS.tokens) {
      throw createDocumentError(`The operation has more than ${LIMITS.tokens} tokens. Split it.`);
    }
    if (OPENING.has(token.kind)) depth += 1;
    if (CLOSING.has(token.kind)) depth -= 1;
    if (depth > LIMITS.nesting) {
      throw createDocumentError(
        `The operation is nested deeper than ${LIMITS.nesting} levels. Ask for less at once.`,
      );
    }
    if (token.kind === TokenKind.NAME && token.value.length > LIMITS.nameLength) {
      throw createDocumentError(
        `A name in the operation has ${token.value.length} characters; at most ${LIMITS.nameLength} are allowed.`,
      );
    }
  }
}

function createDocumentError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
}
