import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNestedDeeper } from '../../src/server/json-depth.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('the depth is that of the parsed value, whatever its texts hold', () => {
  const text = fc.oneof(
    fc.string({ unit: fc.constantFrom('[', '{', '}', ']', '"', '\\', 'ü') }),
    fc.string(),
  );
  const value = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 6 }, text, fc.integer(), tie('list'), tie('object')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  })).value;
  fc.assert(
    fc.property(value, fc.boolean(), (value, isIndented) => {
      const json = JSON.stringify(value, null, isIndented ? 1 : 0);
      const depth = depthOf(value);
      expect(isNestedDeeper(json, depth)).toBe(false);
      if (depth > 0) expect(isNestedDeeper(json, depth - 1)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('a text of a megabyte is judged, however it is nested, quoted or broken off', () => {
  for (const part of ['[', '{"a":', '[1,', ']', '"', '\\', '"\\']) {
    const text = part.repeat(1_048_576 / part.length);
    expect(isNestedDeeper(text, 200)).toBe(/^[[{]/.test(part));
  }
});
