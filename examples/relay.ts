import type { Client } from 'graphql-ws';
import {
  ConnectionHandler,
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getRequest,
  graphql,
  Network,
  Observable,
  RecordSource,
  type RecordSourceSelectorProxy,
  requestSubscription,
  Store,
  type Variables,
} from 'relay-runtime';
import { keepLive } from './live-list.ts';

graphql`fragment relayRow on Conversation { id name status lastMessage { id content } }`;
export const LIST = graphql`query relayListQuery($filter: ConversationFilter) {
  conversations(first: 100, filter: $filter) @connection(key: "relay_conversations", filters: ["filter"]) {
    edges { node { ...relayRow @relay(mask: false) } }
  }
  streamCursor
}`;
const INBOX = graphql`subscription relayInboxSubscription($filter: ConversationFilter, $after: String) {
  inbox(filter: $filter, after: $after) {
    __typename
    ... on ConversationCreated { conversation { ...relayRow } }
    ... on ConversationEntered { conversation { ...relayRow } }
    ... on ConversationChanged { conversation { ...relayRow } }
    ... on ConversationLeft { conversationId }
    ... on ConversationDeleted { conversationId }
    ... on MessageAdded { message { conversation { ...relayRow } } }
    ... on MessageChanged { message { conversation { ...relayRow } } }
    ... on ResetRequired { resumeAfter }
  }
}`;

type Event = { __typename: string };

export function createRelay(url: string, live: Client, token: () => Promise<string>): Environment {
  const environment: Environment = new Environment({
    store: new Store(new RecordSource()),
    network: Network.create(
      async ({ text: query }, variables) => {
        const headers = { 'content-type': 'application/json', authorization: `Bearer ${await token()}` };
        const body = JSON.stringify({ query, variables });
        return (await fetch(url, { method: 'POST', headers, body })).json();
      },
      ({ text }, variables) =>
        Observable.create((sink) =>
          keepLive<Event>(live, {
            ...{ query: text ?? '', variables, onEnd: (reason) => sink.error(reason as Error) },
            load: () => load(environment, variables),
            onEvent: (event) => sink.next({ data: { inbox: event } }),
          }),
        ),
    ),
  });
  return environment;
}

async function load(environment: Environment, { filter }: Variables): Promise<string> {
  const loading = fetchQuery(environment, LIST, { filter }, { networkCacheConfig: { force: true } });
  return ((await loading.toPromise()) as { streamCursor: string }).streamCursor;
}

/** Keeps `LIST` in the store as a query would answer it; components that show it are updated. Returns a function that ends it. */
export function keepList(environment: Environment, filter: object, onError: (reason: unknown) => void) {
  const retained = environment.retain(createOperationDescriptor(getRequest(LIST), { filter }));
  const { dispose } = requestSubscription(environment, {
    ...{ subscription: INBOX, variables: { filter }, onError },
    updater: (store) => applyToConnection(store as RecordSourceSelectorProxy, filter),
  });
  return () => {
    dispose();
    retained.dispose();
  };
}

function applyToConnection(store: RecordSourceSelectorProxy, filter: object) {
  const connection = ConnectionHandler.getConnection(store.getRoot(), 'relay_conversations', { filter });
  const event = store.getRootField('inbox');
  if (!connection || !event) return;
  const type = event.getType();
  if (/^Conversation(Left|Deleted)$/.test(type)) {
    ConnectionHandler.deleteNode(connection, String(event.getValue('conversationId')));
    return;
  }
  // All events share one record, which keeps fields of earlier events: only the type says which are this event's.
  const about = type.startsWith('Message') ? event.getLinkedRecord('message') : event;
  const row = /^(Message|Conversation)/.test(type) ? about?.getLinkedRecord('conversation') : null;
  const edges = connection.getLinkedRecords('edges') ?? [];
  if (!row || edges.some((edge) => edge?.getLinkedRecord('node') === row)) return;
  const edge = ConnectionHandler.createEdge(store, connection, row, 'ConversationEdge');
  ConnectionHandler.insertEdgeBefore(connection, edge);
}
