import type { IncomingMessage, ServerResponse } from 'node:http';
import { LIMITS } from '../../limits.ts';
import type { Admission } from '../admission.ts';
import { createFastPath, type FastPathOptions } from './fast-path.ts';
import type { HttpHandler } from './http-server.ts';
import { hasJsonBody, readJsonBody } from './json-body.ts';
import type { OriginRule } from './origin-rule.ts';
import { RequestError, rejectRequest, toShareError } from './request-error.ts';
import { checkParameters } from './request-json.ts';
import { isUsableHost, pathOf, toOriginForm } from './request-target.ts';

const PATHS = new Set(['/graphql', '/graphql/', '/graphql/health']);

export interface GraphQLHandlerOptions extends FastPathOptions {
  origins: OriginRule;
  admission: Pick<Admission, 'countRequest' | 'openSocketOfAddress'>;
}

/** Handles GraphQL over HTTP: on the fast path where it applies, otherwise by Yoga. */
export function createGraphQLHandler({ origins, admission, ...options }: GraphQLHandlerOptions): HttpHandler {
  const { graphql } = options;
  const handleOnFastPath = createFastPath(options);

  /** Throws when the viewer or the address has used up its share: before the body is read. */
  async function admit(request: IncomingMessage, response: ServerResponse) {
    await admission.countRequest(request);
    if (!request.headers.accept?.includes('text/event-stream')) return;
    const release = admission.openSocketOfAddress(request);
    if (response.destroyed) release();
    else response.once('close', release);
  }

  async function handleGraphQL(request: IncomingMessage, response: ServerResponse) {
    if (hasJsonBody(request)) {
      const body = await readBody(request);
      // Yoga would not notice that the client has disconnected while the body was read.
      if (response.destroyed || (await handleOnFastPath(request, response, body))) return;
      Object.assign(request, { body });
    } else if (request.method === 'POST') {
      throw new RequestError(
        415,
        'BAD_REQUEST',
        'The content type of the body is not supported. Send application/json.',
      );
    } else {
      checkParameters(request);
    }
    // Yoga builds a URL of the two.
    if (!isUsableHost(request.headers.host)) {
      throw new RequestError(400, 'BAD_REQUEST', 'The header Host is no host, such as chat.example.com.');
    }
    request.url = toOriginForm(request.url);
    await graphql(request, response);
  }

  return async function handle(request, response) {
    if (!PATHS.has(pathOf(request.url))) return response.writeHead(404).end();
    origins.setHeaders(request, response);
    if (request.method === 'OPTIONS') return origins.answerOptions(request, response);
    try {
      await admit(request, response);
      await handleGraphQL(request, response);
    } catch (error) {
      const reason = error instanceof RequestError ? error : toShareError(error);
      // Any other error means that the client has disconnected.
      if (reason) rejectRequest(response, reason);
      else response.destroy();
    }
  };
}

// Yoga takes a parsed body from the request, unless it has no keys.
async function readBody(request: IncomingMessage): Promise<object> {
  const body = await readJsonBody(request, LIMITS.requestBytes);
  return Object.keys(body).length > 0 ? body : { query: undefined };
}
