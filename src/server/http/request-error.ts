import type { ServerResponse } from 'node:http';
import type { OperationErrorCode } from '../../error-codes.ts';

/** A request that can't be used. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly status: 400 | 413 | 415,
    readonly code: OperationErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Answers with the error, and closes the connection: the rest of the request is not read. */
export function rejectRequest(response: ServerResponse, { status, code, message }: RequestError) {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(body);
}
