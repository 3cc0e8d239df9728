// Failures of the database that are no fault of a statement, told by the codes of PostgreSQL and of Prisma.

// serialization_failure, deadlock_detected, lock_not_available; then Prisma's codes for a deadlock or write conflict, and for a
// transaction that got no connection in time or took too long.
const CONFLICTS = new Set(['40001', '40P01', '55P03', 'P2034', 'P2028']);
// too_many_connections, cannot_connect_now; then Prisma's codes for an unreachable database and for too many connections. A connection that
// breaks is none of these: it may have broken in COMMIT, after the change was made.
const UNAVAILABLE = new Set(['53300', '57P03', 'P1001', 'P2037']);
// query_canceled, by statement_timeout.
const CANCELED = '57014';
// The pool's errors have no code: all connections were taken, and a new one was not made in time.
const POOL_TIMEOUT =
  /timeout exceeded when trying to connect|Connection terminated due to connection timeout/;

// A connection that broke, or was silent for too long: texts of `pg`, and codes of the socket.
const CONNECTION_BROKE =
  /Connection terminated|Query read timeout|Client (has encountered a connection error|was closed) and is not queryable|Cannot use a pool after calling end/;
const SOCKET_CODES = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);
// Kinds that Prisma makes of these.
const SOCKET_KINDS = new Set(['ConnectionClosed', 'SocketTimeout', 'DatabaseNotReachable']);

/** `conflict`: the same transaction can succeed when it is run again. `unavailable`: no connection. `timeout`: the statement took too long. */
export type DatabaseFailure = 'conflict' | 'unavailable' | 'timeout';

/** The kind of failure; null for any other error. */
export function toDatabaseFailure(error: unknown): DatabaseFailure | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const codes = codesOf(cause);
    if (codes.some((code) => CONFLICTS.has(code))) return 'conflict';
    if (codes.includes(CANCELED)) return 'timeout';
    if (codes.some((code) => UNAVAILABLE.has(code)) || isPoolTimeout(cause)) return 'unavailable';
  }
  return null;
}

/** Whether the pool had no connection to give within its time. */
export function isPoolTimeout(error: unknown): boolean {
  return error instanceof Error && POOL_TIMEOUT.test(error.message);
}

/** Whether the connection broke. What was changed in a transaction is then rolled back, unless COMMIT was sent. */
export function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  const { kind } = (cause ?? {}) as { kind?: unknown };
  return (
    CONNECTION_BROKE.test(error.message) || SOCKET_CODES.has(String(code)) || SOCKET_KINDS.has(String(kind))
  );
}

/** The error of a connection that broke before anything was changed, as PostgreSQL has it when it accepts none. */
export class NoConnectionError extends Error {
  override readonly name = 'NoConnectionError';
  // Prisma passes on an error of PostgreSQL, which has these fields.
  readonly code = '53300';
  readonly severity = 'FATAL';

  constructor(options: ErrorOptions) {
    super('the connection to the database broke', options);
  }
}

// Prisma puts PostgreSQL's code in different places for its own queries, for raw ones, and for COMMIT.
function codesOf(error: object): string[] {
  const { code, originalCode, meta, cause } = error as Record<string, unknown>;
  const own = [code, originalCode].filter((value) => typeof value === 'string');
  const nested = [meta, cause, (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError];
  return [...own, ...nested.flatMap((value) => (value && typeof value === 'object' ? codesOf(value) : []))];
}
