import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { createYoga, type YogaInitialContext } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Viewers } from '../domain/core/viewer.ts';
import type { Services } from '../graphql/core/context.ts';
import { toClientError } from '../graphql/core/errors.ts';
import { schema } from '../graphql/schema.ts';
import type { SubscriptionEngine } from '../live/engine.ts';
import type { Log } from '../log.ts';
import type { Presence } from '../presence/presence.ts';
import type { Authenticate } from './authenticate.ts';
import { type Session, useExecution } from './execution.ts';
import { renderGraphiQL } from './graphiql.ts';
import { exampleTabs } from './graphiql-examples.ts';
import { useOperationLimits, useQueryStringErrors } from './operation-limits.ts';

export const MAX_REQUEST_BYTES = 1_048_576;
// Of the texts of operations that are kept parsed and validated.
const MAX_CACHED_BYTES = 16 * 1_048_576;

export interface GraphQLServerOptions {
  services: Services;
  live: SubscriptionEngine;
  presence: Pick<Presence, 'trackConnection'>;
  viewers: Viewers;
  authenticate: Authenticate;
  log: Log;
  /** Origins of pages that may call; undefined allows all, since no cookie gives rights. */
  allowedOrigins: string[] | undefined;
  /** A token that GraphiQL begins with. */
  graphiqlToken: string | undefined;
}

export type GraphQLServer = ReturnType<typeof createGraphQLServer>;

/** What of the initial context of an operation says who asks: a request over HTTP, or a session of a websocket. */
export type InitialContext = YogaInitialContext & Partial<Session>;

export function createGraphQLServer(options: GraphQLServerOptions) {
  const { services, live, presence, viewers, authenticate, log, allowedOrigins, graphiqlToken } = options;

  async function session({ request, viewer }: InitialContext): Promise<Session> {
    if (viewer !== undefined) return { viewer };
    const claims = await authenticate(request?.headers.get('authorization'));
    return { viewer: claims && (await viewers.requireViewer(claims)) };
  }

  return createYoga<Partial<Session>, Session>({
    schema,
    context: session,
    plugins: [useExecution({ services, live, presence }), useOperationLimits(), useQueryStringErrors()],
    maskedErrors: { maskError: (error) => maskError(error, log) },
    // One answer per request, and no uploads: what is attached to a message is an address.
    batching: false,
    multipart: false,
    maxRequestBodySize: MAX_REQUEST_BYTES,
    cors: allowedOrigins ? { origin: allowedOrigins } : { origin: '*', credentials: false },
    parserAndValidationCache: { documentCache: boundedCache() as never, errorCache: boundedCache() as never },
    graphiql: {
      title: 'Parley',
      subscriptionsProtocol: 'WS',
      defaultTabs: exampleTabs(graphiqlToken),
      shouldPersistHeaders: true,
    },
    renderGraphiQL,
    landingPage: false,
    healthCheckEndpoint: '/graphql/health',
    logging: {
      debug: (...args) => log.debug({ args }, 'graphql'),
      info: (...args) => log.debug({ args }, 'graphql'),
      warn: (...args) => log.warn({ args }, 'graphql'),
      // What is a client's fault it is told; of theirs there are many, and of ours one is not to be overlooked.
      error: (...args) =>
        log[args.every((arg) => toClientError(arg)) ? 'debug' : 'error']({ args }, 'graphql'),
    },
  });
}

/** Hides faults of ours behind an id, under which the log has them. */
export function maskError(error: unknown, log: Log): GraphQLError {
  const shown = toClientError(error);
  if (shown) return shown;
  const requestId = randomUUID();
  log.error(
    { err: error instanceof GraphQLError ? (error.originalError ?? error) : error, requestId },
    'an operation failed',
  );
  return new GraphQLError(
    `Something went wrong on our side. Try again; if it stays, tell us the request id ${requestId}.`,
    {
      ...(error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {}),
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
    },
  );
}

function boundedCache() {
  return new LRUCache<string, object>({
    maxSize: MAX_CACHED_BYTES,
    sizeCalculation: (_document, text) => Math.max(1, text.length),
  });
}
