import type { ServerResponse } from 'node:http';
import { type GraphQLServer, MAX_REQUEST_BYTES } from './graphql-server.ts';
import type { Handler } from './http.ts';
import { BodyError, hasJsonBody, readJsonBody } from './json-body.ts';

/** Answers GraphQL over HTTP. */
export function createGraphQLHandler(graphql: GraphQLServer): Handler {
  return async (request, response) => {
    if (!hasJsonBody(request)) return graphql(request, response);
    try {
      const body = await readJsonBody(request, MAX_REQUEST_BYTES);
      // Yoga takes a body that is parsed already, unless it is empty.
      return graphql(
        Object.assign(request, { body: Object.keys(body).length > 0 ? body : { query: '' } }),
        response,
      );
    } catch (error) {
      // Any other error: the client hung up.
      if (error instanceof BodyError) refuse(response, error);
      else response.destroy();
    }
  };
}

function refuse(response: ServerResponse, { status, code, message }: BodyError) {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  // What is left of the body is not read: the connection can't be used again.
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
}
