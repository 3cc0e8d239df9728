import { beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../support/gateway.ts';
import { insideOf, post, type Response, read } from '../../support/http.ts';
import { createOrganization, type TestOrganization } from '../../support/organization.ts';

// Requests that are no operation, or too large a one: refused before anything is read, with what is wrong and the limit.

let gateway: Gateway;
let organization: TestOrganization;
let authorization: string;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  authorization = `Bearer ${await gateway.tokenFor(organization.agent)}`;
  await gateway.ask(organization.agent, '{ viewer { identity { id } } }');
});

/** The answer to a body, of which nothing came from the database. */
async function send(body: string, headers: Record<string, string> = {}): Promise<Response> {
  gateway.statements();
  const response = await post(gateway, body, { authorization, headers });
  expect(gateway.statements()).toEqual([]);
  expect(insideOf(response.text)).toBeNull();
  return response;
}

const ask = (query: string) => send(JSON.stringify({ query }));

function refusal(code: string, message: RegExp | string) {
  const words: unknown =
    typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message);
  return { message: words, extensions: { code } };
}

function refused(status: number, code: string, message: string) {
  return { status, errors: [refusal(code, message)] };
}

describe('a body that is no operation', () => {
  test.each([
    ['of broken JSON', '{"query": "{ viewer', 'JSON'],
    ['that is empty', '', 'JSON'],
    ['of JSON that is a list', '[{"query":"{ __typename }"}]', 'one JSON object'],
    ['of JSON that is null', 'null', 'one JSON object'],
    ['of JSON that is a text', '"{ __typename }"', 'one JSON object'],
    ['whose query is a number', '{"query":5}', 'Expected "query" param to be a string'],
    [
      'whose variables are a text',
      '{"query":"{ __typename }","variables":"x"}',
      'Expected "variables" param',
    ],
    ['whose variables are a list', '{"query":"{ __typename }","variables":[]}', 'Expected "variables" param'],
    ['with something else in it', '{"query":"{ __typename }","sql":"x"}', 'Unexpected parameter "sql"'],
  ])('%s is refused', async (_name, body, message) => {
    expect(await send(body)).toMatchObject(refused(400, 'BAD_REQUEST', message));
  });

  test('without a query is refused', async () => {
    expect((await send('{"variables":{}}')).errors).toMatchObject([
      { message: 'Must provide query string.' },
    ]);
    expect((await send('{}')).errors).toHaveLength(1);
  });

  test('of a type that is not known is refused', async () => {
    expect((await send('<query/>', { 'content-type': 'application/xml' })).status).toBe(415);
  });

  test('of more bytes than are taken is refused', async () => {
    const body = JSON.stringify({ query: '{ __typename }', variables: { text: 'x'.repeat(1_048_576) } });
    expect(await send(body)).toMatchObject(refused(413, 'REQUEST_ENTITY_TOO_LARGE', 'at most 1048576 bytes'));
    expect((await send(body.replace('x'.repeat(100), ''))).data).toEqual({ __typename: 'Query' });
  });
});

describe('a query string that is no operation', () => {
  async function get(parameters: Record<string, string>): Promise<Response> {
    const response = await fetch(`${gateway.url}/graphql?${new URLSearchParams(parameters)}`, {
      headers: { authorization, accept: 'application/json' },
    });
    const answer = await read(response);
    expect(insideOf(answer.text)).toBeNull();
    return answer;
  }

  test.each(['variables', 'extensions'])('whose %s are broken JSON is refused', async (name) => {
    const message = 'variables and extensions of the query string must be JSON objects';
    expect(await get({ query: '{ __typename }', [name]: '{"a":' })).toMatchObject(
      refused(400, 'BAD_REQUEST', message),
    );
  });

  test('that would change something is refused', async () => {
    const query = 'mutation { assignConversation(input: { conversationId: "x" }) { __typename } }';
    expect(await get({ query })).toMatchObject(refused(405, 'BAD_REQUEST', 'POST'));
  });

  test('with a character that has no place there is refused', async () => {
    expect((await get({ query: '\0' })).errors).toMatchObject([
      { message: 'Syntax Error: Unexpected character: U+0000.' },
    ]);
  });
});

