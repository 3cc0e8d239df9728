import WebSocket from 'ws';
import { applyTo, connectLive, keepLive } from '../../examples/live-list.ts';
import type { Answer } from '../support/gateway.ts';
import type { Person } from '../support/mutations.ts';
import type { ClientView } from './views.ts';

type Row = { id: string };
type Event = Parameters<typeof applyTo<Row>>[1] & { cursor?: string };

const LIST =
  'query ($filter: ConversationFilter) { conversations(first: 100, filter: $filter) { nodes { id } } streamCursor }';

export type ChaosClient = Awaited<ReturnType<typeof openChaosClient>>;

export interface ChaosClientOptions {
  watched: ClientView;
  url: () => string;
  token: () => Promise<string>;
  ask: (person: Person, query: string, variables: object) => Promise<Answer>;
}

/** The client of examples/live-list.ts, with a socket that a test can drop and stall. */
export function openChaosClient({ watched, url, token, ask }: ChaosClientOptions) {
  const { viewer, query, variables, has } = watched;
  const heard: { cursor: string; type: string; heardAt: number }[] = [];
  const rows = new Map<string, Row>();
  const counts = { sockets: 0, moves: 0, resets: 0, sentToLoad: 0, loads: 0, ends: [] as unknown[] };
  let socket: WebSocket | undefined;
  let loaded = '';

  class Socket extends WebSocket {
    constructor(...args: ConstructorParameters<typeof WebSocket>) {
      super(...args);
      counts.sockets += 1;
      if (socket && socket.url !== this.url) counts.moves += 1;
      socket = this;
      this.on('message', (data) => {
        const text = String(data);
        if (!text.includes('"ResetRequired"')) return;
        counts.resets += 1;
        // TOO_FAR_BEHIND is the only reset that may make a client load again.
        if (text.includes('"resumeAfter":null')) counts.sentToLoad += 1;
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
      heard.length = 0;
      loaded = cursor;
      rows.clear();
      for (const id of ids) rows.set(id, { id });
      return cursor;
    },
    onEvent(event) {
      if (event.__typename === 'CaughtUp') return begun();
      heard.push({ cursor: event.cursor ?? '', type: event.__typename, heardAt: Date.now() });
      applyTo(rows, event);
    },
    onEnd: (reason) => counts.ends.push(reason),
  });

  return {
    watched,
    heard,
    counts,
    hasBegun,
    /** Cursor of the last load. `heard` must contain every later event. */
    loadedAt: () => loaded,
    /** Ids of the list as kept by events, and as a query answers them; null for subscriptions that are not lists. */
    compare: async () => (has ? { is: [...rows.keys()].sort(), shouldBe: (await list()).ids } : null),
    drop: () => socket?.terminate(),
    /** Stops reading from the socket for `ms`. */
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
