import type { Duplex } from 'node:stream';
import type { GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { LIMITS } from '../../limits.ts';
import type { EncodedFrame, Sink } from '../../live/send-queue.ts';
import type { SubscriptionHandle } from '../../live/subscription.ts';
import type { Claims } from '../authenticate.ts';
import type { AccessEnd, OpenConnection } from '../connections.ts';
import { namesDocument } from '../persisted-documents.ts';
import { type ClientMessage, parseClientMessage, type SubscribeMessage } from './client-message.ts';
import { closeSocket } from './close-code.ts';
import { createFrames, type FrameWriter } from './frame-writer.ts';
import type { GraphQLWsSocket } from './graphql-ws-socket.ts';
import { sendReply } from './reply.ts';

// Bytes in the buffer of the stream above which frames wait in the send queue (backpressure).
const MAX_BUFFERED_BYTES = 65_536;
const TOO_MANY_OPERATIONS = `This websocket has ${LIMITS.socketOperations} operations already. Complete one, or open another websocket.`;

const KEY_REVOKED = 'The key that signed the token was revoked. Connect again with a new token.';
const PONG = JSON.stringify({ type: 'pong' });

const PREFIX_START = '{"id":';
const PREFIX_END = ',"type":"next","payload":';

/** Dependencies that all websockets of a server share. */
export interface SharedSocketParts {
  writeFrame: FrameWriter;
  /** Opens a subscription. Null when the operation is no subscription or is invalid: graphql-ws then handles it. */
  open: (claims: Claims, payload: SubscribePayload, sink: Sink) => Promise<SubscriptionHandle | null>;
}

export interface SubscriptionSocketOptions {
  parts: SharedSocketParts;
  socket: WebSocket;
  /** Stream below the websocket. Without compression ws writes to it synchronously, so that frames of both stay in order. */
  raw: Duplex;
  /** Handles all messages that are not about subscriptions. */
  protocol: GraphQLWsSocket;
}

/**
 * Subscriptions of one websocket, over graphql-transport-ws. They bypass graphql-ws, which would serialize each frame for every
 * subscriber and wait until it is sent. A class, because memory per websocket counts.
 */
export class SubscriptionSocket implements OpenConnection {
  readonly socket: WebSocket;
  readonly raw: Duplex;
  readonly parts: SharedSocketParts;
  /** Undefined until connection_init is acknowledged. */
  claims: Claims | undefined;
  isAwaitingPong = false;
  private isRevoked = false;
  /** Pings and pongs of the client since the last heartbeat. */
  private pings = 0;
  private readonly protocol: GraphQLWsSocket;
  // An array, as most websockets have one subscription and none has more than LIMITS.socketOperations.
  private running: SocketOperation[] | undefined;

  constructor({ parts, socket, raw, protocol }: SubscriptionSocketOptions) {
    this.parts = parts;
    this.socket = socket;
    this.raw = raw;
    this.protocol = protocol;
  }

  /** Handles a message of the client. */
  receive(data: Buffer) {
    const { socket, claims } = this;
    // ws still emits messages after the close frame was sent.
    if (socket.readyState !== socket.OPEN) return;
    const isTooLarge = !claims && data.length > LIMITS.messageBytesBeforeInit;
    const message = isTooLarge ? null : parseClientMessage(data.toString());
    if (!message) closeSocket(socket, 'badMessage');
    else if (message.type === 'ping' || message.type === 'pong') this.receivePing(message.type);
    else if (!claims && message.type === 'complete') closeSocket(socket, 'notInitialised');
    // Before connection_init is acknowledged, graphql-ws answers with the protocol's close codes.
    else if (!claims || !this.handle(message, claims)) this.protocol.receive(message);
  }

  /** Handles a ping or pong frame of the websocket protocol. A ping is answered with its data. */
  receiveFrame(type: 'ping' | 'pong', data: Buffer) {
    if (type === 'pong') this.isAwaitingPong = false;
    if (this.countPing() && type === 'ping') this.socket.pong(data);
  }

  private receivePing(type: 'ping' | 'pong') {
    if (this.countPing() && type === 'ping') sendReply(this.socket, PONG);
  }

  /** Starts an interval of the heartbeat: the client must answer its ping before the next one. */
  startInterval() {
    this.isAwaitingPong = true;
    this.pings = 0;
  }

  /** Closes the websocket and returns false when the client sends more pings than an interval of the heartbeat may have. */
  private countPing(): boolean {
    this.pings += 1;
    if (this.socket.readyState !== this.socket.OPEN) return false;
    if (this.pings <= LIMITS.pingsPerHeartbeat) return true;
    closeSocket(this.socket, 'tooManyPings');
    return false;
  }

  /** Reads on, and sends what waits in the send queues, after the stream has drained. */
  flush() {
    if (this.socket.isPaused) this.socket.resume();
    for (const { subscription } of this.running?.slice() ?? []) subscription?.flush();
  }

  close() {
    for (const operation of this.running ?? []) operation.close();
    this.running = undefined;
  }

  remove(operation: SocketOperation) {
    operation.isEnded = true;
    this.running = this.running?.filter((other) => other !== operation);
    // After the operation's last message.
    if (this.isRevoked) queueMicrotask(() => this.closeIfRevoked());
  }

  endAccess(reason: AccessEnd) {
    if (reason === 'tokenExpired') return closeSocket(this.socket, 'tokenExpired');
    if (reason === 'keyRevoked') return closeSocket(this.socket, 'tokenRejected', KEY_REVOKED);
    this.isRevoked = true;
    this.closeIfRevoked();
  }

  /** Subscriptions end by themselves, at the position of the event that removes or blocks the viewer. The websocket ends after them. */
  private closeIfRevoked() {
    if (!this.running?.length) closeSocket(this.socket, 'revoked');
  }

  /** Returns false for a message that graphql-ws must handle. */
  private handle(message: ClientMessage, claims: Claims): boolean {
    if (message.type === 'complete') return this.complete(message.id);
    if (message.type !== 'subscribe') return false;
    const { id, payload } = message;
    if (this.find(id)) {
      closeSocket(this.socket, 'duplicateOperationId', `Subscriber for ${id} already exists`);
      return true;
    }
    // graphql-ws has an operation with this id, and closes the websocket.
    if (this.protocol.ids.has(id)) return false;
    if (this.isFull()) {
      this.rejectOperation(message);
      return true;
    }
    if (!mayBeSubscription(payload)) return false;
    const operation = new SocketOperation(this, id);
    if (this.running) this.running.push(operation);
    else this.running = [operation];
    this.start(operation, claims, message).catch((error: unknown) => this.protocol.fail(error));
    return true;
  }

  private isFull(): boolean {
    return (this.running?.length ?? 0) + this.protocol.ids.count() >= LIMITS.socketOperations;
  }

  private rejectOperation({ id }: SubscribeMessage) {
    const error = { message: TOO_MANY_OPERATIONS, extensions: { code: 'TOO_MANY_OPERATIONS' } };
    sendReply(this.socket, JSON.stringify({ id, type: 'error', payload: [error] }));
  }

  private async start(operation: SocketOperation, claims: Claims, message: SubscribeMessage) {
    const subscription = await this.parts.open(claims, message.payload, operation);
    if (subscription) {
      operation.subscription = subscription;
      // The client completed it while it was being opened.
      if (operation.isEnded) subscription.close();
      return;
    }
    const wasEnded = operation.isEnded;
    this.remove(operation);
    if (!wasEnded) this.protocol.receive(message);
  }

  private find(id: string): SocketOperation | undefined {
    const prefix = framePrefixOf(id);
    return this.running?.find((operation) => operation.framePrefix === prefix);
  }

  private complete(id: string): boolean {
    const operation = this.find(id);
    if (!operation) return false;
    this.remove(operation);
    operation.close();
    return true;
  }
}

/** One subscription of a websocket. */
class SocketOperation implements Sink {
  readonly framePrefix: string;
  isEnded = false;
  subscription: SubscriptionHandle | undefined;
  private readonly socket: SubscriptionSocket;

  constructor(socket: SubscriptionSocket, id: string) {
    this.socket = socket;
    this.framePrefix = framePrefixOf(id);
  }

  isReady() {
    return this.socket.raw.writableLength < MAX_BUFFERED_BYTES;
  }

  next({ body }: EncodedFrame) {
    const { socket, raw, parts } = this.socket;
    if (this.isEnded || socket.readyState !== socket.OPEN) return;
    parts.writeFrame(raw, this.framePrefix, body);
  }

  nextAll(frames: readonly EncodedFrame[]) {
    const { socket, raw } = this.socket;
    if (this.isEnded || socket.readyState !== socket.OPEN) return;
    const bodies = frames.map(({ body }) => body);
    raw.write(createFrames(this.framePrefix, bodies));
  }

  complete() {
    this.end({ type: 'complete' });
  }

  fail(errors: readonly GraphQLError[]) {
    this.end({ type: 'error', payload: errors });
  }

  disconnect(error: GraphQLError) {
    this.fail([error]);
    // The official client does not reconnect after this code.
    closeSocket(this.socket.socket, 'revoked');
  }

  close() {
    this.isEnded = true;
    this.subscription?.close();
  }

  private end(message: object) {
    if (this.isEnded) return;
    this.socket.remove(this);
    const { socket } = this.socket;
    const id: string = JSON.parse(this.framePrefix.slice(PREFIX_START.length, -PREFIX_END.length));
    sendReply(socket, JSON.stringify({ id, ...message }));
  }
}

/** Text before the payload in each frame of an operation, in ASCII. It also stores the operation's id. */
function framePrefixOf(id: string): string {
  const escaped = JSON.stringify(id).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${PREFIX_START}${escaped}${PREFIX_END}`;
}

// A cheap test. Queries that pass it are recognized after parsing.
function mayBeSubscription(payload: SubscribePayload): boolean {
  return payload.query.includes('subscription') || namesDocument(payload);
}
