import type { InputIssueCode } from '../../error-codes/mutation-errors.ts';
import { type InputIssue, InvalidInputError } from '../../errors.ts';
import { LIMITS } from '../../limits.ts';
import { findScriptUrl, normalizeUrl, type UrlKind } from './url.ts';

export type Validation = ReturnType<typeof createValidation>;

const PHONE_NUMBER = /^\+[1-9]\d{4,14}$/;
const EXPECTED_URL = {
  web: 'is not the URL of a website such as https://example.com/. It begins with https: or http:, and has no user name or password.',
  media:
    'is not a URL that can be used: it must begin with https: or http:, without user name and password, or be a picture, sound or film such as data:image/png;base64,….',
} as const satisfies Record<UrlKind, string>;

/**
 * Collects the issues of an input, so that a form can show them at once: the first 20 of them. Paths are dotted and relative to `root`:
 * `answers.0.value`. Issue messages continue the sentence that begins with the field's name. A value that is too long is an
 * issue, and nothing else looks at it: neither at the text nor at the entries of the list. So the cost of a check is bounded
 * by the limits, and not by what a client sends.
 */
export function createValidation(root = 'input') {
  const issues: InputIssue[] = [];
  let omitted = 0;

  function addIssue(path: string, code: InputIssueCode, message: string) {
    if (issues.length < LIMITS.errors) issues.push({ code, message, path: [root, ...path.split('.')] });
    else omitted += 1;
  }

  /** Checks an optional text, and returns whether it is short enough. `max` is in characters. */
  function text(path: string, value: string | null | undefined, max: number): boolean {
    const fits = value == null || value.length <= max;
    if (!fits) addIssue(path, 'TOO_LONG', `has ${value.length} characters; at most ${max} are allowed.`);
    return fits;
  }

  /** Checks the size of a JSON value, and returns whether it is small enough. */
  function jsonSize(path: string, value: unknown, maxBytes: number): boolean {
    const bytes = Buffer.byteLength(JSON.stringify(value));
    const fits = bytes <= maxBytes;
    if (!fits) addIssue(path, 'TOO_LONG', `takes ${bytes} bytes as JSON; at most ${maxBytes} are allowed.`);
    return fits;
  }

  return {
    addIssue,
    text,
    jsonSize,
    /** Checks a required text, which must not be blank. `max` is in characters. */
    requiredText(path: string, value: string | null | undefined, max: number) {
      if (!text(path, value, max)) return;
      if (value == null || value.trim() === '') {
        addIssue(path, 'REQUIRED', `is empty; give 1 to ${max} characters.`);
      }
    },
    /** Checks a field that can be left out but not cleared. */
    notNull(path: string, value: unknown) {
      if (value === null) addIssue(path, 'REQUIRED', 'can not be cleared.');
    },
    /**
     * Checks an optional list, and returns whether it is short enough. Only then its entries are checked, each with its path. This
     * is the only way to walk a list of an input.
     */
    list<T>(
      path: string,
      values: readonly T[] | null | undefined,
      max: number,
      checkEntry: (path: string, entry: T) => void = () => {},
    ): boolean {
      if (!values) return true;
      if (values.length > max) {
        addIssue(path, 'TOO_MANY', `has ${values.length} entries; at most ${max} are allowed.`);
        return false;
      }
      for (const [index, entry] of values.entries()) checkEntry(`${path}.${index}`, entry);
      return true;
    },
    /** Checks an optional JSON object of at most `maxBytes`, which must not hold a URL that runs, such as javascript:. */
    object(path: string, value: unknown, maxBytes: number) {
      if (value == null) return;
      if (typeof value !== 'object' || Array.isArray(value)) {
        addIssue(path, 'NOT_AN_OBJECT', 'must be a JSON object.');
        return;
      }
      const script = jsonSize(path, value, maxBytes) ? findScriptUrl(value) : null;
      if (script !== null) {
        addIssue(path, 'NOT_A_URL', `has a text that a browser would run when it is a link, at ${script}.`);
      }
    },
    /** Checks an optional email address, and its length. */
    email(path: string, value: string | null | undefined) {
      if (value != null && text(path, value, LIMITS.address) && !isEmail(value)) {
        addIssue(path, 'NOT_AN_EMAIL', 'is not an email address such as ana@example.com.');
      }
    },
    phoneNumber(path: string, value: string | null | undefined) {
      if (value != null && text(path, value, LIMITS.address) && !PHONE_NUMBER.test(value)) {
        addIssue(
          path,
          'NOT_A_PHONE_NUMBER',
          'is not a phone number in international form such as +14155550123.',
        );
      }
    },
    /** Checks an optional URL, and its length as given and as stored: `toStoredUrl` returns the form to store. */
    url(path: string, value: string | null | undefined, kind: UrlKind = 'media') {
      if (value == null || !text(path, value, LIMITS.url)) return;
      const url = normalizeUrl(value, kind);
      if (url === null) addIssue(path, 'NOT_A_URL', EXPECTED_URL[kind]);
      else text(path, url, LIMITS.url);
    },
    /** Throws InvalidInputError when there are issues. */
    finish() {
      if (issues.length > 0) throw new InvalidInputError(issues, omitted);
    },
  };
}

/** Whether it looks like an email address of at most 320 characters. One pass: a pattern would try every dot for every @. */
export function isEmail(value: string): boolean {
  if (value.length > LIMITS.address || /[\s\p{Cc}]/u.test(value)) return false;
  const at = value.indexOf('@');
  if (at < 1 || value.includes('@', at + 1)) return false;
  const dot = value.indexOf('.', at + 2);
  return dot > 0 && dot < value.length - 1;
}

/** A URL that has been checked, as it is stored. Null and undefined stay. */
export function toStoredUrl<T extends string | null | undefined>(value: T, kind: UrlKind = 'media') {
  return value == null ? value : (normalizeUrl(value, kind) ?? value);
}

/** An error with a single issue, for checks inside a transaction. */
export function createInputError(path: string, code: InputIssueCode, message: string): InvalidInputError {
  return new InvalidInputError([{ code, message, path: ['input', ...path.split('.')] }]);
}
