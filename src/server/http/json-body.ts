import type { IncomingMessage } from 'node:http';
import type { OperationErrorCode } from '../../error-codes.ts';

const JSON_TYPE = /^application\/(graphql\+)?json\b/i;

/** A request body that can't be used. */
export class RequestBodyError extends Error {
  override readonly name = 'RequestBodyError';

  constructor(
    readonly status: 400 | 413,
    readonly code: OperationErrorCode,
    message: string,
  ) {
    super(message);
  }
}

export function hasJsonBody(request: IncomingMessage): boolean {
  return request.method === 'POST' && JSON_TYPE.test(request.headers['content-type'] ?? '');
}

/**
 * Reads and parses a body of at most `maxBytes`; throws RequestBodyError when it is no JSON object. Yoga would read it through
 * web streams, which takes longer than the rest of a small request.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<object> {
  if (Number(request.headers['content-length']) > maxBytes) throw createTooLargeError(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw createTooLargeError(maxBytes);
    chunks.push(chunk);
  }
  const body = parse(Buffer.concat(chunks).toString());
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestBodyError(
      400,
      'BAD_REQUEST',
      'The body must be one JSON object such as {"query": "{ viewer { __typename } }"}.',
    );
  }
  return body;
}

function createTooLargeError(maxBytes: number): RequestBodyError {
  return new RequestBodyError(
    413,
    'REQUEST_ENTITY_TOO_LARGE',
    `The body is too large: at most ${maxBytes} bytes are allowed. Send attachments as URLs.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new RequestBodyError(400, 'BAD_REQUEST', `The body is not JSON: ${reason}. Send one JSON object.`);
  }
}
