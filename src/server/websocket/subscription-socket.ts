import type { Duplex } from 'node:stream';
import type { GraphQLError } from 'graphql';
import { CloseCode, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { EncodedFrame, Sink } from '../../live/send-queue.ts';
import type { SubscriptionHandle } from '../../live/subscription.ts';
import type { Claims } from '../authenticate.ts';
import { toCloseReason } from './close-reason.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { GraphQLWsSocket } from './graphql-ws-socket.ts';
import { parseMessage } from './operation-ids.ts';

// What may lie in the socket's own buffer before frames wait for it to be sent.
const MAX_BUFFERED_BYTES = 65_536;
const MAX_OPERATIONS = 100;
const TOO_MANY_OPERATIONS = `This websocket has ${MAX_OPERATIONS} operations already. End one, or open another websocket.`;

const BEGIN = '{"id":';
const NEXT = ',"type":"next","payload":';

/** What all websockets of a server share. */
export interface SharedSocketParts {
  writeFrame: FrameWriter;
  /** Opens the subscription; null when it is none, and is to be run like a query. */
  open: (claims: Claims, payload: SubscribePayload, sink: Sink) => Promise<SubscriptionHandle | null>;
}

export interface SubscriptionSocketOptions {
  parts: SharedSocketParts;
  socket: WebSocket;
  /** What the websocket lies on. Without compression ws, too, writes each message to it at once, so all stay in order. */
  raw: Duplex;
  /** Takes what is no subscription. */
  protocol: GraphQLWsSocket;
}

/**
 * The subscriptions of one websocket, in the words of graphql-transport-ws. They do not go through graphql-ws, which would
 * serialize every frame for every subscriber, and wait for each to be sent.
 */
export class SubscriptionSocket {
  readonly socket: WebSocket;
  readonly raw: Duplex;
  readonly parts: SharedSocketParts;
  /** Who asks; undefined until they have said so. */
  claims: Claims | undefined;
  /** It was asked whether its other side lives, and has not answered yet. */
  isAwaitingPong = false;
  private readonly protocol: GraphQLWsSocket;
  // One, mostly; and never so many that they could not be looked through.
  private running: SocketOperation[] | undefined;

  constructor({ parts, socket, raw, protocol }: SubscriptionSocketOptions) {
    this.parts = parts;
    this.socket = socket;
    this.raw = raw;
    this.protocol = protocol;
  }

  /** A message of the client. */
  receive(text: string) {
    // Before it is known who asks, graphql-ws says what is wrong.
    if (!this.claims || !this.take(text, this.claims)) this.protocol.receive(text);
  }

  /** The socket has taken what was given to it. */
  flush() {
    for (const { subscription } of this.running?.slice() ?? []) subscription?.flush();
  }

  close() {
    for (const operation of this.running ?? []) operation.close();
    this.running = undefined;
  }

  end(operation: SocketOperation) {
    operation.isEnded = true;
    this.running = this.running?.filter((one) => one !== operation);
  }

  /** Whether a message was one of these subscriptions' and has been seen to. */
  private take(text: string, claims: Claims): boolean {
    const message = parseMessage(text);
    if (message?.type === 'complete') return this.complete(message.id);
    if (message?.type !== 'subscribe') return false;
    const { socket, protocol } = this;
    if (this.find(message.id)) {
      socket.close(
        CloseCode.SubscriberAlreadyExists,
        toCloseReason(`Subscriber for ${message.id} already exists`),
      );
      return true;
    }
    // What is none of these, graphql-ws sees to, a second one with the same id among them.
    if (protocol.ids.has(message.id)) return false;
    if ((this.running?.length ?? 0) + protocol.ids.count() >= MAX_OPERATIONS) {
      const error = { message: TOO_MANY_OPERATIONS, extensions: { code: 'TOO_MANY_OPERATIONS' } };
      socket.send(JSON.stringify({ id: message.id, type: 'error', payload: [error] }));
      return true;
    }
    if (!isSubscription(message.payload)) return false;
    const operation = new SocketOperation(this, message.id);
    if (this.running) this.running.push(operation);
    else this.running = [operation];
    void this.start(operation, claims, { payload: message.payload, text });
    return true;
  }

  private async start(
    operation: SocketOperation,
    claims: Claims,
    { payload, text }: { payload: SubscribePayload; text: string },
  ) {
    const subscription = await this.parts.open(claims, payload, operation);
    if (subscription) {
      operation.subscription = subscription;
      // Ended while it was being opened.
      if (operation.isEnded) subscription.close();
      return;
    }
    const wasEnded = operation.isEnded;
    this.end(operation);
    if (!wasEnded) this.protocol.receive(text);
  }

  private find(id: string): SocketOperation | undefined {
    const begin = beginOf(id);
    return this.running?.find((operation) => operation.begin === begin);
  }

  private complete(id: string): boolean {
    const operation = this.find(id);
    if (!operation) return false;
    this.end(operation);
    operation.close();
    return true;
  }
}

/** One of them. */
class SocketOperation implements Sink {
  readonly begin: string;
  isEnded = false;
  subscription: SubscriptionHandle | undefined;
  private readonly socket: SubscriptionSocket;

  constructor(socket: SubscriptionSocket, id: string) {
    this.socket = socket;
    this.begin = beginOf(id);
  }

  isReady() {
    return this.socket.raw.writableLength < MAX_BUFFERED_BYTES;
  }

  next({ body }: EncodedFrame) {
    const { socket, raw, parts } = this.socket;
    if (this.isEnded || socket.readyState !== socket.OPEN) return;
    parts.writeFrame(raw, this.begin, body);
  }

  complete() {
    this.end({ type: 'complete' });
  }

  fail(errors: readonly GraphQLError[]) {
    this.end({ type: 'error', payload: errors });
  }

  disconnect(error: GraphQLError) {
    this.fail([error]);
    // The official client does not connect again after this code.
    this.socket.socket.close(CloseCode.Unauthorized, 'You have been removed or blocked.');
  }

  close() {
    this.isEnded = true;
    this.subscription?.close();
  }

  private end(message: object) {
    if (this.isEnded) return;
    this.socket.end(this);
    const { socket } = this.socket;
    const id: string = JSON.parse(this.begin.slice(BEGIN.length, -NEXT.length));
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ id, ...message }));
  }
}

/** What each frame of an operation begins with, in ASCII: all that is kept of its id. */
function beginOf(id: string): string {
  const escaped = JSON.stringify(id).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${BEGIN}${escaped}${NEXT}`;
}

// What is none after all, is found out when it has been parsed.
function isSubscription(payload: unknown): payload is SubscribePayload {
  const query = typeof payload === 'object' && payload !== null && 'query' in payload ? payload.query : null;
  return typeof query === 'string' && query.includes('subscription');
}
