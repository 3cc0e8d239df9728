import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { measureSelections } from '../../src/server/selection-size.ts';

test.each([
  ['{ a b { c } }', 3],
  ['{ ...F ...F } fragment F on Query { a b }', 4],
  ['{ ... { a ... on Query { b } } }', 2],
  ['query One { a } query Two { a b c }', 3],
  ['{ a } fragment Unused on Query { a b }', 2],
  // Not valid, and yet measured.
  ['{ ...F } fragment F on Query { a ...F }', 1],
  ['{ ...Missing a }', 1],
])('%s selects %i fields at most', (text, fields) => {
  expect(measureSelections(parse(text)).breadth).toBe(fields);
});

test('fragments that multiply are measured, not walked', () => {
  const bomb = Array.from(
    { length: 900 },
    (_, index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`,
  );
  const { breadth } = measureSelections(parse(`{ ...f0 } ${bomb.join(' ')} fragment f900 on Query { a }`));
  expect(breadth).toBeGreaterThan(1e200);
});

test.each([
  ['{ a b: a ...F } fragment F on Query { c: a { d: a } }', 3],
  ['{ a }', 0],
])('%s has %i aliases', (text, aliases) => {
  expect(measureSelections(parse(text)).aliases).toBe(aliases);
});

test.each([
  ['{ a @x @y b @x }', 2],
  ['query @x @y @z { a }', 3],
  ['query ($v: Int @x @y) { a }', 2],
  ['{ ...F @x ... @x @y { a } } fragment F on Query @x { a @x @y @z }', 3],
  ['{ a }', 0],
])('%s has %i directives in one place', (text, directives) => {
  expect(measureSelections(parse(text)).directives).toBe(directives);
});
