import { GraphQLError } from 'graphql';
import { toDatabaseFailure } from '../../db/failure.ts';
import { OPERATION_ERRORS, type OperationErrorCode } from '../../error-codes.ts';
import {
  BadArgumentError,
  BusyError,
  ContactBlockedError,
  ForbiddenError,
  NotFoundError,
  QueryTimeoutError,
  RateLimitedError,
  ResultTooLargeError,
  TooManyOpenError,
  UnauthenticatedError,
} from '../../errors.ts';
import { LIMITS } from '../../limits.ts';

// Errors that are no members of result unions: they go into `errors` of the response, with a code.
const CLIENT_ERRORS = new Map<unknown, OperationErrorCode>([
  [UnauthenticatedError, 'UNAUTHENTICATED'],
  [ForbiddenError, 'FORBIDDEN'],
  // Of mutations whose result union has no such member.
  [ContactBlockedError, 'FORBIDDEN'],
  [BadArgumentError, 'BAD_USER_INPUT'],
  [NotFoundError, 'NOT_FOUND'],
  [BusyError, 'BUSY'],
  [QueryTimeoutError, 'QUERY_TOO_COMPLEX'],
  [RateLimitedError, 'RATE_LIMITED'],
  [ResultTooLargeError, 'QUERY_TOO_COMPLEX'],
  [TooManyOpenError, 'TOO_MANY_OPERATIONS'],
]);
const BUSY_RETRY_SECONDS = 1;

/** Returns the error as clients see it, or null for a fault of the server, which is masked. */
export function toClientError(error: unknown): GraphQLError | null {
  const original = toKnownError(unwrapError(error));
  const code = original instanceof Error ? CLIENT_ERRORS.get(original.constructor) : undefined;
  if (code && original instanceof Error) {
    const [status = 200] = OPERATION_ERRORS[code].statuses;
    const retryAfter = retrySecondsOf(original);
    const where =
      error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
    return new GraphQLError(original.message, {
      ...where,
      extensions: {
        code,
        ...(original instanceof BadArgumentError ? { argument: original.argument } : {}),
        ...(retryAfter === undefined ? {} : { retryAfter }),
        ...(status === 200 ? {} : { http: { status, ...toRetryHeaders(retryAfter) } }),
      },
    });
  }
  return isClientError(error, original) ? withCode(error) : null;
}

/** The error of a database that is too busy, or that ended a query, as what a client may be told. */
function toKnownError(error: unknown): unknown {
  switch (toDatabaseFailure(error)) {
    case 'conflict':
    case 'unavailable':
      return new BusyError({ cause: error });
    case 'timeout':
      return new QueryTimeoutError({ cause: error });
    default:
      return error;
  }
}

/** Seconds after which the same operation can succeed. */
function retrySecondsOf(error: Error): number | undefined {
  if (error instanceof RateLimitedError) return error.retryAfter;
  return error instanceof BusyError ? BUSY_RETRY_SECONDS : undefined;
}

function toRetryHeaders(retryAfter: number | undefined) {
  return retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } };
}

// graphql-js gives no code to its errors about variables and arguments.
function withCode(error: GraphQLError): GraphQLError {
  if (error.extensions.code !== undefined) return error;
  const where = { nodes: error.nodes ?? null, path: error.path ?? null };
  return new GraphQLError(error.message, { ...where, extensions: { code: 'BAD_USER_INPUT' } });
}

// graphql-js wraps thrown errors, its own included: an error about a variable is wrapped twice.
function unwrapError(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? unwrapError(error.originalError) : error;
}

// True for our own errors with a code, and for those of graphql-js about the operation: before execution, or with a location in the
// document. An error of graphql-js during execution without a location, such as a result that is no Int, is a fault of the server.
function isClientError(error: unknown, original: unknown): error is GraphQLError {
  if (!(error instanceof GraphQLError) || !(original instanceof GraphQLError)) return false;
  return original.extensions.code !== undefined || original.nodes !== undefined || error.path === undefined;
}

/** The error with a message that is short enough: graphql-js repeats wrong values in whole. */
export function withShortMessage(error: GraphQLError): GraphQLError {
  if (error.message.length <= LIMITS.errorMessage) return error;
  const { nodes, source, positions, path, extensions } = error;
  const message = `${error.message.slice(0, LIMITS.errorMessage - 1)}…`;
  return new GraphQLError(message, { nodes, source, positions, path, extensions });
}
