import pino from 'pino';
import { describeError, maskText } from './logged-error.ts';

export type Log = pino.Logger;

const MAX_LIST = 10;
// Names of fields whose values are never logged, whatever they hold.
const SECRET_NAME =
  /authorization|cookie|token|secret|password|email|phone|content|text|body|headers|query|variables|params/i;

/**
 * Writes JSON lines to standard error; standard output is for people and for scripts. At no level do lines tell tokens, texts, or addresses
 * of people: of errors they hold what `describeError` leaves, of other objects the class.
 */
export function createLog(level: string, destination?: pino.DestinationStream): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: describeFields },
      // Errors are described already; pino's own serializer would copy all of their fields.
      serializers: { err: (described) => described },
      hooks: { logMethod: logWithoutMessageOfError },
    },
    destination ?? openStandardError(),
  );
}

// Where standard error is a full disk or a closed pipe, lines are lost, and the process goes on.
function openStandardError(): pino.DestinationStream {
  const destination = pino.destination(2);
  destination.on('error', () => undefined);
  return destination;
}

function describeFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, describeField(name, value)]),
  );
}

function describeField(name: string, value: unknown): unknown {
  if (value instanceof Error || name === 'err') return describeError(value);
  if (typeof value === 'string') return SECRET_NAME.test(name) ? '[redacted]' : maskText(value);
  if (Array.isArray(value)) return value.slice(0, MAX_LIST).map((item) => describeField(name, item));
  if (typeof value === 'object' && value !== null) return `[${value.constructor?.name ?? 'object'}]`;
  return value;
}

// With an error as the first argument pino would take its message for the line's, as it is.
function logWithoutMessageOfError(this: Log, args: Parameters<pino.LogFn>, method: pino.LogFn) {
  const [first, ...rest] = args as [unknown, ...unknown[]];
  if (first instanceof Error)
    method.call(this, { err: first }, ...(rest.length > 0 ? rest.map(String) : ['an error']));
  else method.apply(this, args);
}
