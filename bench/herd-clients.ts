import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { openAll } from './clients.ts';
import { tokenFor } from './parley.ts';

// Frames are not parsed, so that a thousand clients cost little.
const CAUGHT_UP = Buffer.from('"__typename":"CaughtUp"');
const RESET = Buffer.from('"__typename":"ResetRequired"');
const CURSOR = /"cursor":"([\w-]+)"\}\}\}$/;
const TAIL_BYTES = 64;

/** The live list of a desk. */
const INBOX = `subscription ($after: String, $filter: ConversationFilter) { inbox(after: $after, filter: $filter) {
  __typename
  ... on ResetRequired { reason }
  ... on MessageAdded { message { id seq content createdAt conversation { id name status } } }
  ... on ConversationChanged { conversation { id name status } } } }`;

export interface HerdClient {
  /** Frames of events so far, over all connections. */
  events(): number;
  /** Opens a websocket, and resumes from the last frame. Resolves when it has caught up. */
  connect(): Promise<void>;
  /** Breaks the connection. */
  drop(): void;
}

export interface HerdOptions {
  organization: string;
  url: string;
  count: number;
  /** Cursor to begin with. @default live events only */
  after?: string;
  /** Called with each frame of an event. */
  onEvent?: (frame: Buffer) => void;
}

/** Agents with the list of open conversations, of whom 20 share a token. They are not connected yet. */
export async function createHerd({ organization, url, count, after, onEvent }: HerdOptions) {
  const users = Math.ceil(count / 20);
  const tokens = await Promise.all(
    Array.from({ length: users }, (_, index) => tokenFor(organization, `USR-${organization}-${index + 1}`)),
  );
  const create = (index: number) =>
    createClient({ url, token: tokens[index % users] as string, after, onEvent });
  const clients = Array.from({ length: count }, (_, index) => create(index));
  return {
    clients,
    /** A slow start, so that the first connections do not count. */
    connectGently: () => openAll(count, (index) => (clients[index] as HerdClient).connect()),
    /** All at once. */
    connect: () => Promise.all(clients.map((client) => client.connect())),
    drop: () => {
      for (const client of clients) client.drop();
    },
  };
}

export type Herd = Awaited<ReturnType<typeof createHerd>>;

function createClient({
  url,
  token,
  after,
  onEvent = () => {},
}: Pick<HerdOptions, 'url' | 'after' | 'onEvent'> & { token: string }): HerdClient {
  let events = 0;
  let last: Buffer | undefined;
  let socket: WebSocket | undefined;

  function connect(): Promise<void> {
    const cursor = last ? readCursorOf(last) : after;
    const variables = { after: cursor, filter: { status: ['OPEN'] } };
    const current = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      perMessageDeflate: false,
    });
    socket = current;
    return new Promise((resolve, reject) => {
      current.once('open', () =>
        send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }),
      );
      current.on('message', (frame: Buffer) => {
        if (frame.includes('"type":"next"')) return take(frame, resolve, reject);
        if (frame.includes('"type":"connection_ack"'))
          return send({ id: randomUUID(), type: 'subscribe', payload: { query: INBOX, variables } });
        if (!frame.includes('"type":"ping"')) reject(new Error(String(frame)));
      });
      current.once('error', reject);
    });
    function send(message: object) {
      current.send(JSON.stringify(message));
    }
  }

  function take(frame: Buffer, caughtUp: () => void, fail: (error: Error) => void) {
    if (frame.includes(RESET)) return fail(new Error(String(frame)));
    last = frame;
    if (frame.includes(CAUGHT_UP)) return caughtUp();
    events += 1;
    onEvent(frame);
  }

  return {
    events: () => events,
    connect,
    drop() {
      socket?.removeAllListeners('message');
      socket?.terminate();
    },
  };
}

function readCursorOf(frame: Buffer): string {
  const cursor = CURSOR.exec(String(frame.subarray(-TAIL_BYTES)))?.[1];
  if (!cursor) throw new Error(`a frame without a cursor: ${frame}`);
  return cursor;
}