describe('an operation that can not be read', () => {
  test.each([
    ['with a syntax error', '{', 'GRAPHQL_PARSE_FAILED', 'Expected Name, found <EOF>'],
    ['with an unknown field', '{ viewers { id } }', 'GRAPHQL_VALIDATION_FAILED', 'Did you mean "viewer"'],
    [
      'with an unknown argument',
      '{ conversations(limit: 5) { totalCount } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Unknown argument "limit"',
    ],
    [
      'with an unknown type',
      '{ viewer { identity { ... on Agent { id } } } }',
      'GRAPHQL_VALIDATION_FAILED',
      'Unknown type "Agent"',
    ],
    [
      'with a fragment in itself',
      '{ ...a } fragment a on Query { ...a }',
      'GRAPHQL_VALIDATION_FAILED',
      'Cannot spread fragment "a" within itself',
    ],
  ])('%s is refused with where it stands', async (_name, query, code, message) => {
    const { errors } = await ask(query);
    expect(errors).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code }, locations: [{ line: 1 }] },
    ]);
  });

  test('of which it is unclear which is meant is refused', async () => {
    const body = JSON.stringify({
      query: 'query A { __typename } query B { __typename }',
      operationName: 'C',
    });
    expect(await send(body)).toMatchObject(refused(400, 'OPERATION_RESOLUTION_FAILURE', 'what operation'));
  });
});

describe('an operation that is too large is refused with the limit', () => {
  const many = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => one(index)).join(' ');

  test('of 20,000 tokens', async () => {
    expect((await ask(`{ ${many(20_000, () => 'x')} }`)).errors).toMatchObject([
      { message: expect.stringContaining('10000 tokens') },
    ]);
  });

  test.each([
    [500, 'breadth is 1000, at most 400', 'QUERY_TOO_COMPLEX'],
    [2_000, '10000 tokens', 'GRAPHQL_PARSE_FAILED'],
  ])('of %i aliases', async (count, message, code) => {
    const { errors } = await ask(`{ ${many(count, (index) => `a${index}: viewer { __typename }`)} }`);
    expect(errors).toMatchObject([refusal(code, message)]);
  });

  test('too deep', async () => {
    const deep = (levels: number) =>
      `${'contact { conversations { nodes { '.repeat(levels)} id ${'} } }'.repeat(levels)}`;
    const { data, errors } = await ask(`{ conversations(first: 1) { nodes { ${deep(4)} } } }`);
    expect(data).toEqual({ conversations: null });
    expect(errors).toMatchObject([refusal('QUERY_TOO_COMPLEX', 'depth is 15, at most 12')]);
  });

  test('that would read too many rows', async () => {
    const { data, errors } = await ask(
      '{ conversations(first: 100) { nodes { messages(first: 100) { nodes { id seq content } } } } }',
    );
    expect(data).toEqual({ conversations: null });
    expect(errors).toMatchObject([refusal('QUERY_TOO_COMPLEX', /complexity is \d+, at most 25000/)]);
  });

  test('by fragments that multiply', async () => {
    const bomb = many(300, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`);
    const { errors } = await ask(`{ ...f0 } ${bomb} fragment f300 on Query { viewer { __typename } }`);
    expect(errors).toMatchObject([refusal('QUERY_TOO_COMPLEX', 'at most 400')]);
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
  ])('by nested %s', async (_name, document) => {
    for (const depth of [101, 1_000, 3_000]) {
      expect(await ask(document(depth))).toMatchObject(
        refused(200, 'GRAPHQL_PARSE_FAILED', 'nested deeper than 100 levels'),
      );
    }
  });

  test('and the schema can not be asked for in circles', async () => {
    const circle =
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }';
    expect((await ask(circle)).errors).toMatchObject([{ message: 'Maximum introspection depth exceeded' }]);
  });
});
