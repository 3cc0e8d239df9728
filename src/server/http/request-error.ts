import type { ServerResponse } from 'node:http';
import type { OperationErrorCode } from '../../error-codes.ts';
import { RateLimitedError, TooManyOpenError } from '../../errors.ts';

/** A request that can't be used. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly status: 400 | 413 | 415 | 429,
    readonly code: OperationErrorCode,
    message: string,
    /** Seconds until the same request can succeed. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** Answers with the error, and closes the connection: the rest of the request is not read. */
export function rejectRequest(response: ServerResponse, { status, code, message, retryAfter }: RequestError) {
  if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
  // An undefined value is left out.
  const body = JSON.stringify({ errors: [{ message, extensions: { code, retryAfter } }] });
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
}

/** A share that is used up, as an answer to its request; null for any other error. */
export function toShareError(error: unknown): RequestError | null {
  if (error instanceof RateLimitedError) {
    return new RequestError(429, 'RATE_LIMITED', error.message, error.retryAfter);
  }
  return error instanceof TooManyOpenError
    ? new RequestError(429, 'TOO_MANY_OPERATIONS', error.message)
    : null;
}
