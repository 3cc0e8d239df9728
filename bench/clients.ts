import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';

const OPEN_CONCURRENCY = 50;

/** Counts received frames that contain an expected text. Parses nothing, so that the client costs little. */
export interface FrameCounter {
  count(frame: Buffer): void;
  /** Resolves when `count` frames with this text have arrived. */
  until(text: string, count: number): Promise<void>;
  /** The newest frame. */
  readonly last: () => string;
}

export function createFrameCounter(): FrameCounter {
  let awaited: Buffer = Buffer.alloc(0);
  let missing = 0;
  let done: (() => void) | undefined;
  let last: Buffer = Buffer.alloc(0);
  return {
    count(frame) {
      last = frame;
      if (missing === 0 || !frame.includes(awaited)) return;
      missing -= 1;
      if (missing === 0) done?.();
    },
    until(text, count) {
      awaited = Buffer.from(text);
      missing = count;
      return new Promise((resolve) => {
        done = resolve;
      });
    },
    last: () => last.toString(),
  };
}

export interface SubscribeRequest {
  token: string;
  query: string;
  variables?: object;
}

/** Opens a graphql-transport-ws client with one subscription. Resolves with its first frame. */
export function subscribe(
  url: string,
  { token, query, variables }: SubscribeRequest,
  counter: Pick<FrameCounter, 'count'>,
) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: false,
  });
  return new Promise<WebSocket>((resolve, reject) => {
    socket.once('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
    );
    socket.once('message', () => {
      // Same id length as common clients: 36 characters.
      socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query, variables } }));
      socket.once('message', (first: Buffer) => {
        if (!first.includes('"type":"next"')) return reject(new Error(String(first)));
        socket.on('message', counter.count);
        resolve(socket);
      });
    });
    socket.once('error', reject);
    socket.once('close', (code, reason) => reject(new Error(`closed: ${code} ${reason}`)));
  });
}

/** Opens a client of the bare ws baseline. */
export function openBareSocket(url: string, counter: Pick<FrameCounter, 'count'>): Promise<WebSocket> {
  const socket = new WebSocket(url.replace('http', 'ws'), { perMessageDeflate: false });
  socket.on('message', counter.count);
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Opens a client of the Socket.IO baseline. */
export function openSocketIo(url: string, counter: FrameCounter): Promise<{ terminate(): void }> {
  const socket = io(url, { transports: ['websocket'], forceNew: true });
  socket.on('event', (payload: object) => counter.count(Buffer.from(JSON.stringify(payload))));
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve({ terminate: () => socket.disconnect() }));
    socket.once('connect_error', reject);
  });
}

/** Opens `count` clients, OPEN_CONCURRENCY at a time. */
export async function openAll<T>(count: number, open: (index: number) => Promise<T>): Promise<T[]> {
  const opened: T[] = [];
  for (let from = 0; from < count; from += OPEN_CONCURRENCY) {
    const size = Math.min(OPEN_CONCURRENCY, count - from);
    opened.push(...(await Promise.all(Array.from({ length: size }, (_, index) => open(from + index)))));
  }
  return opened;
}
