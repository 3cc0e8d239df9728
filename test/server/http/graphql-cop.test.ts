import { beforeAll, expect, test } from 'vitest';
import { type Answer, startGateways } from '../../support/gateway.ts';
import { times } from '../../support/times.ts';

// The checks of graphql-cop (https://github.com/dolevf/graphql-cop), which scanners run against public GraphQL servers. Each test
// sends what the check sends, and expects that it reports nothing, with the settings of production.

const PRODUCTION = { NODE_ENV: 'production' };

let url: string;

beforeAll(async () => {
  const [gateway] = await startGateways(1, PRODUCTION);
  url = `${gateway?.url}/graphql`;
});

async function answerOf(response: Response): Promise<Partial<Answer>> {
  const text = await response.text();
  return text.startsWith('{') ? JSON.parse(text) : {};
}

async function ask(query: string): Promise<Partial<Answer>> {
  return answerOf(await post({ query, operationName: 'cop' }));
}

const post = (body: unknown) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** A GET request, as a link or an image of another website would cause it. */
const get = (query: string) => fetch(`${url}?${new URLSearchParams({ query })}`);

const codesOf = ({ errors = [] }: Partial<Answer>) => errors.map(({ extensions }) => extensions?.code);

test('alias overloading: 101 aliases of one field are refused', async () => {
  const aliases = times(101, (index) => `alias${index}: __typename`).join('\n');
  const answer = await ask(`query cop { ${aliases} }`);
  expect(answer.data?.alias100).toBeUndefined();
  expect(codesOf(answer)).toEqual(['QUERY_TOO_COMPLEX']);
});

test('batch queries: a list of ten operations is refused', async () => {
  const response = await post(times(10, () => ({ query: 'query cop { __typename }' })));
  const answer = await answerOf(response);
  expect(response.status).toBe(400);
  expect(codesOf(answer)).toEqual(['BAD_REQUEST']);
});

test('directive overloading: ten unknown directives are not answered with ten errors', async () => {
  const answer = await ask(`query cop { __typename ${'@aa'.repeat(10)} }`);
  expect(answer.data ?? null).toBeNull();
  expect(codesOf(answer)).toEqual(['QUERY_TOO_COMPLEX']);
});

test('circular introspection is refused', async () => {
  const circle = times(4, () => 'fields { type {').join(' ');
  const answer = await ask(`query cop { __schema { types { ${circle} name ${'} }'.repeat(4)} } } }`);
  expect(answer.data?.__schema).toBeUndefined();
  expect(answer.errors?.length).toBeGreaterThan(0);
});

test('field duplication: one field 500 times is refused', async () => {
  const answer = await ask(`query cop { ${'__typename \n'.repeat(500)} }`);
  expect(answer.data?.__typename).toBeUndefined();
  expect(codesOf(answer)).toEqual(['QUERY_TOO_COMPLEX']);
});

test('introspection is refused', async () => {
  const answer = await ask('query cop { __schema { types { name fields { name } } } }');
  expect(answer.data?.__schema).toBeUndefined();
  expect(answer.errors?.length).toBeGreaterThan(0);
});

test('GraphiQL is not served', async () => {
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  expect(await response.text()).not.toMatch(/graphiql|playground/i);
});

// graphql-cop reports GET queries, which GraphQL over HTTP allows: see audit.test.ts. They read only, and no cookie gives rights.
test('GET queries are answered, without credentials', async () => {
  const response = await get('query cop { __typename }');
  expect(await answerOf(response)).toMatchObject({ data: { __typename: 'Query' } });
  expect(response.headers.get('set-cookie')).toBeNull();
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
});

test('mutations over GET are refused', async () => {
  const response = await get('mutation cop { __typename }');
  expect(response.status).toBe(405);
  expect((await answerOf(response)).data ?? null).toBeNull();
});

test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])(
  'a POST of the type %s, which a form of another website can send, is refused',
  async (type) => {
    const body = type.startsWith('multipart')
      ? '--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nquery cop { __typename }\r\n--x--\r\n'
      : type === 'text/plain'
        ? JSON.stringify({ query: 'query cop { __typename }' })
        : String(new URLSearchParams({ query: 'query cop { __typename }' }));
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
    expect(response.status).toBe(415);
    expect((await answerOf(response)).data ?? null).toBeNull();
  },
);

test('tracing is off', async () => {
  const answer = await ask('query cop { __typename }');
  expect(answer).toEqual({ data: { __typename: 'Query' } });
});

test('suggestions: an error names no field that was not asked for', async () => {
  for (const query of [
    'query cop { __schema { directive } }',
    'query cop { viewers { identity { id } } }',
    'query cop { conversations(frist: 1) { totalCount } }',
    'query cop { viewer { identity { ... on Uzer { id } } } }',
    'mutation cop { sendMessage(inputt: {}) { __typename } }',
  ]) {
    const { errors } = await ask(query);
    expect(errors?.length, query).toBeGreaterThan(0);
    expect(JSON.stringify(errors), query).not.toMatch(/did you mean/i);
  }
});

test('unhandled errors: a broken document is answered without an exception', async () => {
  const answer = await ask('qwerty cop { abc }');
  expect(answer.errors).toHaveLength(1);
  expect(answer.errors?.[0]?.extensions).toEqual({ code: 'GRAPHQL_PARSE_FAILED' });
});
