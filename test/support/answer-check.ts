import { INPUT_ISSUES } from '../../src/error-codes/mutation-errors.ts';
import { CLOSE_CODES, OPERATION_ERRORS } from '../../src/error-codes.ts';

// Compares what a client is answered with the tables of src/error-codes.ts.

/** Codes in a JSON body or message that the tables do not contain. `status`: the HTTP status, if any. */
export function findUnknownCodes(text: string, status?: number): string[] {
  if (!/"(errors|error|issues)"/.test(text)) return [];
  const answer = parseObject(text);
  if (!answer) return [];
  const result = answer.type === 'next' ? asObject(answer.payload) : answer;
  const errors = answer.type === 'error' ? answer.payload : result.errors;
  return [
    ...(Array.isArray(errors) ? unknownErrors(errors, status) : []),
    ...unknownIssues(result.data).map((code) => `input issue ${code}`),
  ];
}

/** The close code and reason when the server never closes a websocket with them; null when it does. */
export function findUnknownClose(code: number, reason: string): string | null {
  const isKnown = Object.values(CLOSE_CODES).some(
    (close) => close.code === code && (close.reason === null || close.reason === reason),
  );
  return isKnown ? null : `close code ${code} with the reason "${reason}"`;
}

function unknownErrors(errors: readonly unknown[], status: number | undefined): string[] {
  const codes = errors.map((error) => String(asObject(asObject(error).extensions).code));
  const unknown = codes.filter((code) => !(code in OPERATION_ERRORS));
  const statuses = Object.entries(OPERATION_ERRORS).flatMap(([code, description]) =>
    codes.includes(code) ? [...description.statuses] : [],
  );
  return [
    ...unknown.map((code) => `error code ${code} of ${JSON.stringify(errors)}`),
    ...(status === undefined || unknown.length > 0 || statuses.some((known) => known === status)
      ? []
      : [`status ${status} with ${codes}`]),
  ];
}

function unknownIssues(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === 'issues' && Array.isArray(inner) ? inner.map(codeOf).filter((code) => !isIssue(code)) : []),
    ...unknownIssues(inner),
  ]);
}

// An alias may hide the code, and a test need not select it.
function codeOf(issue: unknown): string {
  return String(asObject(issue).code ?? 'REQUIRED');
}

function isIssue(code: string): boolean {
  return code in INPUT_ISSUES;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
