import type { DocumentNode, GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';

// Measured: a parsed document takes some 500 bytes for each token. What is remembered of its fields (WeakMaps) may take as much again.
const BYTES_PER_TOKEN = 1_000;
const BYTES_PER_CHARACTER = 2;
const MAX_BYTES = 64 * 1_048_576;
// An invalid document is looked at twice within a request: on the fast path, and by the library that answers with the errors.
const MAX_INVALID = 2;

interface ParsedText {
  text: string;
  tokens: number;
}

/** Parsed documents by their text, weighed by the memory that they take. Documents that failed are not kept. */
export function createDocumentCache(maxBytes = MAX_BYTES) {
  const valid = new LRUCache<string, DocumentNode>({ maxSize: maxBytes });
  const invalid = new LRUCache<string, DocumentNode>({ max: MAX_INVALID });
  const errors = new WeakMap<DocumentNode, readonly GraphQLError[]>();
  const texts = new WeakMap<DocumentNode, ParsedText>();

  return {
    get: (text: string): DocumentNode | undefined => valid.get(text) ?? invalid.get(text),
    /** Errors of a document that has been validated; undefined for another. */
    errorsOf: (document: DocumentNode) => errors.get(document),
    /** Notes the text of a parsed document, for `keep`. */
    note(document: DocumentNode, parsed: ParsedText) {
      texts.set(document, parsed);
    },
    /** Keeps a document that has been validated, for as long as there is room; one with errors for a moment. */
    keep(document: DocumentNode, found: readonly GraphQLError[]) {
      errors.set(document, found);
      const parsed = texts.get(document);
      if (!parsed) return;
      const { text, tokens } = parsed;
      const size = tokens * BYTES_PER_TOKEN + text.length * BYTES_PER_CHARACTER + 1;
      if (found.length > 0) invalid.set(text, document);
      else valid.set(text, document, { size });
    },
    /** Estimate of the memory that valid documents take. */
    bytes: () => valid.calculatedSize,
    count: () => valid.size,
  };
}
