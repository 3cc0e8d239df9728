import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { createPersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { LIMITS } from '../../src/limits.ts';
import { createPersistedDocuments, idOf } from '../../src/server/persisted-documents.ts';
import { createDatabase, type Database, type Gateway, startNode } from '../support/gateway.ts';
import { socketClient } from '../support/live.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';
import { connect } from '../support/socket.ts';

const WHO = 'query Who($id: ID!) { node(id: $id) { __typename id } }';
const LIVE = 'subscription Live { messageAdded { __typename } }';
const RENAME =
  'mutation Rename($input: RenameConversationInput!) { renameConversation(input: $input) { __typename } }';
const CUSTOM = '{ viewer { __typename } }';
const LIST = { [idOf(WHO)]: WHO, [idOf(LIVE)]: LIVE, [idOf(RENAME)]: RENAME, 'web-1.4.who': CUSTOM };

let folder: string;
let databases: Database[];
/** Has a list, and executes other documents as well. */
let open: Gateway;
/** Executes the documents of the list alone. */
let closed: Gateway;
let organizations: Map<Gateway, TestOrganization>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-persisted-'));
  const path = join(folder, 'list.json');
  await writeFile(path, JSON.stringify(LIST));
  databases = [await createDatabase(), await createDatabase()];
  const [first, second] = databases as [Database, Database];
  open = await startNode(first, { PERSISTED_DOCUMENTS: path });
  closed = await startNode(second, { PERSISTED_DOCUMENTS: path, PERSISTED_ONLY: 'true' });
  organizations = new Map([
    [open, await createOrganization(open)],
    [closed, await createOrganization(closed)],
  ]);
});

afterAll(async () => {
  for (const node of [open, closed]) await node.stop();
  for (const database of databases) await database.drop();
  await rm(folder, { recursive: true });
});

const agentOf = (node: Gateway) => (organizations.get(node) as TestOrganization).agent;
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const automatic = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: hashOf(text) } });

interface Parameters {
  query?: unknown;
  documentId?: unknown;
  variables?: object;
  extensions?: object;
}

async function authorizationOf(node: Gateway) {
  return `Bearer ${await node.tokenFor(agentOf(node))}`;
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
  const variables = () => ({ id: agentOf(open).id });

  test.each<[string, Parameters]>([
    ['documentId', { documentId: idOf(WHO) }],
    ["Apollo's extension", { extensions: automatic(WHO) }],
    ['the extension of graphql-ws', { extensions: { persistedQuery: idOf(WHO) } }],
  ])('a listed document is executed by %s', async (_form, parameters) => {
    expect(await send(open, { ...parameters, variables: variables() })).toContain(
      `{"data":{"node":{"__typename":"User","id":"${agentOf(open).id}"}}}`,
    );
  });

  test.each<[string, Parameters]>([
    ['documentId', { documentId: idOf(WHO) }],
    ["Apollo's extension", { extensions: automatic(WHO) }],
    ['its text', { query: WHO }],
  ])('a node that executes the list alone executes a listed document by %s', async (_form, parameters) => {
    const sent = { ...parameters, variables: { id: agentOf(closed).id } };
    expect(await send(closed, sent)).toContain('"__typename":"User"');
  });

  test('an id of another form than a hash is one', async () => {
    expect(await send(open, { documentId: 'web-1.4.who' })).toContain('"data":{"viewer"');
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
    expect(await send(open, parameters)).toContain(`"code":"${code}"`);
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
    const answer = await send(closed, parameters);
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer).not.toContain('"data":{');
  });

  test('a text that was sent with its hash is known by it', async () => {
    const query = `{ viewer { __typename organization { id } } } # ${way}`;
    const extensions = automatic(query);
    expect(await send(open, { extensions })).toContain('PERSISTED_QUERY_NOT_FOUND');
    expect(await send(open, { extensions, query })).toContain('"data":{');
    for (const other of Object.values(WAYS))
      expect(await other(open, { extensions })).toContain('"data":{"viewer"');
    expect(await send(open, { documentId: idOf(query) })).toContain('"data":{"viewer"');
  });

  test('a text that is not valid is not kept', async () => {
    for (const query of [`{ nothing } # ${way}`, `{ # ${way}`]) {
      const extensions = automatic(query);
      await send(open, { extensions, query });
      expect(await send(open, { extensions })).toContain('PERSISTED_QUERY_NOT_FOUND');
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
    for (const node of [open, closed]) expect(await send(node, parameters)).toContain('CaughtUp');
  });
});

function wayOf(way: string) {
  return WAYS[way] as (typeof WAYS)[string];
}

