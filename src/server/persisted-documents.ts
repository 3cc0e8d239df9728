import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { OperationErrorCode } from '../error-codes.ts';
import { LIMITS } from '../limits.ts';
import type { Session } from './execution.ts';

// Message that Apollo's and other clients look for before they send the text.
const AUTOMATIC_NOT_FOUND = 'PersistedQueryNotFound';

/** Parameters of an operation as a client sent them, over any transport. */
interface SentParameters {
  query?: unknown;
  documentId?: unknown;
  extensions?: unknown;
}

/** A document that is named instead of sent. */
interface NamedDocument {
  id: string;
  /** An id of Apollo's automatic persisted queries, whose unknown documents the client then sends. */
  isAutomatic: boolean;
}

export interface PersistedDocumentsOptions {
  /** Texts of documents by id: `sha256:<hex>`, or any other id without a colon. */
  list: ReadonlyMap<string, string>;
  /** Refuses all documents that are not in the list. */
  isListOnly: boolean;
}

export type PersistedDocuments = ReturnType<typeof createPersistedDocuments>;

/**
 * Documents that a client names instead of sending: those of a list that is made when the client is built, and those that clients
 * have sent once (automatic persisted queries). The parameters are the same over HTTP, event streams and websockets.
 */
export function createPersistedDocuments({ list, isListOnly }: PersistedDocumentsOptions) {
  const listed = new Set(list.values());
  const automatic = new LRUCache<string, string>({
    maxSize: LIMITS.keptDocumentsBytes,
    // Two bytes a character, and the hash.
    sizeCalculation: (text, hash) => 2 * (text.length + hash.length),
  });

  function find({ id, isAutomatic }: NamedDocument): string {
    const text = list.get(id) ?? (isAutomatic ? list.get(withoutPrefix(id)) : undefined) ?? automatic.get(id);
    if (text !== undefined) return text;
    if (isAutomatic && !isListOnly) throw createError('PERSISTED_QUERY_NOT_FOUND', AUTOMATIC_NOT_FOUND, 200);
    throw createError(
      'PERSISTED_DOCUMENT_NOT_FOUND',
      'The document is not in the list of this server. Add the documents of your client to it with `npm run persist`.',
    );
  }

  return {
    /** Puts the text of a document in place of its id. Throws a GraphQLError for an id that is not known or does not fit the text. */
    resolve<P extends SentParameters>(params: P): P & { query?: string } {
      const named = findNamedDocument(params);
      if (!named) return params as P & { query?: string };
      const { documentId, query, ...others } = params;
      if (!query) return { ...others, query: find(named) } as P & { query: string };
      if (!named.isAutomatic) {
        throw createError('BAD_REQUEST', 'Send either documentId or query, not both.');
      }
      if (typeof query === 'string' && named.id !== idOf(query)) {
        throw createError(
          'BAD_REQUEST',
          'extensions.persistedQuery.sha256Hash is not the SHA-256 hash of query in hexadecimal digits. Send the hash of the same text.',
        );
      }
      return params as P & { query: string };
    },

    /** Throws a GraphQLError for a document that is not in the list, where only those are allowed. */
    requireAllowed(text: string) {
      if (isListOnly && !listed.has(text)) {
        throw createError(
          'PERSISTED_DOCUMENTS_ONLY',
          'This server executes only the documents of its list. Send documentId with the id of one.',
        );
      }
    },

    /** Keeps the text of an automatic persisted query. To be called for valid operations of viewers, after `resolve`. */
    keep({ query, extensions }: SentParameters) {
      if (isListOnly || typeof query !== 'string' || query.length > LIMITS.keptDocument) return;
      const named = findNamedDocument({ extensions });
      if (named?.isAutomatic && !automatic.has(named.id) && !list.has(named.id))
        automatic.set(named.id, query);
    },
  };
}

/** Adds persisted documents to operations that Yoga parses. The others call `resolve` and `keep` themselves. */
export function usePersistedDocuments(documents: PersistedDocuments): Plugin<Session> {
  function keepDocumentOf({ contextValue }: { contextValue?: unknown }) {
    const { viewer, params } = contextValue as Session & { params?: SentParameters };
    if (viewer && params) documents.keep(params);
  }
  return {
    onRequestParse({ request }) {
      if (request.method !== 'GET') return;
      return {
        onRequestParseDone({ requestParserResult, setRequestParserResult }) {
          // Yoga reads the other parameters.
          const documentId = new URLSearchParams(request.url.split('?')[1]).get('documentId');
          if (documentId !== null) setRequestParserResult({ ...requestParserResult, documentId } as never);
        },
      };
    },
    onParams({ params, setParams }) {
      if (typeof params === 'object' && params !== null) setParams(documents.resolve(params));
    },
    // Every operation is parsed here, over whichever transport.
    onParse({ params: { source } }) {
      documents.requireAllowed(String(source));
    },
    onExecute({ args }) {
      keepDocumentOf(args);
    },
    onSubscribe({ args }) {
      keepDocumentOf(args);
    },
  };
}

/** True for parameters with an id in place of the text. */
export function namesDocument({ query, documentId, extensions }: SentParameters): boolean {
  return query === '' && (documentId != null || persistedQueryOf(extensions) != null);
}

/** Id of a document, as in the GraphQL-over-HTTP draft. */
export function idOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function findNamedDocument({ documentId, extensions }: SentParameters): NamedDocument | null {
  if (documentId != null) return { id: requireText(documentId, 'documentId'), isAutomatic: false };
  const persistedQuery = persistedQueryOf(extensions);
  if (persistedQuery == null) return null;
  // The form that graphql-ws proposes.
  if (typeof persistedQuery === 'string') return { id: persistedQuery, isAutomatic: false };
  const { sha256Hash } = persistedQuery as { sha256Hash?: unknown };
  const hash = requireText(sha256Hash, 'extensions.persistedQuery.sha256Hash');
  return { id: `sha256:${hash}`, isAutomatic: true };
}

function persistedQueryOf(extensions: unknown): unknown {
  return (extensions as { persistedQuery?: unknown } | null | undefined)?.persistedQuery;
}

function requireText(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw createError(
    'BAD_REQUEST',
    `${name} must be the id of a document, such as ${name === 'documentId' ? 'sha256:' : ''}<64 hexadecimal digits>.`,
  );
}

function withoutPrefix(id: string): string {
  return id.slice('sha256:'.length);
}

function createError(code: OperationErrorCode, message: string, status = 400): GraphQLError {
  // `spec`: the status is 200 for `Accept: application/json`, as of errors in a document.
  return new GraphQLError(message, { extensions: { code, http: { spec: true, status } } });
}
