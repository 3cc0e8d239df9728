import type { Answer, Gateway } from './gateway.ts';

export interface Response {
  status: number;
  /** The raw body. */
  text: string;
  errors: NonNullable<Answer['errors']>;
  data: Answer['data'];
}

/** Posts a raw body to /graphql; `authorization` is the header's value. */
export async function post(
  { url }: Pick<Gateway, 'url'>,
  body: string,
  { authorization, headers = {} }: { authorization?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}), ...headers },
    body,
  });
  return read(response);
}

export async function read(response: globalThis.Response): Promise<Response> {
  const text = await response.text();
  const { errors = [], data } = (text.startsWith('{') ? JSON.parse(text) : {}) as Partial<Answer>;
  return { status: response.status, text, errors, data };
}

// Traces of the implementation: stacks, SQL, Prisma, file names.
const INSIDE =
  /prisma|\bSELECT\b|\bINSERT\b|\bUPDATE\b|postgres|pglite|syntax error at|invocation|node_modules|node:internal|\/src\/|\.ts:\d|\bat [\w.<>]+ \(|RangeError|TypeError|call stack|Something went wrong|INTERNAL_SERVER_ERROR/i;

/** The first trace of the implementation in an answer; null if there is none. */
export function insideOf(text: string): string | null {
  return INSIDE.exec(text)?.[0] ?? null;
}
