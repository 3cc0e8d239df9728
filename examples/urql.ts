import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { type CacheExchangeOpts, cacheExchange } from '@urql/exchange-graphcache';
import type { Client as LiveClient } from 'graphql-ws';
import { applyTo, keepLive } from './live-list.ts';

const ROW = gql`fragment Row on Conversation { __typename id name status lastMessage { __typename id content } }`;
export const LIST = gql`query List($filter: ConversationFilter) {
  conversations(first: 100, filter: $filter) { nodes { ...Row } }
  streamCursor
} ${ROW}`;
/** Subscription that keeps `LIST` with the same filter up to date while it runs. */
export const INBOX = gql`subscription Inbox($filter: ConversationFilter, $after: String) {
  inbox(filter: $filter, after: $after) {
    __typename
    ... on ConversationCreated { conversation { ...Row } }
    ... on ConversationEntered { conversation { ...Row } }
    ... on ConversationChanged { conversation { ...Row } }
    ... on ConversationLeft { conversationId }
    ... on ConversationDeleted { conversationId }
    ... on MessageAdded { message { __typename id conversation { ...Row } } }
    ... on MessageChanged { message { __typename id conversation { ...Row } } }
    ... on ResetRequired { resumeAfter }
  }
} ${ROW}`;

type Row = { id: string };
type List = { conversations: { nodes: Row[] }; streamCursor: string };
type Event = Parameters<typeof applyTo<Row>>[1];

// Types without id: Graphcache embeds them in their parent.
const EVENTS = ['Created', 'Entered', 'Changed', 'Left', 'Deleted', 'Read'].map(
  (what) => `Conversation${what}`,
);
const OTHERS = ['MessageAdded', 'MessageChanged', 'ContactChanged', 'CaughtUp', 'ConversationConnection'];
const keys = Object.fromEntries([...EVENTS, ...OTHERS].map((name) => [name, () => null]));

export interface UrqlOptions {
  url: string;
  live: LiveClient;
  token: () => string;
  /** Introspection result. Without it Graphcache guesses which events a fragment matches. */
  schema: CacheExchangeOpts['schema'];
}

export function createUrql({ url, live, token, schema }: UrqlOptions): Client {
  const client: Client = new Client({
    ...{ url, preferGetMethod: false },
    fetchOptions: () => ({ headers: { authorization: `Bearer ${token()}` } }),
    exchanges: [
      cacheExchange({
        ...{ schema, keys },
        updates: {
          Subscription: {
            inbox({ inbox }, { filter }, cache) {
              cache.updateQuery<List>({ query: LIST, variables: { filter: filter ?? null } }, (list) => {
                if (!list) return list;
                const rows = new Map(list.conversations.nodes.map((row) => [row.id, row]));
                applyTo(rows, inbox as unknown as Event);
                return { ...list, conversations: { ...list.conversations, nodes: [...rows.values()] } };
              });
            },
          },
        },
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables: { filter } = {} }) => ({
          subscribe: (sink) => ({
            unsubscribe: keepLive<Event>(live, {
              ...{ query, variables: { filter }, onEnd: sink.error },
              async load() {
                const loading = client.query<List>(LIST, { filter }, { requestPolicy: 'network-only' });
                const { data, error } = await loading.toPromise();
                if (!data) throw error;
                return data.streamCursor;
              },
              onEvent: (event) => sink.next({ data: { inbox: event } }),
            }),
          }),
        }),
      }),
    ],
  });
  return client;
}
