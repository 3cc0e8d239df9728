import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { createPersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LIMITS } from '../../src/limits.ts';
import { createPersistedDocuments, idOf } from '../../src/server/persisted-documents.ts';
import type { Gateway } from '../support/gateway.ts';
import { socketClient } from '../support/live.ts';
import { automatic, hashOf, LIVE, preparePersistedNodes, WHO } from '../support/persisted-nodes.ts';

const nodes = preparePersistedNodes();
const { agentOf, authorizationOf } = nodes;

test('graphql-ws executes listed documents, queries and subscriptions', async () => {
  const client = socketClient(nodes.closed.url, await authorizationOf(nodes.closed));
  onTestFinished(() => void client.dispose());
  const first = async (document: string, variables: Record<string, unknown> = {}) => {
    const payload = { query: '', extensions: { persistedQuery: idOf(document) }, variables };
    for await (const result of client.iterate(payload)) return result;
    return null;
  };
  expect(await first(WHO, { id: agentOf(nodes.closed).id })).toMatchObject({
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
      await createClient(nodes.open),
      await createClient(nodes.open),
      await createClient(nodes.open, { useGETForHashedQueries: true }),
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
    const { client, sent } = await createClient(nodes.closed);
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
