import { GraphQLError, Lexer, parse, Source, TokenKind } from 'graphql';
import type { Plugin } from 'graphql-yoga';

const MAX_TOKENS = 10_000;
// Of braces, brackets and parentheses. Parsing and validating call themselves as deep; the stack takes some 1,000.
const MAX_NESTING = 100;

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Refuses operations that are too long or nested too deeply, before anything else is done with them. */
export function useOperationLimits(): Plugin {
  return {
    onParse({ setParseFn }) {
      setParseFn((source: string, options?: object) => {
        requireShallow(source);
        return parse(source, { ...options, maxTokens: MAX_TOKENS });
      });
    },
  };
}

function requireShallow(source: string) {
  const lexer = new Lexer(new Source(source));
  let depth = 0;
  // What is beyond the last token, the parser refuses.
  for (let count = 0; count <= MAX_TOKENS; count++) {
    const { kind } = lexer.advance();
    if (kind === TokenKind.EOF) return;
    if (OPENING.has(kind)) depth += 1;
    if (CLOSING.has(kind)) depth -= 1;
    if (depth > MAX_NESTING) {
      throw new GraphQLError(
        `The operation is nested deeper than ${MAX_NESTING} levels. Ask for less at once.`,
        {
          extensions: { code: 'GRAPHQL_PARSE_FAILED' },
        },
      );
    }
  }
}

/** A query string whose variables are no JSON is the client's fault, as it is in a body. */
export function useQueryStringErrors(): Plugin {
  return {
    onRequestParse({ request, requestParser, setRequestParser }) {
      if (!requestParser || request.method !== 'GET') return;
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
