import type { IncomingMessage } from 'node:http';

const JSON_TYPE = /^application\/(graphql\+)?json\b/i;

/** A body that can't be used, and the HTTP status that says so. */
export class RequestBodyError extends Error {
  override readonly name = 'BodyError';

  constructor(
    readonly status: 400 | 413,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function hasJsonBody(request: IncomingMessage): boolean {
  return request.method === 'POST' && JSON_TYPE.test(request.headers['content-type'] ?? '');
}

/**
 * Reads and parses a JSON body of at most `maxBytes`, without the web streams that Yoga would put it through: they take longer
 * than all else of a small request.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<object> {
  if (Number(request.headers['content-length']) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
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

function tooLarge(maxBytes: number): RequestBodyError {
  return new RequestBodyError(
    413,
    'REQUEST_ENTITY_TOO_LARGE',
    `The body is too large: at most ${maxBytes} bytes are allowed. Send attachments as addresses, not inside.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    throw new RequestBodyError(400, 'BAD_REQUEST', `The body is not JSON: ${reason}.`);
  }
}
