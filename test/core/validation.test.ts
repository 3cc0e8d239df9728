import { describe, expect, test } from 'vitest';
import { isCountryCode } from '../../src/domain/contact/country-code.ts';
import { createValidation, isEmail, type Validation } from '../../src/domain/core/validation.ts';
import { InvalidInputError } from '../../src/errors.ts';
import { readCursor } from '../../src/feed/cursor.ts';
import { schema } from '../../src/graphql/schema.ts';
import { LIMITS } from '../../src/limits.ts';

/** Issues of a check, as `path code`. */
function issuesOf(check: (validation: Validation) => unknown): string[] {
  const validation = createValidation();
  check(validation);
  try {
    validation.finish();
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.issues.map(({ path, code }) => `${path.slice(1).join('.')} ${code}`);
  }
}

/** A text or list of this length that throws when anything but its length is read. */
function unreadable<T>(length: number): T {
  return new Proxy([], {
    get(_target, name) {
      if (name === 'length') return length;
      throw new Error(`${String(name)} was read`);
    },
  }) as T;
}

const TEXT_CHECKS: Record<string, (validation: Validation, value: string) => unknown> = {
  text: (validation, value) => validation.text('x', value, LIMITS.message),
  requiredText: (validation, value) => validation.requiredText('x', value, LIMITS.message),
  email: (validation, value) => validation.email('x', value),
  phoneNumber: (validation, value) => validation.phoneNumber('x', value),
  'url of a file': (validation, value) => validation.url('x', value),
  'url of a website': (validation, value) => validation.url('x', value, 'web'),
};

describe('a value that is too long is one issue, and is not looked at', () => {
  test.each(Object.entries(TEXT_CHECKS))('%s', (_name, check) => {
    expect(issuesOf((validation) => check(validation, unreadable(1_000_000)))).toEqual(['x TOO_LONG']);
  });

  test('list: no entry is checked', () => {
    const entries = unreadable<string[]>(300_000);
    const check = (validation: Validation) =>
      validation.list('x', entries, 50, () => validation.addIssue('y', 'REQUIRED', ''));
    expect(issuesOf(check)).toEqual(['x TOO_MANY']);
  });

  test('email addresses and country codes elsewhere', () => {
    expect(isEmail(unreadable(321))).toBe(false);
    expect(isCountryCode(unreadable(3))).toBe(false);
  });

  test('cursors', () => {
    const keys = { epoch: new Uint8Array(8), cursorKey: new Uint8Array(32) };
    expect(readCursor(keys, unreadable(1_000_000))).toBeNull();
  });
});

// Texts on which a pattern with two ways to match the same part takes quadratic time or worse.
const HOSTILE: Record<string, (length: number) => string> = {
  'dots between two @': (length) => `a@${'.'.repeat(length)}@`,
  'many @': (length) => '@'.repeat(length),
  digits: (length) => `+${'1'.repeat(length)}x`,
  'white space': (length) => `${' '.repeat(length)}x`,
  'white space at both ends': (length) => `${' '.repeat(length)}x${'\t'.repeat(length)}x`,
  'fractions of a second': (length) => `2026-01-01T00:00:00.${'0'.repeat(length)}`,
  subtags: (length) => 'a-'.repeat(length),
  colons: (length) => `data:${':'.repeat(length)}`,
  base64: (length) => `data:image/png;base64,${'='.repeat(length)}A`,
  codecs: (length) => `data:audio/ogg;codecs=${'a,'.repeat(length)}`,
  'newlines in a scheme': (length) => `java${'\n'.repeat(length)}script:1`,
};

const scalar = (name: string) => (value: string) => {
  const type = schema.getType(name) as unknown as { parseValue(value: unknown): unknown };
  try {
    type.parseValue(value);
  } catch {
    // Refused, which takes time as well.
  }
};

const WHOLE_CHECKS: Record<string, (value: string) => unknown> = {
  ...Object.fromEntries(
    Object.entries(TEXT_CHECKS).map(([name, check]) => [
      name,
      (value: string) => check(createValidation(), value),
    ]),
  ),
  isEmail,
  object: (value) => createValidation().object('x', { value, [value]: [value] }, Number.MAX_SAFE_INTEGER),
  DateTime: scalar('DateTime'),
  UUID: scalar('UUID'),
  readCursor: (value) => readCursor({ epoch: new Uint8Array(8), cursorKey: new Uint8Array(32) }, value),
};

describe('the time of a check grows with the length of a hostile text, not with its square', () => {
  const LENGTH = 5_000;
  const TIMES = 8;

  function timeOf(run: () => void): number {
    const samples = Array.from({ length: 3 }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    });
    return Math.min(...samples);
  }

  test.each(Object.entries(WHOLE_CHECKS))('%s', (_name, check) => {
    for (const [kind, build] of Object.entries(HOSTILE)) {
      const [short, long] = [build(LENGTH), build(LENGTH * TIMES)];
      check(short);
      // Linear: 8 times as long. Quadratic: 64 times, and then at least 100 ms.
      const bound = 3 * TIMES * timeOf(() => check(short)) + 20;
      expect(
        timeOf(() => check(long)),
        kind,
      ).toBeLessThan(bound);
    }
  });
});

describe('an email address', () => {
  test.each([
    'ana@example.com',
    'a@b.c',
    'a.b+c@d-e.f',
    "o'hara@example.com",
    'ä@ö.ü',
    `${'x'.repeat(308)}@example.com`,
  ])('%s is one', (text) => {
    expect(isEmail(text)).toBe(true);
  });

  test.each([
    '',
    '@',
    'a@',
    '@b.c',
    'a@b',
    'a@.c',
    'a@b.',
    'a b@c.d',
    'a@b@c.d',
    'a@b.c\n',
    'a@b.c\u0007',
    `${'x'.repeat(309)}@example.com`,
  ])('%j is none', (text) => {
    expect(isEmail(text)).toBe(false);
  });
});

describe('issues', () => {
  test('the first 20 are told, and the message says how many more there are', () => {
    const validation = createValidation();
    for (let index = 0; index < 1_000; index++) validation.addIssue(`x.${index}`, 'REQUIRED', 'is empty.');
    const error = (() => {
      try {
        validation.finish();
      } catch (thrown) {
        return thrown;
      }
    })() as InvalidInputError;
    expect(error.issues).toHaveLength(20);
    expect(error.message).toMatch(/^input\.x\.0: is empty\. .* There are 980 more issues\.$/);
  });
});

test('a JSON object holds no text that a browser would run as a URL, however it is written', () => {
  for (const text of [
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' \u0001javascript:alert(1)',
    'java\nscript\t:alert(1)',
    'vbscript:x',
    'data:text/html,<script>',
    'data:image/svg+xml;base64,AAAA',
    'DATA:text/html;base64,AAAA',
  ]) {
    const value = { items: [{ title: 'x' }, { title: 'y', actions: [{ uri: text }] }] };
    const validation = createValidation();
    validation.object('contentAttributes', value, 65_536);
    expect(() => validation.finish(), text).toThrow('at items.1.actions.0.uri');
  }
  for (const text of [
    'https://example.com/?q=javascript:1',
    'mailto:a@b.c',
    'Data: 5, 6',
    'a: javascript:',
    'data:image/png;base64,AAAA',
  ]) {
    expect(
      issuesOf((validation) => validation.object('x', { text }, 65_536)),
      text,
    ).toEqual([]);
  }
});
