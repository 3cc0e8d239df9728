import WebSocket from 'ws';
import { applyTo, connectLive, keepLive } from '../../examples/live-list.ts';
import type { Person } from './change.ts';
import type { Answer } from './gateway.ts';
import type { Acknowledged, StormOrganization } from './storm-writers.ts';

type Row = { id: string };
type Event = Parameters<typeof applyTo<Row>>[1] & { cursor?: string };

const MESSAGES = `subscription ($conversationId: ID, $after: String) { live: messageAdded(conversationId: $conversationId, after: $after) { __typename
  ... on Event { cursor } ... on MessageAdded { message { id } } } }`;
const CONVERSATION =
  'subscription ($id: ID!, $after: String) { live: conversation(id: $id, after: $after) { __typename ... on Event { cursor } } }';
const INBOX = `subscription ($filter: ConversationFilter, $after: String) { live: inbox(filter: $filter, after: $after) { __typename ... on Event { cursor }
  ... on ConversationCreated { conversation { id } } ... on ConversationEntered { conversation { id } } ... on ConversationLeft { conversationId }
  ... on ConversationDeleted { conversationId } ... on ConversationChanged { conversation { id } } ... on ConversationRead { conversation { id } }
  ... on MessageAdded { message { conversation { id } } } } }`;
const LIST =
  'query ($filter: ConversationFilter) { conversations(first: 100, filter: $filter) { nodes { id } } streamCursor }';

/** What one client watches, and what it must hear by what was acknowledged: all of it, and nothing else where `isAll`. */
export interface Watched {
  name: string;
  viewer: Person;
  organizationId: string;
  query: string;
  variables: Record<string, unknown>;
  mustHear: (made: Acknowledged) => boolean;
  isAll: boolean;
}

/** A selection of views, each for a person of the organization. */
export function viewsOf(organization: StormOrganization): Watched[] {
  const { id: organizationId, agent, colleague, bot, contact, otherContact } = organization;
  const [first] = organization.conversations;
  if (!first) throw new Error('there is no conversation');
  const of = { organizationId };
  const one = { conversationId: first.id };
  const isIt = ({ conversationId }: Acknowledged) => conversationId === first.id;
  const isMessage = ({ messageId }: Acknowledged) => messageId !== null;
  const messages = { ...of, query: MESSAGES, isAll: true };
  const ofContact = (person: Person): Watched => ({
    ...{ ...messages, name: 'messages of a contact', viewer: person, variables: {} },
    mustHear: (made) => isMessage(made) && !made.isPrivate && made.contactId === person.id,
  });
  const inbox = (viewer: Person, filter: object, isEverything = false): Watched => ({
    ...{
      ...of,
      name: `inbox ${JSON.stringify(filter)}`,
      viewer,
      query: INBOX,
      variables: { filter },
      isAll: false,
    },
    mustHear: () => isEverything,
  });
  return [
    { ...messages, name: 'messages', viewer: agent, variables: {}, mustHear: isMessage },
    inbox(agent, {}, true),
    ofContact(contact),
    {
      ...messages,
      name: 'messages of one',
      viewer: colleague,
      variables: one,
      mustHear: (made) => isMessage(made) && isIt(made),
    },
    {
      ...of,
      name: 'a conversation',
      viewer: agent,
      query: CONVERSATION,
      variables: { id: first.id },
      mustHear: isIt,
      isAll: false,
    },
    inbox(agent, { status: ['OPEN', 'PENDING'] }),
    inbox(colleague, { assignment: 'MINE' }),
    inbox(agent, { isUnread: true }),
    ofContact(otherContact),
    inbox(bot, { labels: ['vip'] }),
    inbox(colleague, { memberId: [agent.id], isWaiting: true }),
    inbox(agent, { priority: ['URGENT'], assignment: 'UNASSIGNED' }),
  ];
}

export type StormClient = Awaited<ReturnType<typeof openStormClient>>;

export interface StormClientOptions {
  watched: Watched;
  url: () => string;
  token: () => Promise<string>;
  ask: (person: Person, query: string, variables: object) => Promise<Answer>;
}

/** The client of examples/live-list.ts, whose socket can be dropped and stalled. */
export function openStormClient({ watched, url, token, ask }: StormClientOptions) {
  const { viewer, query, variables } = watched;
  const heard: string[] = [];
  const rows = new Map<string, Row>();
  const counts = { sockets: 0, resets: 0, loads: 0, ends: [] as unknown[] };
  let socket: WebSocket | undefined;

  class Socket extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      socket = this;
      counts.sockets += 1;
      this.on('message', (data) => {
        if (String(data).includes('"ResetRequired"')) counts.resets += 1;
      });
    }
  }

  async function list(): Promise<{ ids: string[]; cursor: string }> {
    const filter = variables.filter ?? {};
    const { data, errors } = await ask(viewer, LIST, { filter });
    if (!data) throw new Error(JSON.stringify(errors));
    const ids: string[] = data.conversations.nodes.map(({ id }: Row) => id);
    return { ids: ids.sort(), cursor: data.streamCursor };
  }

  let begun = () => {};
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const client = connectLive(() => `${url().replace('http', 'ws')}/graphql`, token, Socket);
  const stop = keepLive<Event>(client, {
    ...{ query, variables },
    async load() {
      const { ids, cursor } = await list();
      counts.loads += 1;
      rows.clear();
      for (const id of ids) rows.set(id, { id });
      return cursor;
    },
    onEvent(event) {
      if (event.__typename === 'CaughtUp') return begun();
      heard.push(event.cursor ?? '');
      applyTo(rows, event);
    },
    onEnd: (reason) => counts.ends.push(reason),
  });

  return {
    watched,
    heard,
    counts,
    hasBegun,
    /** Ids of the list as its events have it, beside those that a query answers. */
    async compare() {
      return { isInbox: query === INBOX, is: [...rows.keys()].sort(), shouldBe: (await list()).ids };
    },
    drop: () => socket?.terminate(),
    /** Stops reading for a while. */
    stall(ms: number) {
      const stalled = socket;
      if (stalled?.readyState !== WebSocket.OPEN) return;
      stalled.pause();
      setTimeout(() => stalled.resume(), ms);
    },
    async stop() {
      stop();
      socket?.terminate();
      await client.dispose();
    },
  };
}
