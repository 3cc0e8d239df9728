import { beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../support/gateway.ts';
import { insideOf, post, type Response, read } from '../../support/http.ts';
import { createOrganization, type TestOrganization } from '../../support/organization.ts';

// Invalid requests are rejected before any statement, with the reason and the limit.

let gateway: Gateway;
let organization: TestOrganization;
let authorization: string;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  authorization = `Bearer ${await gateway.tokenFor(organization.agent)}`;
  await gateway.ask(organization.agent, '{ viewer { identity { id } } }');
});

/** Posts a body that must be answered without a statement. */
async function send(body: string, headers: Record<string, string> = {}): Promise<Response> {
  gateway.statements();
  const response = await post(gateway, body, { authorization, headers });
  expect(gateway.statements()).toEqual([]);
  expect(insideOf(response.text)).toBeNull();
  return response;
}

const ask = (query: string) => send(JSON.stringify({ query }));

function rejection(code: string, message: RegExp | string) {
  const words: unknown =
    typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message);
  return { message: words, extensions: { code } };
}

function rejected(status: number, code: string, message: string) {
  return { status, errors: [rejection(code, message)] };
}

describe('a body that is no operation is rejected:', () => {
  test.each([
    ['invalid JSON', '{"query": "{ viewer', 'JSON'],
    ['an empty body', '', 'JSON'],
    ['a JSON array', '[{"query":"{ __typename }"}]', 'one JSON object'],
    ['null', 'null', 'one JSON object'],
    ['a JSON string', '"{ __typename }"', 'one JSON object'],
    ['a query that is a number', '{"query":5}', 'Expected "query" param to be a string'],
    [
      'variables that are a string',
      '{"query":"{ __typename }","variables":"x"}',
      'Expected "variables" param',
    ],
    [
      'variables that are an array',
      '{"query":"{ __typename }","variables":[]}',
      'Expected "variables" param',
    ],
    ['an unknown parameter', '{"query":"{ __typename }","sql":"x"}', 'Unexpected parameter "sql"'],
    ['a parameter of promises', '{"query":"{ __typename }","then":1}', 'Unexpected parameter "then"'],
    ['a parameter of promises and no query', '{"then":{}}', 'Unexpected parameter "then"'],
  ])('%s', async (_name, body, message) => {
    expect(await send(body)).toMatchObject(rejected(400, 'BAD_REQUEST', message));
  });

  test('a body without a query', async () => {
    expect((await send('{"variables":{}}')).errors).toMatchObject([
      { message: 'Must provide query string.' },
    ]);
    expect((await send('{}')).errors).toHaveLength(1);
  });

  test('a body of an unsupported content type', async () => {
    const answer = await send('<query/>', { 'content-type': 'application/xml' });
    expect(answer).toMatchObject(rejected(415, 'BAD_REQUEST', 'Send application/json'));
  });

  test('a body that is too large', async () => {
    const body = JSON.stringify({ query: `{ __typename ${' '.repeat(1_048_576)}}` });
    expect(await send(body)).toMatchObject(
      rejected(413, 'REQUEST_ENTITY_TOO_LARGE', 'at most 1048576 bytes'),
    );
    expect((await send(body.replace(' '.repeat(100), ''))).data).toEqual({ __typename: 'Query' });
  });
});

describe('a query string that is no operation is rejected:', () => {
  async function get(parameters: Record<string, string>): Promise<Response> {
    const response = await fetch(`${gateway.url}/graphql?${new URLSearchParams(parameters)}`, {
      headers: { authorization, accept: 'application/json' },
    });
    const answer = await read(response);
    expect(insideOf(answer.text)).toBeNull();
    return answer;
  }

  test.each(['variables', 'extensions'])('%s that are invalid JSON', async (name) => {
    const message = `The parameter ${name} of the query string is not JSON`;
    expect(await get({ query: '{ __typename }', [name]: '{"a":' })).toMatchObject(
      rejected(400, 'BAD_REQUEST', message),
    );
  });

  test('a mutation', async () => {
    const query = 'mutation { assignConversation(input: { conversationId: "x" }) { __typename } }';
    expect(await get({ query })).toMatchObject(rejected(405, 'BAD_REQUEST', 'POST'));
  });

  test('a character that GraphQL does not allow', async () => {
    expect((await get({ query: '\0' })).errors).toMatchObject([
      { message: 'Syntax Error: Unexpected character: U+0000.' },
    ]);
  });
});

