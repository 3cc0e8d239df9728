import { GraphQLError, Lexer, parse, Source, TokenKind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LIMITS } from '../limits.ts';

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Rejects operations with too many tokens or too much nesting before they are parsed. */
export function useOperationLimits(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string, options?: object) => {
        requireMaxNesting(source);
        return withParseCode(() => parse(source, { ...options, maxTokens: LIMITS.tokens }));
      });
    },
  };
}

// Yoga adds the code to errors over HTTP only.
function withParseCode<T>(parseDocument: () => T): T {
  try {
    return parseDocument();
  } catch (error) {
    if (error instanceof GraphQLError) error.extensions.code ??= 'GRAPHQL_PARSE_FAILED';
    throw error;
  }
}

function requireMaxNesting(source: string) {
  const lexer = new Lexer(new Source(source));
  let depth = 0;
  // The parser rejects a document with more tokens.
  for (let count = 0; count <= LIMITS.tokens; count++) {
    const { kind } = lexer.advance();
    if (kind === TokenKind.EOF) return;
    if (OPENING.has(kind)) depth += 1;
    if (CLOSING.has(kind)) depth -= 1;
    if (depth > LIMITS.nesting) {
      throw new GraphQLError(
        `The operation is nested deeper than ${LIMITS.nesting} levels. Ask for less at once.`,
        {
          extensions: { code: 'GRAPHQL_PARSE_FAILED' },
        },
      );
    }
  }
}

/** Answers BAD_REQUEST for requests that Yoga can't parse: broken JSON in a query string, and bodies of another content type. */
export function useRequestErrors(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (!requestParser) return setRequestParser(rejectContentType);
      if (request.method !== 'GET') return;
      setRequestParser(async (request) => {
        try {
          return await requestParser(request);
        } catch (error) {
          if (!(error instanceof SyntaxError)) throw error;
          throw new GraphQLError('variables and extensions of the query string must be JSON objects.', {
            extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
          });
        }
      });
    },
  };
}

function rejectContentType(): never {
  throw new GraphQLError('The content type of the body is not supported. Send application/json.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 415 } },
  });
}
