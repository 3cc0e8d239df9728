import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';

const ANSWER_TIMEOUT_MS = 15_000;
const DEAF_MS = 1_000;

/** Answer to a hostile input. */
export interface HostileAnswer {
  /** Status, close code or error code; several are joined. */
  answer: string;
  bytes: number;
  ms: number;
}

export interface HttpInput {
  method?: string;
  path?: string;
  token?: string | undefined;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends a request. Resolves with its answer, or with the error that cut the connection. */
export function sendHttp(url: string, input: HttpInput): Promise<HostileAnswer> {
  const { method = 'POST', path = '/graphql', token, headers, body = '' } = input;
  const began = performance.now();
  return new Promise((resolve) => {
    const end = (answer: string, bytes = 0) => resolve({ answer, bytes, ms: performance.now() - began });
    const sent = request(`${url}${path}`, {
      method,
      agent: false,
      timeout: ANSWER_TIMEOUT_MS,
      headers: {
        ...(body && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    sent.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', (error) => end(error.message));
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        end([response.statusCode, ...codesOf(bytes.toString())].join(' '), bytes.length);
      });
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    sent.end(body);
  });
}

export function sendQuery(
  url: string,
  { token, ...body }: { token?: string | undefined; query: string; variables?: object },
): Promise<HostileAnswer> {
  return sendHttp(url, { token, body: JSON.stringify(body) });
}

/** Codes of errors and issues in an answer, and the types of refusals, each once. */
function codesOf(text: string): string[] {
  const codes = text.matchAll(/"code":"(\w+)"|"__typename":"(\w+Error)"/g);
  return [...new Set([...codes].map(([, code, type]) => code ?? type ?? ''))].slice(0, 3);
}

/** Writes bytes to a connection. Resolves with the status, or when the node has closed it, or at once after cutting it with a RST. */
export function sendBytes(url: string, bytes: string, { cutAtOnce = false } = {}): Promise<HostileAnswer> {
  const { hostname, port } = new URL(url);
  const began = performance.now();
  return new Promise((resolve) => {
    let received = '';
    const socket: Socket = connect(Number(port), hostname);
    const end = (answer: string) => {
      resolve({ answer, bytes: received.length, ms: performance.now() - began });
      socket.destroy();
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => end('no answer'));
    socket.on('data', (data) => {
      received += data.toString('latin1');
      if (received.includes('\r\n\r\n')) end(statusOf(received));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => received || end(error.code ?? error.message));
    socket.on('close', () => end(statusOf(received)));
    socket.write(bytes, () => {
      if (!cutAtOnce) return;
      socket.resetAndDestroy();
      end('cut by the client');
    });
  });
}

function statusOf(received: string): string {
  return /^HTTP\/1.1 (\d+)/.exec(received)?.[1] ?? 'closed';
}

export interface SocketInput {
  /** Initializes the connection first if given. */
  token?: string;
  /** Messages to send one after the other. */
  messages?: string[];
  /** Protocol pings to send. */
  pings?: number;
  /** Reads nothing until everything is sent. */
  isDeaf?: boolean;
  /** Resolves at the first message that contains this text. By default at the first one after the acknowledgement. */
  until?: string;
}

/** Opens a websocket and sends messages. Resolves with the close code, or with the type of the awaited message. */
export async function sendSocket(url: string, input: SocketInput): Promise<HostileAnswer> {
  const { token, messages = [], pings = 0, isDeaf = false, until = '"type":"' } = input;
  const socket = await openSocket(url, token);
  const began = performance.now();
  return new Promise((resolve) => {
    let bytes = 0;
    const end = (answer: string) => {
      clearTimeout(timeout);
      resolve({ answer, bytes, ms: performance.now() - began });
      socket.terminate();
    };
    const timeout = setTimeout(() => end('no answer'), ANSWER_TIMEOUT_MS);
    socket.on('message', (data: Buffer) => {
      bytes += data.length;
      const text = String(data);
      if (!isDeaf && text.includes(until))
        end([/"type":"(\w+)"/.exec(text)?.[1], ...codesOf(text)].join(' '));
    });
    socket.on('close', (code) => end(`closed ${code}`));
    socket.on('error', () => undefined);
    if (isDeaf) socket.pause();
    for (const message of messages) socket.send(message, () => undefined);
    for (let ping = 0; ping < pings; ping++) socket.ping('', true, () => undefined);
    if (!isDeaf) return;
    setTimeout(() => socket.resume(), DEAF_MS);
    // Bytes that are still to be written delay the event of the close.
    setTimeout(() => end(socket.readyState === WebSocket.CLOSING ? 'closing' : 'open'), 2 * DEAF_MS);
  });
}

/** Opens a websocket, and initializes it if there is a token. */
export async function openSocket(url: string, token?: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  if (!token) return socket;
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  await new Promise((resolve) => socket.once('message', resolve));
  return socket;
}
