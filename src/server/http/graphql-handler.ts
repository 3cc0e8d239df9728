import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_REQUEST_BYTES } from '../graphql-server.ts';
import { createFastPath, type FastPathOptions } from './fast-path.ts';
import type { HttpHandler } from './http-server.ts';
import { hasJsonBody, RequestBodyError, readJsonBody } from './json-body.ts';

/** Answers GraphQL over HTTP. */
export function createGraphQLHandler(options: FastPathOptions): HttpHandler {
  const { graphql, allowedOrigins } = options;
  const handleOnFastPath = createFastPath(options);
  return async (request, response) => {
    try {
      if (hasJsonBody(request)) {
        const body = await readBody(request);
        // Yoga would not notice that the client is gone already.
        if (response.destroyed || (await handleOnFastPath(request, response, body))) return;
        Object.assign(request, { body });
      }
      await graphql(request, response);
    } catch (error) {
      // Any other error: the client hung up.
      if (error instanceof RequestBodyError) refuse(response, error, originFor(request, allowedOrigins));
      else response.destroy();
    }
  };
}

// Yoga takes a body that is parsed already, unless it is empty.
async function readBody(request: IncomingMessage): Promise<object> {
  const body = await readJsonBody(request, MAX_REQUEST_BYTES);
  return Object.keys(body).length > 0 ? body : { query: undefined };
}

function refuse(
  response: ServerResponse,
  { status, code, message }: RequestBodyError,
  origin: string | undefined,
) {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  response
    .writeHead(status, {
      'content-type': 'application/json',
      // What is left of the body is not read: the connection can't be used again.
      connection: 'close',
      ...(origin === undefined ? {} : { 'access-control-allow-origin': origin }),
    })
    .end(body);
}

// So that a page on another origin can read what was wrong.
function originFor({ headers }: IncomingMessage, allowedOrigins: string[] | undefined): string | undefined {
  if (!allowedOrigins) return '*';
  return allowedOrigins.find((origin) => origin === headers.origin);
}
