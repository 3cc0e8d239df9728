import { beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateways } from '../support/gateway.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';
import { connect } from '../support/socket.ts';

// A node as it runs in production, compared with one in development, over every way to send an operation.

interface Operation {
  query: string;
  variables?: object;
}

type Send = (to: Gateway, operation: Operation) => Promise<string>;

let production: Gateway;
let development: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  [production] = (await startGateways(1, { NODE_ENV: 'production' })) as [Gateway];
  [development] = (await startGateways(1)) as [Gateway];
  organization = await createOrganization(production);
});

/** Each resolves with the text of the whole answer. */
const WAYS: Record<string, Send> = {
  POST: (to, operation) => post(to, '/graphql', operation),
  "POST that takes Yoga's way": (to, operation) => post(to, '/graphql/', operation),
  'POST with the type of GraphQL': (to, operation) =>
    post(to, '/graphql', operation, { accept: 'application/graphql-response+json' }),
  GET: async (to, { query, variables = {} }) => {
    const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    return (await fetch(`${to.url}/graphql?${search}`, { headers: await headersFor(to) })).text();
  },
  'server-sent events': (to, operation) => post(to, '/graphql', operation, { accept: 'text/event-stream' }),
  'a websocket': async (to, payload) => {
    const socket = await connect(to, await agentOf(to));
    socket.send({ id: '1', type: 'subscribe', payload });
    const answer = JSON.stringify(await socket.next());
    socket.close();
    return answer;
  },
};

// A token of either node: a node that does not know the agent answers UNAUTHENTICATED, after it has validated the operation.
let developer: TestOrganization | undefined;
async function agentOf(to: Gateway) {
  if (to === production) return organization.agent;
  developer ??= await createOrganization(development);
  return developer.agent;
}

async function headersFor(to: Gateway) {
  return {
    'content-type': 'application/json',
    authorization: `Bearer ${await to.tokenFor(await agentOf(to))}`,
  };
}

async function post(to: Gateway, path: string, body: object, headers: object = {}) {
  const response = await fetch(`${to.url}${path}`, {
    method: 'POST',
    headers: { ...(await headersFor(to)), ...headers },
    body: JSON.stringify(body),
  });
  return response.text();
}

describe.each(Object.entries(WAYS))('over %s', (_way, send) => {
  test.each([
    '{ __schema { queryType { name } } }',
    '{ a: __type(name: "Contact") { name } }',
    'query { ...F } fragment F on Query { ... { __schema { types { name } } } }',
  ])('production refuses the introspection %s', async (query) => {
    expect(await send(production, { query })).toContain('INTROSPECTION_DISABLED');
    expect(await send(development, { query })).toMatch(/queryType|"a":|types/);
  });

  test('__typename is no introspection', async () => {
    expect(await send(production, { query: '{ __typename viewer { __typename } }' })).toContain('"Query"');
  });

  test.each<[string, Operation]>([
    ['a field', { query: '{ viewr { __typename } }' }],
    ['a field of a type that has it', { query: '{ node(id: "USR-1") { displayName } }' }],
    ['a type', { query: '{ node(id: "USR-1") { ... on Usr { id } } }' }],
    ['an argument', { query: '{ users(frst: 1) { __typename } }' }],
    ['an argument of a directive', { query: '{ viewer @include(iff: true) { __typename } }' }],
    ['an enum value', { query: '{ conversations(filter: { status: [OPENED] }) { __typename } }' }],
    ['an enum value in quotes', { query: '{ conversations(filter: { status: ["OPEN"] }) { __typename } }' }],
    ['an input field', { query: '{ conversations(filter: { statu: [OPEN] }) { __typename } }' }],
    [
      'an enum value in a variable',
      {
        query: 'query ($a: [ConversationStatus!]) { conversations(filter: { status: $a }) { __typename } }',
        variables: { a: ['OPENED'] },
      },
    ],
    [
      'an input field in a variable',
      {
        query: 'query ($a: ConversationFilter) { conversations(filter: $a) { __typename } }',
        variables: { a: { statu: ['OPEN'] } },
      },
    ],
    [
      'an input field of a mutation',
      {
        query: 'mutation ($a: RenameConversationInput!) { renameConversation(input: $a) { __typename } }',
        variables: { a: { conversationId: 'CVR-1', nam: 'x' } },
      },
    ],
    ['a field of a subscription', { query: 'subscription { messageAddd { __typename } }' }],
    [
      'an input field of a subscription',
      {
        query: 'subscription ($a: ConversationFilter!) { inbox(filter: $a) { __typename } }',
        variables: { a: { statu: ['OPEN'] } },
      },
    ],
    [
      'an enum value of a subscription',
      {
        query: 'subscription ($a: ConversationFilter!) { inbox(filter: $a) { __typename } }',
        variables: { a: { status: ['OPENED'] } },
      },
    ],
  ])('production does not suggest %s', async (_kind, operation) => {
    const inProduction = await send(production, operation);
    expect(inProduction).not.toMatch(/did you mean/i);
    // Mutations are not sent with GET, and a subscription is answered with a stream or not at all.
    const inDevelopment = await send(development, operation);
    const isRefused = /^$|Can only perform a mutation/.test(inDevelopment);
    if (!isRefused) expect(inDevelopment).toMatch(/did you mean/i);
    expect(inProduction === '').toBe(inDevelopment === '');
  });
});

test('a browser gets no GraphiQL in production, and no demo token anywhere but from a start with the demo', async () => {
  const open = (to: Gateway, path: string) =>
    fetch(`${to.url}${path}`, { headers: { accept: 'text/html,*/*;q=0.8' } });
  expect((await open(development, '/graphql')).headers.get('content-type')).toMatch(/^text\/html/);
  const page = await open(production, '/graphql');
  expect(page.headers.get('content-type')).not.toMatch(/html/);
  expect(await page.text()).toContain('BAD_REQUEST');
  expect((await open(production, '/graphql/demo-token')).status).toBe(404);
  expect((await open(development, '/graphql/demo-token')).status).toBe(403);
});

test('GRAPHIQL, INTROSPECTION and SUGGESTIONS each bring back their part', async () => {
  const env = { NODE_ENV: 'production', GRAPHIQL: 'true', INTROSPECTION: 'true', SUGGESTIONS: 'true' };
  const [node] = (await startGateways(1, env)) as [Gateway];
  const page = await fetch(`${node.url}/graphql`, { headers: { accept: 'text/html' } });
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  await page.body?.cancel();
  expect(await node.ask(null, '{ __schema { queryType { name } } }')).toMatchObject({ status: 200 });
  const { errors } = await node.ask(null, '{ viewr { id } }');
  expect(errors?.[0]?.message).toMatch(/Did you mean/);
});
