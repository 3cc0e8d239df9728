import { type ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { print } from 'graphql';
import type { Client } from 'graphql-ws';
import { applyTo, keepLive } from './live-list.ts';

const ROW = gql`fragment Row on Conversation { __typename id name status lastMessage { __typename id content } }`;
export const LIST = gql`query List($filter: ConversationFilter) {
  conversations(first: 100, filter: $filter) { nodes { ...Row } }
  streamCursor
} ${ROW}`;
const INBOX = gql`subscription Inbox($filter: ConversationFilter, $after: String) {
  inbox(filter: $filter, after: $after) {
    __typename
    ... on ConversationCreated { conversation { ...Row } }
    ... on ConversationEntered { conversation { ...Row } }
    ... on ConversationChanged { conversation { ...Row } }
    ... on ConversationLeft { conversationId }
    ... on ConversationDeleted { conversationId }
    ... on MessageAdded { message { conversation { ...Row } } }
    ... on MessageChanged { message { conversation { ...Row } } }
    ... on ResetRequired { resumeAfter }
  }
} ${ROW}`;

type Row = { id: string };
type List = { conversations: { nodes: Row[] }; streamCursor: string };
type Event = Parameters<typeof applyTo<Row>>[1];

/** Cache in which a list is identified by filter and order, not by page size. */
export const createCache = () =>
  new InMemoryCache({
    typePolicies: { Query: { fields: { conversations: { keyArgs: ['filter', 'orderBy'] } } } },
  });

/** Keeps `LIST` in the cache as a query would answer it; watchers of the query are updated. Returns a function that ends it. */
export function keepList(
  apollo: ApolloClient,
  live: Client,
  { filter, onEnd }: { filter: object; onEnd: (reason: unknown) => void },
) {
  const list = { query: LIST, variables: { filter } };
  return keepLive<Event>(live, {
    ...{ query: print(INBOX), variables: { filter }, onEnd },
    async load() {
      const { data } = await apollo.query<List>({ ...list, fetchPolicy: 'network-only' });
      return data?.streamCursor ?? '';
    },
    onEvent(event) {
      apollo.cache.updateQuery<List>(list, (old) => {
        if (!old) return old;
        const rows = new Map(old.conversations.nodes.map((row) => [row.id, row]));
        applyTo(rows, event);
        return { ...old, conversations: { ...old.conversations, nodes: [...rows.values()] } };
      });
    },
  });
}
