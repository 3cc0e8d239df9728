import type { IncomingMessage } from 'node:http';
import { RequestError } from './request-error.ts';
import { parseJson } from './request-json.ts';

const JSON_TYPE = /^application\/(graphql\+)?json\b/i;

export function hasJsonBody(request: IncomingMessage): boolean {
  return request.method === 'POST' && JSON_TYPE.test(request.headers['content-type'] ?? '');
}

/**
 * Reads and parses a body of at most `maxBytes`; throws RequestError when it is no JSON object. Yoga would read it through
 * web streams, which takes longer than the rest of a small request.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<object> {
  const { 'content-length': length, 'content-encoding': encoding = 'identity' } = request.headers;
  if (encoding !== 'identity') {
    throw new RequestError(415, 'BAD_REQUEST', 'The body is compressed. Send it without Content-Encoding.');
  }
  if (Number(length) > maxBytes) throw createTooLargeError(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw createTooLargeError(maxBytes);
    chunks.push(chunk);
  }
  const body = parseJson(Buffer.concat(chunks).toString(), 'The body');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestError(
      400,
      'BAD_REQUEST',
      'The body must be one JSON object such as {"query": "{ viewer { __typename } }"}.',
    );
  }
  // Yoga would take it for a promise, and fail.
  if ('then' in body) {
    throw new RequestError(400, 'BAD_REQUEST', 'Unexpected parameter "then" in the request body.');
  }
  return body;
}

function createTooLargeError(maxBytes: number): RequestError {
  return new RequestError(
    413,
    'REQUEST_ENTITY_TOO_LARGE',
    `The body is too large: at most ${maxBytes} bytes are allowed. Send attachments as URLs.`,
  );
}
