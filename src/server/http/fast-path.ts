import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DocumentNode, type ExecutionResult, getOperationAST } from 'graphql';
import { type FetchAPI, type GraphQLParams, processRegularResult } from 'graphql-yoga';
import type { Log } from '../../log.ts';
import { type GraphQLServer, maskError } from '../graphql-server.ts';

const PATH = '/graphql';
const JSON_ANSWER = 'application/json';
const GRAPHQL_ANSWER = 'application/graphql-response+json';

// What clients commonly accept, and the type that Yoga chooses for it. undefined: no such header.
const ANSWERS = new Map<string | undefined, typeof JSON_ANSWER | typeof GRAPHQL_ANSWER>([
  [undefined, JSON_ANSWER],
  ['*/*', JSON_ANSWER],
  [JSON_ANSWER, JSON_ANSWER],
  [GRAPHQL_ANSWER, GRAPHQL_ANSWER],
  [`${GRAPHQL_ANSWER}, ${JSON_ANSWER}`, GRAPHQL_ANSWER],
  [`${GRAPHQL_ANSWER},${JSON_ANSWER};q=0.9`, GRAPHQL_ANSWER],
]);
const BODY = /^application\/json(; ?charset=utf-8)?$/i;
const PARAMETERS = new Set(['query', 'variables', 'operationName', 'extensions']);

export interface FastPathOptions {
  graphql: GraphQLServer;
  allowedOrigins: string[] | undefined;
  log: Log;
}

export type FastPath = ReturnType<typeof createFastPath>;

/**
 * Answers the common request, a query or mutation posted as JSON, as Yoga would, with Yoga's own plugins, but without the
 * machinery of a Request and a Response around it: a tenth of the time of the inbox page. Resolves with false, and has
 * written nothing and executed nothing, where the request is anything else; Yoga then answers.
 */
export function createFastPath({ graphql, allowedOrigins, log }: FastPathOptions) {
  return async (request: IncomingMessage, response: ServerResponse, params: object): Promise<boolean> => {
    const type = ANSWERS.get(request.headers.accept);
    if (!type || !isPlain(request) || !isOperation(params)) return false;
    const run = prepare(graphql, request, params);
    if (!run) return false;
    const result = await run().catch((error: unknown) => ({ errors: [maskError(error, log)] }));
    const { body, status, headers } = processRegularResult(
      result,
      RAW_FETCH_API,
      type,
    ) as unknown as RawResponse;
    response
      .writeHead(status, {
        ...headers,
        ...crossOriginHeaders(request.headers.origin, allowedOrigins),
        'content-length': Buffer.byteLength(body),
      })
      .end(body);
    return true;
  };
}

// Preflights, and what is asked of them, are Yoga's.
function isPlain({ url, headers }: IncomingMessage): boolean {
  return (
    url === PATH &&
    BODY.test(headers['content-type'] ?? '') &&
    headers['access-control-request-method'] === undefined &&
    headers['access-control-request-headers'] === undefined
  );
}

function isOperation(params: object): params is GraphQLParams & { query: string } {
  const { query, variables, operationName, extensions } = params as Record<string, unknown>;
  return (
    typeof query === 'string' &&
    isMap(variables) &&
    isMap(extensions) &&
    (operationName == null || typeof operationName === 'string') &&
    Object.keys(params).every((name) => PARAMETERS.has(name))
  );
}

function isMap(value: unknown): boolean {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}

// Yoga keeps documents, and what validation says of them; to look that up for each request takes a hundredth of its time.
const valid = new WeakSet<DocumentNode>();

/** How to execute the operation; null where there is none that can be: why, Yoga says. */
function prepare(
  graphql: GraphQLServer,
  { method, headers }: IncomingMessage,
  params: GraphQLParams & { query: string },
): (() => Promise<ExecutionResult>) | null {
  // As much of a Request as the plugins look at.
  const request = { method, headers: { get: (name: string) => headers[name] ?? null } };
  const { schema, parse, validate, contextFactory, execute } = graphql.getEnveloped({ request, params });
  const { operationName, variables: variableValues } = params;
  try {
    const document = parse(params.query);
    const operation = getOperationAST(document, operationName)?.operation;
    if (!operation || operation === 'subscription') return null;
    if (!valid.has(document) && validate(schema, document).length > 0) return null;
    valid.add(document);
    return async () =>
      execute({ schema, document, operationName, variableValues, contextValue: await contextFactory() });
  } catch {
    return null;
  }
}

interface RawResponse {
  body: string;
  status: number;
  headers: Record<string, string>;
}

// Stands where Yoga would make a Response: that is what takes long.
const RAW_FETCH_API = {
  Response: function raw(body: string, { status, headers }: Omit<RawResponse, 'body'>): RawResponse {
    return { body, status, headers };
  },
} as unknown as FetchAPI;

// As Yoga's plugin for CORS has it.
function crossOriginHeaders(
  origin: string | undefined,
  allowed: string[] | undefined,
): Record<string, string> {
  if (origin === undefined) return {};
  const echo = { 'access-control-allow-origin': origin, vary: 'Origin' };
  if (!allowed) return echo;
  const credentials = { 'access-control-allow-credentials': 'true' };
  if (allowed.includes('*')) return { ...echo, ...credentials };
  const [only = origin] = allowed;
  if (allowed.length === 1) return { 'access-control-allow-origin': only, ...credentials };
  return allowed.includes(origin)
    ? { ...echo, ...credentials }
    : { 'access-control-allow-origin': 'null', ...credentials };
}
