import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database, type Gateway, startNode } from '../../support/gateway.ts';
import { createOrganization, type TestOrganization } from '../../support/organization.ts';

// Operations posted to /graphql as JSON take the fast path. The same request to /graphql/ is handled by Yoga, and the two responses are
// compared.

const HERE = 'https://inbox.example.com';
const FOREIGN = 'https://other.example.com';
const WHO = { query: '{ viewer { identity { id } organization { id name } } }' };

let database: Database;
let gateway: Gateway;
let organization: TestOrganization;
let authorization: string;

beforeAll(async () => {
  database = await createDatabase();
  gateway = await startNode(database);
  organization = await createOrganization(gateway);
  authorization = `Bearer ${await gateway.tokenFor(organization.agent)}`;
});

afterAll(async () => {
  await gateway.stop();
  await database.drop();
});

interface Sent {
  body: object;
  headers?: Record<string, string>;
  to?: Gateway;
}

async function send(path: string, { body, headers = {}, to = gateway }: Sent) {
  const response = await fetch(`${to.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, ...headers },
    body: JSON.stringify(body),
  });
  const { date: _date, ...rest } = Object.fromEntries(response.headers);
  const text = (await response.text()).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'a request id');
  return { status: response.status, statusText: response.statusText, headers: rest, text };
}

/** Sends the request on both paths, and returns the response, which must be the same. */
async function answerTo(sent: Sent) {
  // Yoga in the middle, so that each path runs with and without the caches that the other has filled.
  const [first, yoga, second] = [
    await send('/graphql', sent),
    await send('/graphql/', sent),
    await send('/graphql', sent),
  ];
  expect(first).toEqual(yoga);
  expect(second).toEqual(yoga);
  return yoga;
}

const status = async (sent: Sent) => (await answerTo(sent)).status;

test('data: the response is that of Yoga', async () => {
  const { status, headers, text } = await answerTo({ body: WHO });
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(Number(headers['content-length'])).toBe(Buffer.byteLength(text));
  expect(JSON.parse(text).data.viewer.identity.id).toBe(organization.agent.id);
});

test.each<[string, object, number]>([
  ['variables', { query: 'query ($a: Int) { users(first: $a) { nodes { id } } }', variables: { a: 1 } }, 200],
  ['no variables', { ...WHO, variables: null, operationName: null, extensions: {} }, 200],
  [
    'one of several operations',
    { query: 'query A { __typename } query B { b: __typename }', operationName: 'B' },
    200,
  ],
  ['none of several operations', { query: 'query A { __typename } query B { __typename }' }, 400],
  ['an operation that is not there', { query: 'query A { __typename }', operationName: 'C' }, 400],
  ['characters of several bytes', { query: '{ node(id: "Ünïcödé 🙂") { id } }' }, 200],
  ['a cursor of the stream', { query: '{ streamCursor }' }, 200],
  ['a syntax error', { query: '{ viewer' }, 200],
  ['an empty query', { query: '' }, 200],
  ['an unknown field', { query: '{ viewers }' }, 200],
  [
    'a wrong variable',
    { query: 'query ($a: Int) { users(first: $a) { nodes { id } } }', variables: { a: 'x' } },
    200,
  ],
  [
    'an unstorable variable',
    { query: 'query ($a: ID!) { node(id: $a) { id } }', variables: { a: '\0' } },
    200,
  ],
  ['an argument out of bounds', { query: '{ users(first: 1000) { nodes { id } } }' }, 200],
  [
    'a mutation without a right',
    { query: 'mutation { deleteMessage(input: { messageId: "x" }) { __typename } }' },
    200,
  ],
  ['a subscription', { query: 'subscription { nothing { __typename } }' }, 200],
  ['an unknown parameter', { ...WHO, sql: 'x' }, 400],
  ['a query that is no string', { query: 5 }, 400],
  ['variables that are a list', { ...WHO, variables: [] }, 400],
  ['no query', {}, 200],
])('%s: the response is that of Yoga', async (_name, body, expected) => {
  for (const accept of ['*/*', 'application/json']) {
    const actual = await status({ body, headers: { accept } });
    if (!JSON.stringify(body).includes('subscription')) expect(actual).toBe(expected);
  }
});

test.each([
  'application/graphql-response+json',
  'application/graphql-response+json, application/json',
  'application/graphql-response+json,application/json;q=0.9',
  'application/json, application/graphql-response+json',
  'application/json;charset=utf-16',
  'text/html',
  'image/png, */*',
])('Accept %s: the response is that of Yoga', async (accept) => {
  for (const query of [WHO.query, '{', '{ viewers }', '{ users(first: 1000) { nodes { id } } }']) {
    await answerTo({ body: { query }, headers: { accept } });
  }
});

test.each<[string, string]>([
  ['no token', ''],
  ['no Bearer token', 'Basic YTpi'],
  ['a broken token', 'Bearer abc.def.ghi'],
])('%s is rejected with the same 401', async (_name, authorization) => {
  expect(await status({ body: WHO, headers: { authorization } })).toBe(401);
});

test('the token of an unknown viewer is rejected with the same 401', async () => {
  const token = await gateway.tokenFor({ ...organization.agent, id: 'USR-NOBODY' });
  expect(await status({ body: WHO, headers: { authorization: `Bearer ${token}` } })).toBe(401);
});

test.each([
  'application/json; charset=utf-8',
  'application/json;charset=utf-8',
  'application/graphql+json',
  'application/json; charset=latin1',
])('a body of the content type %s: the response is that of Yoga', async (type) => {
  expect(await status({ body: WHO, headers: { 'content-type': type } })).toBe(200);
});

test.each([undefined, HERE, `${HERE},${FOREIGN}`, `${HERE},https://third.example.com`, '*'])(
  'with the allowed origins %s the CORS headers are those of Yoga',
  async (allowed) => {
    const to = await startNode(
      database.url ? database : await createDatabase(),
      allowed === undefined ? {} : { ALLOWED_ORIGINS: allowed },
    );
    try {
      const body = { query: '{ __typename }' };
      for (const origin of [HERE, FOREIGN, 'null']) {
        for (const query of [body.query, '{']) {
          await answerTo({ body: { query }, headers: { origin, authorization: '' }, to });
        }
        await answerTo({
          body,
          headers: { origin, authorization: '', 'access-control-request-headers': 'a' },
          to,
        });
      }
    } finally {
      await to.stop();
    }
  },
);

test('a fault of the server is masked in the same way', async () => {
  await gateway.db.writes.$executeRaw`ALTER TABLE "Audience" RENAME TO "Renamed"`;
  const { status, text } = await answerTo({ body: { query: '{ audiences { nodes { id } } }' } });
  expect([status, text]).toEqual([200, expect.stringContaining('INTERNAL_SERVER_ERROR')]);
});
