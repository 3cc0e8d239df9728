import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createDocumentCache } from '../../src/server/document-cache.ts';

const MAX_BYTES = 1_000_000;

function fill(cache: ReturnType<typeof createDocumentCache>, text: string, tokens: number): DocumentNode {
  const document = parse(text);
  cache.note(document, { text, tokens });
  cache.keep(document, []);
  return document;
}

test('a valid document is found by its text', () => {
  const cache = createDocumentCache(MAX_BYTES);
  const document = fill(cache, '{ __typename }', 3);
  expect(cache.get('{ __typename }')).toBe(document);
  expect(cache.errorsOf(document)).toEqual([]);
});

test('the weight of a document is its memory, not its length', () => {
  const cache = createDocumentCache(MAX_BYTES);
  // The same length: one long name, or hundreds of tokens.
  fill(cache, `{ ${'x'.repeat(400)} }`, 3);
  const light = cache.bytes();
  fill(cache, `{ ${'x '.repeat(200)} }`, 202);
  expect(cache.bytes() - light).toBeGreaterThan(20 * light);
});

test('many different documents never weigh more than the limit', () => {
  const cache = createDocumentCache(MAX_BYTES);
  for (let index = 0; index < 400; index++) fill(cache, `{ a${index} ${'a '.repeat(100)} }`, 103);
  expect(cache.bytes()).toBeLessThanOrEqual(MAX_BYTES);
  expect(cache.count()).toBeLessThan(10);
  expect(cache.get(`{ a399 ${'a '.repeat(100)} }`)).toBeDefined();
});

test('a document that is larger than the cache is not kept', () => {
  const cache = createDocumentCache(MAX_BYTES);
  fill(cache, '{ small }', 3);
  fill(cache, '{ large }', 2_000);
  expect(cache.get('{ large }')).toBeUndefined();
  expect(cache.get('{ small }')).toBeDefined();
});

test('an invalid document is forgotten after the next two', () => {
  const cache = createDocumentCache(MAX_BYTES);
  const errors = [new GraphQLError('wrong')];
  const texts = ['{ a }', '{ b }', '{ c }'];
  for (const text of texts) {
    const document = parse(text);
    cache.note(document, { text, tokens: 3 });
    cache.keep(document, errors);
    expect(cache.errorsOf(document)).toBe(errors);
  }
  expect(texts.map((text) => cache.get(text) !== undefined)).toEqual([false, true, true]);
  expect(cache.bytes()).toBe(0);
});
