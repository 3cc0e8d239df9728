const MAX_TEXT = 500;
const MAX_MESSAGE = 2_000;
const MAX_FRAMES = 20;
const MAX_DEPTH = 4;

/**
 * Describes an error for the log, without the values that a request brought. Libraries put them everywhere: PostgreSQL into `detail` and
 * `where`, PGlite into `params`, Prisma and graphql-js into messages, ioredis into `command.args`, passwords included.
 * So nothing is copied but what is listed here, and quotations are cut from messages.
 */
export function describeError(error: unknown, depth = 1): object {
  if (typeof error !== 'object' || error === null) return { type: typeof error };
  const { name, cause, meta, errors, originalError } = error as ErrorFields;
  const causes = [
    cause ?? originalError ?? meta?.driverAdapterError,
    ...(Array.isArray(errors) ? errors : []),
  ]
    .filter((inner) => typeof inner === 'object' && inner !== null)
    .slice(0, MAX_DEPTH);
  return {
    type: typeof name === 'string' ? maskText(name) : 'object',
    ...describeCode(error as ErrorFields),
    ...(error instanceof Error ? { message: messageOf(error), stack: framesOf(error) } : {}),
    ...(causes.length > 0 && depth < MAX_DEPTH
      ? { causes: causes.map((inner) => describeError(inner, depth + 1)) }
      : {}),
  };
}

interface ErrorFields {
  name?: unknown;
  code?: unknown;
  kind?: unknown;
  originalCode?: unknown;
  syscall?: unknown;
  severity?: unknown;
  extensions?: { code?: unknown };
  cause?: unknown;
  originalError?: unknown;
  constraint?: unknown;
  errors?: unknown;
  meta?: { driverAdapterError?: unknown };
}

/** Masks tokens, email addresses and phone numbers, URLs with a password among them, and shortens the text. */
export function maskText(text: string): string {
  return text
    .slice(0, MAX_TEXT)
    .replace(/\bey[\w-]{10,}(\.[\w-]*){0,4}/g, '[token]')
    .replace(/\b(Bearer|Basic) [^\s"']+/gi, '$1 [token]')
    .replace(/[^\s"'`<>()=,;@]{1,200}@[^\s"'`<>()=,;@]{1,200}/g, '[address]')
    .replace(/\+\d[\d ().-]{5,20}\d/g, '[address]');
}

// Codes are words of a library, such as P2002, 23505 or ECONNREFUSED.
function describeCode({ code, extensions, originalCode, kind, constraint }: ErrorFields): object {
  const found = [code, originalCode, extensions?.code].find((one) => /^\w{1,50}$/.test(String(one ?? '')));
  return {
    ...(found === undefined ? {} : { code: found }),
    ...(typeof kind === 'string' ? { kind: maskText(kind) } : {}),
    ...(typeof constraint === 'string' ? { constraint: maskText(constraint) } : {}),
  };
}

function messageOf(error: Error): string {
  if (quotesOnlyNames(error)) return maskText(error.message);
  // Cut to length first: a message may quote a request of a megabyte.
  const text = error.message.slice(0, MAX_MESSAGE);
  // graphql-js shows values without quotation marks as well. The client is told all of it.
  if (error.name === 'GraphQLError') return maskText(text.replace(/["'{[].*|(?<=value).*/s, '…'));
  const isCut = error.message.length > MAX_MESSAGE;
  const unquoted = cutQuotation(cutQuotation(text, /"/, '"', isCut), /(?<![\w)])'/, "'", isCut)
    // "Key (email)=(a@example.com) already exists", "Failing row contains (…)", and Prisma's "Message: `…`".
    .replace(/(=|contains )\(.*/s, '$1(…)')
    .replace(/Message: `.*/s, 'Message: …');
  return maskText(unquoted);
}

/** Cuts from the first quotation mark to the last, as a quoted text may contain some; to the end when the closing one may be missing. */
function cutQuotation(text: string, opening: RegExp, mark: string, isCut: boolean): string {
  const [first, last] = [text.search(opening), text.lastIndexOf(mark)];
  if (first === -1) return text;
  return `${text.slice(0, first)}${mark}…${mark}${last > first && !isCut ? text.slice(last + 1) : ''}`;
}

// Messages that quote names of files, columns, constraints or variables, which operators need.
function quotesOnlyNames(error: Error): boolean {
  const { code, syscall, severity } = error as ErrorFields;
  if (syscall !== undefined) return true;
  // PostgreSQL quotes values in errors about data (22…) and in those of functions (P0…).
  if (severity !== undefined) return /^(?!22|P0)\w{5}$/.test(String(code));
  const isOfEngine =
    error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return isOfEngine && code === undefined;
}

/** Places in the code, without the message above them. */
function framesOf({ stack }: Error): string[] {
  const lines = typeof stack === 'string' ? stack.split('\n') : [];
  return lines
    .filter((line) => /^ {4}at .*(:\d+:\d+|<anonymous>)\)?$/.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => maskText(line.trim()));
}
