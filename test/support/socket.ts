import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import type { Gateway } from './gateway.ts';
import type { Person } from './mutations.ts';
import { createReceiveQueue } from './receive-queue.ts';

/** A message of the graphql-transport-ws protocol. */
export interface Message {
  id?: string;
  type: string;
  payload?: unknown;
}

export interface Socket {
  /** Sends a value as JSON, or a string as it is. */
  send(message: object | string): void;
  /** The next message of the server. */
  next(): Promise<Message>;
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Closes the connection cleanly. */
  close(): void;
  /** Drops the connection without a close frame. */
  cut(): void;
  /** Stops reading, so that pings stay unanswered; the connection stays open. */
  pause(): void;
  resume(): void;
  /** Sends a ping or pong frame of the websocket protocol. */
  frame(type: 'ping' | 'pong', data: string): void;
  /** Data of the pong frames that the server has sent. */
  pongs(): string[];
  /** Sends one message in so many frames. */
  fragments(count: number): void;
}

const PROTOCOL = 'graphql-transport-ws';

/** Opens a bare websocket, for messages that no official client sends. */
export async function openSocket(
  { url }: Pick<Gateway, 'url'>,
  protocols: string[] = [PROTOCOL],
): Promise<Socket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocols);
  onTestFinished(() => socket.terminate());
  const inbox = createReceiveQueue<Message>('message');
  socket.on('message', (data) => inbox.put(JSON.parse(String(data))));
  const pongs: string[] = [];
  socket.on('pong', (data) => pongs.push(String(data)));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      inbox.close(new Error(`closed with ${code} ${reason}`));
      resolve({ code, reason: String(reason) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: inbox.next,
    closed,
    close: () => socket.close(1000),
    cut: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    frame: (type, data) => socket[type](data),
    pongs: () => pongs,
    fragments(count) {
      for (let sent = 1; sent <= count; sent++) socket.send('', { fin: sent === count });
    },
  };
}

/** Opens a bare websocket and authenticates this viewer. */
export async function connect(gateway: Pick<Gateway, 'url' | 'tokenFor'>, person: Person): Promise<Socket> {
  const socket = await openSocket(gateway);
  socket.send({
    type: 'connection_init',
    payload: { authorization: `Bearer ${await gateway.tokenFor(person)}` },
  });
  const { type } = await socket.next();
  if (type !== 'connection_ack') throw new Error(`not acknowledged: ${type}`);
  return socket;
}
