import type { Duplex } from 'node:stream';
import type { GraphQLError } from 'graphql';
import { CloseCode, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { toReason } from './close-reason.ts';
import type { FrameWriter } from './frame-writer.ts';
import type { Subscription } from './live.ts';
import type { Payload, Sink } from './live-outbox.ts';
import { type OperationIds, parseMessage } from './operation-ids.ts';

// What may lie in the socket's own buffer before frames wait for it to be sent.
const MAX_BUFFERED_BYTES = 65_536;
const MAX_OPERATIONS = 100;
const TOO_MANY = `This websocket has ${MAX_OPERATIONS} operations already. End one, or open another websocket.`;

export interface LiveSocketOptions {
  socket: WebSocket;
  /** What the websocket lies on. Without compression ws, too, writes each message to it at once, so all stay in order. */
  raw: Duplex;
  writeFrame: FrameWriter;
  /** Opens the subscription; null when it is none, and is to be run like a query. */
  open: (payload: SubscribePayload, sink: Sink) => Promise<Subscription | null>;
  /** What is no subscription. */
  pass: (text: string) => void;
}

/**
 * The subscriptions of one websocket, in the words of graphql-transport-ws. They do not go through graphql-ws, which would
 * serialize every frame for every subscriber, and wait for each to be sent.
 */
export function createLiveSocket({ socket, raw, writeFrame, open, pass }: LiveSocketOptions) {
  const running = new Map<string, { subscription?: Subscription; isEnded: boolean }>();

  function sinkFor(id: string, operation: { isEnded: boolean }): Sink {
    const begin = `{"id":${JSON.stringify(id)},"type":"next","payload":`;

    function end(message: object) {
      if (operation.isEnded) return;
      operation.isEnded = true;
      running.delete(id);
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
    }

    const fail = (errors: readonly GraphQLError[]) => end({ id, type: 'error', payload: errors });
    return {
      isReady: () => raw.writableLength < MAX_BUFFERED_BYTES,
      next({ body }: Payload) {
        if (operation.isEnded || socket.readyState !== socket.OPEN) return;
        writeFrame(raw, begin, body);
      },
      complete: () => end({ id, type: 'complete' }),
      fail,
      expel(error) {
        fail([error]);
        // The official client does not connect again after this code.
        socket.close(CloseCode.Unauthorized, 'You have been removed or blocked.');
      },
    };
  }

  async function start(id: string, payload: SubscribePayload, text: string) {
    const operation: { subscription?: Subscription; isEnded: boolean } = { isEnded: false };
    running.set(id, operation);
    const subscription = await open(payload, sinkFor(id, operation));
    if (subscription) {
      operation.subscription = subscription;
      // Ended while it was being opened.
      if (operation.isEnded) subscription.close();
      return;
    }
    const wasEnded = operation.isEnded;
    if (running.get(id) === operation) running.delete(id);
    if (!wasEnded) pass(text);
  }

  function complete(id: string): boolean {
    const operation = running.get(id);
    if (!operation) return false;
    operation.isEnded = true;
    running.delete(id);
    operation.subscription?.close();
    return true;
  }

  return {
    /**
     * Whether a message was one of these subscriptions' and has been seen to. `others` are the other operations of the
     * socket.
     */
    take(text: string, others: Pick<OperationIds, 'has' | 'count'>): boolean {
      const message = parseMessage(text);
      if (message?.type === 'complete') return complete(message.id);
      if (message?.type !== 'subscribe') return false;
      if (running.has(message.id)) {
        socket.close(
          CloseCode.SubscriberAlreadyExists,
          toReason(`Subscriber for ${message.id} already exists`),
        );
        return true;
      }
      // What is none of these, graphql-ws sees to, a second one with the same id among them.
      if (others.has(message.id)) return false;
      if (running.size + others.count() >= MAX_OPERATIONS) {
        const error = { message: TOO_MANY, extensions: { code: 'TOO_MANY_OPERATIONS' } };
        socket.send(JSON.stringify({ id: message.id, type: 'error', payload: [error] }));
        return true;
      }
      if (!isSubscription(message.payload)) return false;
      void start(message.id, message.payload, text);
      return true;
    },
    /** The socket has taken what was given to it. */
    flush() {
      for (const { subscription } of running.values()) subscription?.flush();
    },
    close() {
      for (const operation of running.values()) {
        operation.isEnded = true;
        operation.subscription?.close();
      }
      running.clear();
    },
  };
}

// What is none after all, is found out when it has been parsed.
function isSubscription(payload: unknown): payload is SubscribePayload {
  const query = typeof payload === 'object' && payload !== null && 'query' in payload ? payload.query : null;
  return typeof query === 'string' && query.includes('subscription');
}
