import { describe, expect, test } from 'vitest';
import { idOf } from '../../src/server/persisted-documents.ts';
import type { Gateway } from '../support/gateway.ts';
import { automatic, LIVE, preparePersistedNodes, RENAME, WHO } from '../support/persisted-nodes.ts';
import { connect } from '../support/socket.ts';

const nodes = preparePersistedNodes();
const { agentOf, authorizationOf } = nodes;

interface Parameters {
  query?: unknown;
  documentId?: unknown;
  variables?: object;
  extensions?: object;
}

async function post(node: Gateway, path: string, body: Parameters, headers: Record<string, string> = {}) {
  const response = await fetch(`${node.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: await authorizationOf(node), ...headers },
    body: JSON.stringify(body),
  });
  const reader = response.body?.getReader();
  let text = '';
  // A subscription goes on.
  while (!/^data: /m.test(text)) {
    const { value, done = true } = (await reader?.read()) ?? {};
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  await reader?.cancel();
  return text;
}

/** Every way to send an operation. Each resolves with the text of the answer, or of its first event. */
const WAYS: Record<string, (node: Gateway, parameters: Parameters) => Promise<string>> = {
  POST: (node, parameters) => post(node, '/graphql', parameters),
  "POST that takes Yoga's way": (node, parameters) => post(node, '/graphql/', parameters),
  'server-sent events': (node, parameters) =>
    post(node, '/graphql', parameters, { accept: 'text/event-stream' }),
  async GET(node, parameters) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters))
      search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    const headers = { authorization: await authorizationOf(node) };
    return (await fetch(`${node.url}/graphql?${search}`, { headers })).text();
  },
  async 'a websocket'(node, parameters) {
    const socket = await connect(node, agentOf(node));
    // The protocol requires a text.
    socket.send({ id: '1', type: 'subscribe', payload: { query: '', ...parameters } });
    const answer = JSON.stringify(await socket.next());
    socket.close();
    return answer;
  },
};
const EACH_WAY = Object.entries(WAYS);

test("the id is that of the GraphQL-over-HTTP draft's example", () => {
  const text = 'query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}';
  expect(idOf(text)).toBe('sha256:7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e');
});

describe.each(EACH_WAY)('over %s', (way, send) => {
  const variables = () => ({ id: agentOf(nodes.open).id });

  test.each<[string, Parameters]>([
    ['documentId', { documentId: idOf(WHO) }],
    ["Apollo's extension", { extensions: automatic(WHO) }],
    ['the extension of graphql-ws', { extensions: { persistedQuery: idOf(WHO) } }],
  ])('a listed document is executed by %s', async (_form, parameters) => {
    expect(await send(nodes.open, { ...parameters, variables: variables() })).toContain(
      `{"data":{"node":{"__typename":"User","id":"${agentOf(nodes.open).id}"}}}`,
    );
  });

  test.each<[string, Parameters]>([
    ['documentId', { documentId: idOf(WHO) }],
    ["Apollo's extension", { extensions: automatic(WHO) }],
    ['its text', { query: WHO }],
  ])('a node that executes the list alone executes a listed document by %s', async (_form, parameters) => {
    const sent = { ...parameters, variables: { id: agentOf(nodes.closed).id } };
    expect(await send(nodes.closed, sent)).toContain('"__typename":"User"');
  });

  test('an id of another form than a hash is one', async () => {
    expect(await send(nodes.open, { documentId: 'web-1.4.who' })).toContain('"data":{"viewer"');
  });

  test.each<[string, Parameters, string]>([
    ['an unknown id', { documentId: `sha256:${'0'.repeat(64)}` }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    ['an unknown name', { documentId: '__proto__' }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    ['an unknown hash', { extensions: automatic('{ nothing }') }, 'PERSISTED_QUERY_NOT_FOUND'],
    ['an id and a text', { documentId: idOf(WHO), query: '{ __typename }' }, 'BAD_REQUEST'],
    ['a hash of another text', { extensions: automatic(WHO), query: '{ __typename }' }, 'BAD_REQUEST'],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }, 'BAD_REQUEST'],
    ['a hash that is a number', { extensions: { persistedQuery: { sha256Hash: 1 } } }, 'BAD_REQUEST'],
  ])('%s is answered with its error', async (_kind, parameters, code) => {
    expect(await send(nodes.open, parameters)).toContain(`"code":"${code}"`);
  });

  test.each<[string, Parameters, string]>([
    ['another document', { query: '{ __typename }' }, 'PERSISTED_DOCUMENTS_ONLY'],
    ['a listed document and a space', { query: `${WHO} ` }, 'PERSISTED_DOCUMENTS_ONLY'],
    ['introspection', { query: '{ __schema { queryType { name } } }' }, 'PERSISTED_DOCUMENTS_ONLY'],
    ['a syntax error', { query: '{' }, 'PERSISTED_DOCUMENTS_ONLY'],
    [
      'a document with its hash',
      { query: '{ __typename }', extensions: automatic('{ __typename }') },
      'PERSISTED_DOCUMENTS_ONLY',
    ],
    ['an unknown hash', { extensions: automatic('{ nothing }') }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    ['an unknown id', { documentId: 'nothing' }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
  ])('a node that executes the list alone refuses %s', async (_kind, parameters, code) => {
    const answer = await send(nodes.closed, parameters);
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer).not.toContain('"data":{');
  });

  test('a text that was sent with its hash is known by it', async () => {
    const query = `{ viewer { __typename organization { id } } } # ${way}`;
    const extensions = automatic(query);
    expect(await send(nodes.open, { extensions })).toContain('PERSISTED_QUERY_NOT_FOUND');
    expect(await send(nodes.open, { extensions, query })).toContain('"data":{');
    for (const other of Object.values(WAYS))
      expect(await other(nodes.open, { extensions })).toContain('"data":{"viewer"');
    expect(await send(nodes.open, { documentId: idOf(query) })).toContain('"data":{"viewer"');
  });

  test('a text that is not valid is not kept', async () => {
    for (const query of [`{ nothing } # ${way}`, `{ # ${way}`]) {
      const extensions = automatic(query);
      await send(nodes.open, { extensions, query });
      expect(await send(nodes.open, { extensions })).toContain('PERSISTED_QUERY_NOT_FOUND');
    }
  });
});

