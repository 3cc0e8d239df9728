import { execute, getIntrospectionQuery, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { countIntrospectedValues } from '../../src/graphql/core/introspection-cost.ts';
import { checkOperation, fragmentsOf } from '../../src/graphql/core/operation-check.ts';
import { schema } from '../../src/graphql/schema.ts';
import { LIMITS } from '../../src/limits.ts';

// Anybody may read the schema, without a token, so that what is read is counted before it is made.

const OPTIONS = [
  'descriptions',
  'specifiedByUrl',
  'directiveIsRepeatable',
  'schemaDescription',
  'inputValueDeprecation',
  'oneOf',
] as const;

/** The standard query with each combination of its options: GraphiQL, codegen, Apollo, urql and Relay send one of these. */
const STANDARD = Array.from({ length: 2 ** OPTIONS.length }, (_, bits) =>
  getIntrospectionQuery(Object.fromEntries(OPTIONS.map((name, bit) => [name, Boolean(bits & (1 << bit))]))),
);

const aliases = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => one(index)).join(' ');

function count(text: string, variableValues = {}, max: number = Number.POSITIVE_INFINITY): number {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return countIntrospectedValues(
    { schema, operation, fragments: fragmentsOf(document), variableValues },
    max,
  );
}

/** Number of values in an answer: one for each field. */
function countValues(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countValues(item) - 1, 1);
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, item) => sum + countValues(item), 1);
}

function refusal(query: string) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  return checkOperation({ schema, document }).errors.map(({ extensions, message }) => ({
    code: extensions.code,
    message,
  }));
}

test('each standard introspection query takes at most half of what is allowed', () => {
  for (const query of STANDARD) {
    expect(refusal(query)).toEqual([]);
    expect(count(query)).toBeLessThan(LIMITS.introspectedValues / 2);
  }
});

test('the count is the number of values in the answer', async () => {
  const queries = [
    STANDARD.at(-1) ?? '',
    '{ __schema { queryType { name fields { name args { name type { name ofType { name } } } } } } }',
    '{ a: __type(name: "Conversation") { ...T } b: __type(name: "Nothing") { ...T } } fragment T on __Type { fields(includeDeprecated: true) { name type { kind } } interfaces { name } }',
    '{ __type(name: "ConversationFilter") { inputFields(includeDeprecated: true) { name type { name enumValues(includeDeprecated: true) { name } } } } }',
    '{ __schema { directives { name locations args { name } } } viewerless: __typename }',
  ];
  for (const query of queries) {
    const { data, errors } = await execute({ schema, document: parse(query) });
    expect(errors).toBeUndefined();
    const { viewerless: _, ...introspected } = { viewerless: null, ...data };
    expect(count(query), query).toBe(countValues(introspected) - 1);
  }
});

describe('is refused:', () => {
  const inner = (size: number) => `fragment B on __Type { ${aliases(size, (index) => `b${index}: name`)} }`;
  const cases: [string, (size: number) => string][] = [
    [
      'aliases in two fragments on __Type',
      (size) =>
        `{ __schema { types { ...A } } } fragment A on __Type { ${aliases(size, (index) => `a${index}: fields { type { ...B } }`)} } ${inner(size)}`,
    ],
    [
      'the same with inline fragments',
      (size) =>
        `{ __schema { types { ... on __Type { ${aliases(size, (index) => `a${index}: fields { type { ...B } }`)} } } } } ${inner(size)}`,
    ],
    [
      'fields of fields of one type',
      (size) =>
        `{ __type(name: "Conversation") { ${aliases(size, (index) => `a${index}: fields { type { fields { type { ...B } } } }`)} } } ${inner(size)}`,
    ],
    [
      'arguments and input fields',
      (size) =>
        `{ __schema { mutationType { ${aliases(size, (index) => `a${index}: fields { args { type { ofType { inputFields { type { ...B } } } } } }`)} } } } ${inner(size)}`,
    ],
    [
      'values of enums',
      (size) =>
        `{ __schema { ${aliases(size, (index) => `a${index}: types { enumValues { ...V } }`)} } } fragment V on __EnumValue { ${aliases(size, (index) => `v${index}: name`)} }`,
    ],
    [
      'the whole schema',
      (size) =>
        `{ ${aliases(size, (index) => `a${index}: __schema { types { ...T } }`)} } fragment T on __Type { name fields { name type { ...B } } } ${inner(size)}`,
    ],
  ];

  test.each(cases)('%s', (_name, query) => {
    for (const size of [30, 100]) {
      expect(refusal(query(size))).toEqual([
        {
          code: 'QUERY_TOO_COMPLEX',
          message: expect.stringContaining(`${LIMITS.introspectedValues} values`),
        },
      ]);
    }
  });

  test('fragments that multiply, without walking them', () => {
    const doubling = aliases(
      900,
      (index) => `fragment f${index} on __Type { ...f${index + 1} ...f${index + 1} }`,
    );
    expect(
      count(`{ __schema { types { ...f0 } } } ${doubling} fragment f900 on __Type { name }`, {}, 1_000),
    ).toBe(Number.POSITIVE_INFINITY);
  });
});

test('a type named by a variable is counted', () => {
  const query = 'query ($name: String!) { __type(name: $name) { fields { name } } }';
  expect(count(query, { name: 'Conversation' })).toBeGreaterThan(30);
  expect(count(query, { name: 'Nothing' })).toBe(1);
});

test('other fields cost nothing here', () => {
  expect(count('{ viewer { identity { id } } __typename }')).toBe(0);
  expect(count('subscription { presence { availability } }')).toBe(0);
});