test('a viewer is needed to have a text kept', async () => {
  const query = '{ __typename } # anonymous';
  const body = { query, extensions: automatic(query) };
  for (const path of ['/graphql', '/graphql/']) {
    expect(await post(open, path, body, { authorization: '' })).toContain('"data":{');
    expect(await post(open, path, { extensions: body.extensions })).toContain('PERSISTED_QUERY_NOT_FOUND');
  }
});

test('a mutation is not executed by GET', async () => {
  const search = new URLSearchParams({
    documentId: idOf(RENAME),
    variables: '{"input":{"conversationId":"x"}}',
  });
  const headers = { authorization: await authorizationOf(open) };
  expect((await fetch(`${open.url}/graphql?${search}`, { headers })).status).toBe(405);
});

test('graphql-ws executes listed documents, queries and subscriptions', async () => {
  const client = socketClient(closed.url, await authorizationOf(closed));
  onTestFinished(() => void client.dispose());
  const first = async (document: string, variables: Record<string, unknown> = {}) => {
    const payload = { query: '', extensions: { persistedQuery: idOf(document) }, variables };
    for await (const result of client.iterate(payload)) return result;
    return null;
  };
  expect(await first(WHO, { id: agentOf(closed).id })).toMatchObject({
    data: { node: { __typename: 'User' } },
  });
  expect(await first(LIVE)).toMatchObject({ data: { messageAdded: { __typename: 'CaughtUp' } } });
});

describe('Apollo Client', () => {
  const DOCUMENT = gql`query Who { viewer { organization { id name } } }`;

  async function createClient(node: Gateway, options: { useGETForHashedQueries?: boolean } = {}) {
    const sent: { method: string; hasText: boolean }[] = [];
    const http = new HttpLink({
      uri: `${node.url}/graphql`,
      headers: { authorization: await authorizationOf(node) },
      fetch: (url, init) => {
        const text = `${url} ${init?.body ?? ''}`;
        sent.push({ method: init?.method ?? 'GET', hasText: /organization/.test(text) });
        return fetch(url, init);
      },
    });
    const link = createPersistedQueryLink({ sha256: async (text) => hashOf(text), ...options }).concat(http);
    return { client: new ApolloClient({ link, cache: new InMemoryCache() }), sent };
  }

  test('sends the text once, and later clients send the hash alone', async () => {
    const [first, second, third] = [
      await createClient(open),
      await createClient(open),
      await createClient(open, { useGETForHashedQueries: true }),
    ];
    for (const { client } of [first, second, third]) {
      const { data } = await client.query({ query: DOCUMENT });
      expect(data).toMatchObject({ viewer: { organization: { name: expect.any(String) } } });
    }
    expect(first.sent).toEqual([
      { method: 'POST', hasText: false },
      { method: 'POST', hasText: true },
    ]);
    expect(second.sent).toEqual([{ method: 'POST', hasText: false }]);
    expect(third.sent).toEqual([{ method: 'GET', hasText: false }]);
  });

  test('is told once that a node executes the list alone', async () => {
    const { client, sent } = await createClient(closed);
    await expect(client.query({ query: DOCUMENT })).rejects.toThrow('not in the list of this server');
    expect(sent).toHaveLength(1);
  });
});

describe('texts that clients have sent', () => {
  const create = () => createPersistedDocuments({ list: new Map(), isListOnly: false });
  const textOf = (index: number, length: number = LIMITS.keptDocument) => `{ a${index} }`.padEnd(length, '#');
  const has = (documents: ReturnType<typeof create>, text: string) => {
    try {
      return documents.resolve({ extensions: automatic(text) }).query === text;
    } catch {
      return false;
    }
  };

  test('are bounded in all, and the ones not used for longest go', () => {
    const documents = create();
    const many = (2 * LIMITS.keptDocumentsBytes) / LIMITS.keptDocument;
    for (let index = 0; index < many; index++) {
      documents.keep({ query: textOf(index), extensions: automatic(textOf(index)) });
      has(documents, textOf(0));
    }
    const kept = Array.from({ length: many }, (_, index) => textOf(index)).filter((text) =>
      has(documents, text),
    );
    expect(2 * kept.length * LIMITS.keptDocument).toBeLessThanOrEqual(LIMITS.keptDocumentsBytes);
    expect(kept.length).toBeGreaterThan(many / 8);
    expect([has(documents, textOf(0)), has(documents, textOf(1)), has(documents, textOf(many - 1))]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('are bounded each', () => {
    const documents = create();
    const text = textOf(1, LIMITS.keptDocument + 1);
    documents.keep({ query: text, extensions: automatic(text) });
    expect(has(documents, text)).toBe(false);
  });
});