describe.each([
  ['server-sent events', wayOf('server-sent events')],
  ['a websocket', wayOf('a websocket')],
])('a subscription over %s', (_way, send) => {
  test.each<[string, Parameters]>([
    ['documentId', { documentId: idOf(LIVE) }],
    ["Apollo's extension", { extensions: automatic(LIVE) }],
  ])('begins by %s', async (_form, parameters) => {
    for (const node of [nodes.open, nodes.closed]) expect(await send(node, parameters)).toContain('CaughtUp');
  });
});

function wayOf(way: string) {
  return WAYS[way] as (typeof WAYS)[string];
}

test('a viewer is needed to have a text kept', async () => {
  const query = '{ __typename } # anonymous';
  const body = { query, extensions: automatic(query) };
  for (const path of ['/graphql', '/graphql/']) {
    expect(await post(nodes.open, path, body, { authorization: '' })).toContain('"data":{');
    expect(await post(nodes.open, path, { extensions: body.extensions })).toContain(
      'PERSISTED_QUERY_NOT_FOUND',
    );
  }
});

test('a mutation is not executed by GET', async () => {
  const search = new URLSearchParams({
    documentId: idOf(RENAME),
    variables: '{"input":{"conversationId":"x"}}',
  });
  const headers = { authorization: await authorizationOf(nodes.open) };
  expect((await fetch(`${nodes.open.url}/graphql?${search}`, { headers })).status).toBe(405);
});
