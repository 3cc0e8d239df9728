import { connect, type Socket } from 'node:net';
import type { BodyRequest, MessagesRequest, OperationRequest, Request } from './requests.ts';
import { expand } from './tokens.ts';

// Sends a request over a connection of its own, byte by byte, and reads what comes back.

/** Time in which an answer must begin and end. A machine under load is slow, but not so slow. */
const ANSWER_TIMEOUT_MS = 30_000;
// A subscription goes on. What comes in this time is looked at.
const LISTEN_MS = 40;
const MAX_READ_BYTES = 32 * 1_048_576;

export interface Exchange {
  /** Text that was sent, without tokens. */
  sent: string;
  received: string;
  /** Whether the server let the client wait for ever, or ended the connection without an answer to a whole request. */
  isSilent: boolean;
}

export interface SendOptions {
  url: string;
  ids: Readonly<Record<string, string>>;
  /** Value of the Authorization header; undefined for a sender without a token. */
  authorization: string | undefined;
}

export function send(request: Request, options: SendOptions): Promise<Exchange> {
  switch (request.over) {
    case 'body':
      return sendHttp(request, options);
    case 'messages':
      return sendFrames(toMessageFrames(request, options), request.isReset, options);
    case 'frames':
      return sendFrames(
        request.frames.map((frame) => ({ ...frame, payload: toBytes(expand(frame.payload, options.ids)) })),
        request.isReset,
        options,
      );
    case 'bytes':
      return exchange(options.url, {
        chunks: request.chunks.map((chunk) => toBytes(expand(chunk, options.ids))),
        sent: '',
        isReset: request.isReset,
        until: () => true,
      });
    default:
      return sendOperation(request, options);
  }
}

function sendOperation({ as, over, operation }: OperationRequest, options: SendOptions): Promise<Exchange> {
  const { document: query, variables } = operation;
  if (over === 'websocket') return sendOverSocket({ query, variables }, options);
  const body = JSON.stringify({ query, variables });
  const accept = over === 'sse' ? 'text/event-stream' : 'application/json';
  const request = { as, over: 'body', type: 'application/json', accept, body } as const;
  return sendHttp({ ...request, method: over === 'get' ? 'GET' : 'POST' }, options);
}