describe('an invalid operation is rejected with the position:', () => {
  test.each([
    ['a syntax error', '{', 'GRAPHQL_PARSE_FAILED', 'Expected Name, found <EOF>'],
    ['an unknown field', '{ viewers { id } }', 'GRAPHQL_VALIDATION_FAILED', 'Did you mean "viewer"'],
    [
      'an unknown argument',
      '{ conversations(limit: 5) { totalCount } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Unknown argument "limit"',
    ],
    [
      'an unknown type',
      '{ viewer { identity { ... on Agent { id } } } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Unknown type "Agent"',
    ],
    [
      'a fragment that spreads itself',
      '{ ...a } fragment a on Query { ...a }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot spread fragment "a" within itself',
    ],
  ])('%s', async (_name, query, code, message) => {
    const { errors } = await ask(query);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code }, locations: [{ line: 1 }] },
    ]);
  });

  test('a document with several operations, of which none is named', async () => {
    const body = JSON.stringify({
      query: 'query A { __typename } query B { __typename }',
      operationName: 'C',
    });
    expect(await send(body)).toMatchObject(rejected(400, 'OPERATION_RESOLUTION_FAILURE', 'what operation'));
  });
});

describe('an operation that is too large is rejected with the limit:', () => {
  const many = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => one(index)).join(' ');

  test('20,000 tokens', async () => {
    expect((await ask(`{ ${many(20_000, () => 'x')} }`)).errors).toMatchObject([
      { message: expect.stringContaining('10000 tokens') },
    ]);
  });

  test.each([
    [500, 'breadth is 1000, at most 400', 'QUERY_TOO_COMPLEX'],
    [2_000, '10000 tokens', 'GRAPHQL_PARSE_FAILED'],
  ])('%i aliases', async (count, message, code) => {
    const { errors } = await ask(`{ ${many(count, (index) => `a${index}: viewer { __typename }`)} }`);
    expect(errors).toMatchObject([rejection(code, message)]);
  });

  test('a depth of 15', async () => {
    const deep = (levels: number) =>
      `${'contact { conversations { nodes { '.repeat(levels)} id ${'} } }'.repeat(levels)}`;
    const { data, errors } = await ask(`{ conversations(first: 1) { nodes { ${deep(4)} } } }`);
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([rejection('QUERY_TOO_COMPLEX', 'depth is 15, at most 12')]);
  });

  test('too many rows', async () => {
    const { data, errors } = await ask(
      '{ conversations(first: 100) { nodes { messages(first: 100) { nodes { id seq content } } } } }',
    );
    expect(data).toBeUndefined();
    expect(errors).toMatchObject([rejection('QUERY_TOO_COMPLEX', /complexity is \d+, at most 25000/)]);
  });

  test('fragments that multiply', async () => {
    const bomb = many(300, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`);
    const { errors } = await ask(`{ ...f0 } ${bomb} fragment f300 on Query { viewer { __typename } }`);
    expect(errors).toMatchObject([rejection('QUERY_TOO_COMPLEX', 'at most 400')]);
  });

  test.each([
    ['selections', (depth: number) => `${'{ viewer '.repeat(depth)}${'}'.repeat(depth)}`],
    ['fragments', (depth: number) => `${'{ ... '.repeat(depth)}{ __typename }${'}'.repeat(depth)}`],
    ['lists', (depth: number) => `{ nodes(ids: ${'['.repeat(depth)}${']'.repeat(depth)}) { id } }`],
    [
      'objects',
      (depth: number) =>
        `{ conversations(filter: ${'{ a: '.repeat(depth)}1${' }'.repeat(depth)}) { totalCount } }`,
    ],
    [
      'types of variables',
      (depth: number) => `query ($a: ${'['.repeat(depth)}Int${']'.repeat(depth)}) { __typename }`,
    ],
  ])('nested %s', async (_name, document) => {
    for (const depth of [101, 1_000, 3_000]) {
      expect(await ask(document(depth))).toMatchObject(
        rejected(200, 'GRAPHQL_PARSE_FAILED', 'nested deeper than 100 levels'),
      );
    }
  });

  test('recursive introspection', async () => {
    const circle =
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }';
    expect((await ask(circle)).errors).toMatchObject([{ message: 'Maximum introspection depth exceeded' }]);
  });
});
