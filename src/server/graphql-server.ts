import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { createYoga, type YogaInitialContext } from 'graphql-yoga';
import type { Exposure } from '../config.ts';
import type { Viewers } from '../domain/core/viewer.ts';
import type { Services } from '../graphql/core/context.ts';
import { toClientError } from '../graphql/core/errors.ts';
import { schema } from '../graphql/schema.ts';
import { LIMITS } from '../limits.ts';
import type { SubscriptionEngine } from '../live/engine.ts';
import type { Log } from '../log.ts';
import type { Presence } from '../presence/presence.ts';
import type { Admission } from './admission.ts';
import type { Authenticate } from './authenticate.ts';
import type { Connections } from './connections.ts';
import { type Session, useExecution } from './execution.ts';
import { useOperationLimits } from './operation-limits.ts';
import { type PersistedDocuments, usePersistedDocuments } from './persisted-documents.ts';
import { useSchemaExposure } from './schema-exposure.ts';
import { useSubscriptionRule } from './subscription-rule.ts';
import { useUnacceptedStreamEnd } from './unaccepted-stream.ts';

export interface GraphQLServerOptions {
  services: Services;
  live: SubscriptionEngine;
  presence: Pick<Presence, 'trackConnection'>;
  connections: Pick<Connections, 'add'>;
  admission: Pick<Admission, 'countCost' | 'openSocket'>;
  viewers: Viewers;
  authenticate: Authenticate;
  log: Log;
  exposure: Pick<Exposure, 'introspection' | 'suggestions'>;
  documents: PersistedDocuments;
}

export type GraphQLServer = ReturnType<typeof createGraphQLServer>;

/** Initial context of an operation: a request over HTTP, or the session of a websocket. */
export type InitialContext = YogaInitialContext & Partial<Session>;

export function createGraphQLServer(options: GraphQLServerOptions) {
  const { services, live, presence, connections, admission, viewers, authenticate } = options;
  const { log, exposure, documents } = options;

  async function createSession({ request, viewer }: InitialContext): Promise<Session> {
    if (viewer !== undefined) return { viewer, claims: null };
    const claims = await authenticate(request?.headers.get('authorization'));
    return { claims, viewer: claims && (await viewers.requireViewer(claims)) };
  }

  return createYoga<Partial<Session>, Session>({
    schema,
    context: createSession,
    plugins: [
      useExecution({
        ...{ services, live, presence, connections, admission },
        hideSuggestions: !exposure.suggestions,
      }),
      usePersistedDocuments(documents),
      useOperationLimits(),
      useSubscriptionRule(),
      useSchemaExposure(exposure),
      useUnacceptedStreamEnd(),
    ],
    maskedErrors: { maskError: (error) => maskError(error, log) },
    // Attachments of messages are URLs, so that no uploads are needed.
    batching: false,
    multipart: false,
    maxRequestBodySize: LIMITS.requestBytes,
    // http/origin-rule.ts has the rule, also for answers that do not pass here.
    cors: false,
    // useOperationLimits has a cache that is weighed by memory, and keeps nothing that failed.
    parserAndValidationCache: false,
    // http/graphiql-handler.ts serves it: Yoga would render and send 9 MB for each request.
    graphiql: false,
    landingPage: false,
    healthCheckEndpoint: '/graphql/health',
    logging: {
      debug: (...args) => log.debug({ args }, 'graphql'),
      info: (...args) => log.debug({ args }, 'graphql'),
      warn: (...args) => log.warn({ args }, 'graphql'),
      // Clients are told of their own errors, which are frequent. Only faults of the server are logged as errors.
      error: (...args) =>
        log[args.every((arg) => toClientError(arg)) ? 'debug' : 'error']({ args }, 'graphql'),
    },
  });
}

/** Errors for the client are returned as they are. Others are logged and replaced by INTERNAL_SERVER_ERROR with the id of the log line. */
export function maskError(error: unknown, log: Log): GraphQLError {
  const clientError = toClientError(error);
  if (clientError) return clientError;
  const requestId = randomUUID();
  log.error(
    { err: error instanceof GraphQLError ? (error.originalError ?? error) : error, requestId },
    'an operation failed',
  );
  return new GraphQLError(
    `Something went wrong on our side. Try again. If it fails again, report the request id ${requestId}.`,
    {
      ...(error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {}),
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
    },
  );
}
