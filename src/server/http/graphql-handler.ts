import type { IncomingMessage, ServerResponse } from 'node:http';
import { LIMITS } from '../../limits.ts';
import { createFastPath, type FastPathOptions } from './fast-path.ts';
import type { HttpHandler } from './http-server.ts';
import { hasJsonBody, RequestBodyError, readJsonBody } from './json-body.ts';

/** Handles GraphQL over HTTP: on the fast path where it applies, otherwise by Yoga. */
export function createGraphQLHandler(options: FastPathOptions): HttpHandler {
  const { graphql, allowedOrigins } = options;
  const handleOnFastPath = createFastPath(options);
  return async function handle(request, response) {
    try {
      if (hasJsonBody(request)) {
        const body = await readBody(request);
        // Yoga would not notice that the client has disconnected while the body was read.
        if (response.destroyed || (await handleOnFastPath(request, response, body))) return;
        Object.assign(request, { body });
      }
      await graphql(request, response);
    } catch (error) {
      // Any other error means that the client has disconnected.
      if (error instanceof RequestBodyError)
        rejectBody(response, error, allowedOriginFor(request, allowedOrigins));
      else response.destroy();
    }
  };
}

// Yoga takes a parsed body from the request, unless it has no keys.
async function readBody(request: IncomingMessage): Promise<object> {
  const body = await readJsonBody(request, LIMITS.requestBytes);
  return Object.keys(body).length > 0 ? body : { query: undefined };
}

function rejectBody(
  response: ServerResponse,
  { status, code, message }: RequestBodyError,
  allowedOrigin: string | undefined,
) {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  response
    .writeHead(status, {
      'content-type': 'application/json',
      // The rest of the body is not read, so that the connection can't be reused.
      connection: 'close',
      ...(allowedOrigin === undefined ? {} : { 'access-control-allow-origin': allowedOrigin }),
    })
    .end(body);
}

// Without the CORS header a page of another origin could not read the error.
function allowedOriginFor({ headers }: IncomingMessage, allowedOrigins: string[] | undefined) {
  if (!allowedOrigins) return '*';
  return allowedOrigins.find((origin) => origin === headers.origin);
}
