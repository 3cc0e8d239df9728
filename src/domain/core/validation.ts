import type { InputIssueCode } from '../../error-codes/mutation-errors.ts';
import { type InputIssue, InvalidInputError } from '../../errors.ts';

export type Validation = ReturnType<typeof createValidation>;

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE_NUMBER = /^\+[1-9]\d{4,14}$/;

/**
 * Collects all issues of an input, so that a form can show them at once. Paths are dotted and relative to `root`: `answers.0.value`.
 * Issue messages continue the sentence that begins with the field's name.
 */
export function createValidation(root = 'input') {
  const issues: InputIssue[] = [];

  function addIssue(path: string, code: InputIssueCode, message: string) {
    issues.push({ code, message, path: [root, ...path.split('.')] });
  }

  function text(path: string, value: string | null | undefined, max: number) {
    if (value != null && value.length > max) {
      addIssue(path, 'TOO_LONG', `has ${value.length} characters; at most ${max} are allowed.`);
    }
  }

  return {
    addIssue,
    /** Checks an optional text. `max` is in characters. */
    text,
    /** Checks a required text, which must not be blank. `max` is in characters. */
    requiredText(path: string, value: string | null | undefined, max: number) {
      if (value == null || value.trim() === '') {
        addIssue(path, 'REQUIRED', `is empty; give 1 to ${max} characters.`);
      }
      text(path, value, max);
    },
    /** Checks a field that can be left out but not cleared. */
    notNull(path: string, value: unknown) {
      if (value === null) addIssue(path, 'REQUIRED', 'can not be cleared.');
    },
    list(path: string, values: readonly unknown[] | null | undefined, max: number) {
      if (values && values.length > max) {
        addIssue(path, 'TOO_MANY', `has ${values.length} entries; at most ${max} are allowed.`);
      }
    },
    /** Checks an optional JSON object of at most `maxBytes`. */
    object(path: string, value: unknown, maxBytes: number) {
      if (value == null) return;
      if (typeof value !== 'object' || Array.isArray(value)) {
        addIssue(path, 'NOT_AN_OBJECT', 'must be a JSON object.');
        return;
      }
      const bytes = Buffer.byteLength(JSON.stringify(value));
      if (bytes > maxBytes) {
        addIssue(path, 'TOO_LONG', `takes ${bytes} bytes as JSON; at most ${maxBytes} are allowed.`);
      }
    },
    email(path: string, value: string | null | undefined) {
      if (value != null && !isEmail(value)) {
        addIssue(path, 'NOT_AN_EMAIL', 'is not an email address such as ana@example.com.');
      }
    },
    phoneNumber(path: string, value: string | null | undefined) {
      if (value != null && !PHONE_NUMBER.test(value)) {
        addIssue(
          path,
          'NOT_A_PHONE_NUMBER',
          'is not a phone number in international form such as +14155550123.',
        );
      }
    },
    url(path: string, value: string | null | undefined, max: number) {
      text(path, value, max);
      if (value != null && !/^(https?|data|blob):/i.test(value)) {
        addIssue(path, 'NOT_A_URL', 'must begin with https:, http: or data:.');
      }
    },
    /** Throws InvalidInputError when there are issues. */
    finish() {
      if (issues.length > 0) throw new InvalidInputError(issues);
    },
  };
}

export function isEmail(value: string): boolean {
  return EMAIL.test(value);
}

/** An error with a single issue, for checks inside a transaction. */
export function createInputError(path: string, code: InputIssueCode, message: string): InvalidInputError {
  return new InvalidInputError([{ code, message, path: ['input', ...path.split('.')] }]);
}
