import { type InputIssue, InvalidInputError } from '../../errors.ts';

export type Validation = ReturnType<typeof createValidation>;

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE_NUMBER = /^\+[1-9]\d{4,14}$/;

/** Collects all that is wrong with an input, so that a form can show it at once. Paths begin at `input`. */
export function createValidation(root = 'input') {
  const issues: InputIssue[] = [];

  function addIssue(path: string, code: string, message: string) {
    issues.push({ code, message, path: [root, ...path.split('.')] });
  }

  function text(path: string, value: string | null | undefined, max: number) {
    if (value != null && value.length > max) {
      addIssue(path, 'TOO_LONG', `has ${value.length} characters; at most ${max} are allowed.`);
    }
  }

  return {
    addIssue,
    /** Text that may be absent. */
    text,
    /** Text that must be there and hold more than blanks. */
    requiredText(path: string, value: string | null | undefined, max: number) {
      if (value == null || value.trim() === '') {
        addIssue(path, 'REQUIRED', `is empty; give 1 to ${max} characters.`);
      }
      text(path, value, max);
    },
    /** What may be left out, and not be cleared. */
    notNull(path: string, value: unknown) {
      if (value === null) addIssue(path, 'REQUIRED', 'can not be cleared.');
    },
    list(path: string, values: readonly unknown[] | null | undefined, max: number) {
      if (values && values.length > max) {
        addIssue(path, 'TOO_MANY', `has ${values.length} entries; at most ${max} are allowed.`);
      }
    },
    /** A JSON object of a bounded size. */
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
    /** Throws InvalidInputError when anything was refused. */
    finish() {
      if (issues.length > 0) throw new InvalidInputError(issues);
    },
  };
}

/** Whether it looks like an email address. */
export function isEmail(value: string): boolean {
  return EMAIL.test(value);
}

/** For a single fault that is only found on the way. */
export function createInputError(path: string, code: string, message: string): InvalidInputError {
  return new InvalidInputError([{ code, message, path: ['input', ...path.split('.')] }]);
}