async function sendHttp(request: BodyRequest, { url, ids, authorization }: SendOptions): Promise<Exchange> {
  const { method, type, accept } = request;
  const body = expand(request.body, ids);
  const isGet = method === 'GET';
  const path = isGet ? `/graphql?${toQuery(body)}` : '/graphql';
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: close',
    `Accept: ${accept}`,
    ...(type === '' ? [] : [`Content-Type: ${type}`]),
    ...(authorization ? [`Authorization: ${authorization}`] : []),
    ...(isGet ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  const exchanged = await exchange(url, {
    chunks: [Buffer.from(`${head.join('\r\n')}\r\n\r\n${isGet ? '' : body}`)],
    sent: body,
    until: createHttpEnd(request),
  });
  return { ...exchanged, isSilent: exchanged.isSilent || exchanged.received === '' };
}

/** Recognizes the end of an answer after which the server goes on or keeps the connection: Yoga keeps those of streams. Undefined otherwise. */
function createHttpEnd({ method, accept }: BodyRequest): Script['until'] {
  if (method === 'HEAD') return (received) => received.endsWith('\r\n\r\n');
  if (!/event-stream|multipart/.test(accept)) return undefined;
  return (received) => received.includes('\n\n') || received.endsWith('\r\n0\r\n\r\n');
}

function toQuery(body: string): string {
  try {
    const { query, variables } = JSON.parse(body);
    return String(new URLSearchParams({ query, variables: JSON.stringify(variables) }));
  } catch {
    return encodeURIComponent(Buffer.from(body).toString());
  }
}

const HANDSHAKE = [
  'GET /graphql HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  'Sec-WebSocket-Protocol: graphql-transport-ws',
  '\r\n',
].join('\r\n');
const TEXT = 0x81;
// Codes from 4352 to 4607 begin with this byte. No text of the protocol has it.
const CLOSE_CODE = '\u0011';

interface Frame {
  first: number;
  payload: Uint8Array;
  isMasked: boolean;
  isCut: boolean;
}

function toMessageFrames({ isInitialized, messages }: MessagesRequest, options: SendOptions): Frame[] {
  const texts = messages.map((message) => expand(message, options.ids));
  return [...(isInitialized ? [initOf(options)] : []), ...texts].map(toFrame);
}

function initOf({ authorization }: SendOptions): string {
  return JSON.stringify({ type: 'connection_init', payload: authorization ? { authorization } : {} });
}

function toFrame(text: string): Frame {
  return { first: TEXT, payload: Buffer.from(text), isMasked: true, isCut: false };
}

function sendOverSocket(payload: object, options: SendOptions): Promise<Exchange> {
  const message = expand(JSON.stringify({ id: '1', type: 'subscribe', payload }), options.ids);
  return exchange(options.url, {
    chunks: [Buffer.from(HANDSHAKE), ...[initOf(options), message].map(toFrame).map(encodeFrame)],
    sent: message,
    until: (received) => /"type":"(next|error|complete)"/.test(received) || received.includes(CLOSE_CODE),
  });
}

function sendFrames(frames: readonly Frame[], isReset: boolean, { url }: SendOptions): Promise<Exchange> {
  const sent = frames.map(({ payload }) => Buffer.from(payload).toString()).join('\n');
  return exchange(url, {
    chunks: [Buffer.from(HANDSHAKE), ...frames.map(encodeFrame)],
    ...{ sent, isReset },
    until: () => true,
  });
}

function encodeFrame({ first, payload, isMasked, isCut }: Frame): Uint8Array {
  const mask = isMasked ? 0x80 : 0;
  const { length } = payload;
  const head =
    length < 126
      ? [first, mask | length]
      : length < 65_536
        ? [first, mask | 126, length >> 8, length & 255]
        : [
            first,
            mask | 127,
            0,
            0,
            0,
            0,
            length >>> 24,
            (length >> 16) & 255,
            (length >> 8) & 255,
            length & 255,
          ];
  // A key of zeros masks nothing.
  const key = isMasked ? [0, 0, 0, 0] : [];
  const frame = Buffer.concat([Uint8Array.from([...head, ...key]), payload]);
  return isCut ? frame.subarray(0, Math.ceil(frame.length / 2)) : frame;
}

function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

interface Script {
  chunks: Uint8Array[];
  sent: string;
  /** Ends the connection by RST. */
  isReset?: boolean;
  /** Whether nothing more must come: the connection is closed a little later. Default: when the server closes it. */
  until?: ((received: string) => boolean) | undefined;
}

function exchange(url: string, { chunks, sent, isReset = false, until }: Script): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket: Socket = connect(Number(new URL(url).port), '127.0.0.1');
    const received: Buffer[] = [];
    let bytes = 0;
    let isSilent = false;
    const text = () => Buffer.concat(received).toString();
    const leave = () => (isReset ? socket.resetAndDestroy() : socket.destroy());
    const patience = setTimeout(() => {
      isSilent = true;
      socket.destroy();
    }, ANSWER_TIMEOUT_MS);
    let leaving: NodeJS.Timeout | undefined;
    const look = () => {
      if (leaving || !(bytes > MAX_READ_BYTES || until?.(text()))) return;
      leaving = setTimeout(leave, LISTEN_MS);
    };
    socket.on('data', (data) => {
      received.push(data);
      bytes += data.length;
      look();
    });
    // The server may close or reset a broken connection: what it sent before counts.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(patience);
      clearTimeout(leaving);
      resolve({ sent, received: text(), isSilent });
    });
    socket.once('connect', () => {
      for (const chunk of chunks) socket.write(chunk);
      look();
    });
  });
}
