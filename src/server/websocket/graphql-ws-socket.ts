import type { WebSocket as GraphQLWebSocket } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Log } from '../../log.ts';
import { toCloseReason } from './close-reason.ts';
import { OperationIds } from './operation-ids.ts';

const INTERNAL_ERROR = 1011;

/** A websocket as graphql-ws sees it: with ids of operations that are never used again. */
export class GraphQLWsSocket implements GraphQLWebSocket {
  private readonly socket: WebSocket;
  private readonly log: Log;
  /** Of the operations that go through graphql-ws. */
  readonly ids = new OperationIds();
  private listener: ((text: string) => Promise<void>) | undefined;

  constructor(socket: WebSocket, log: Log) {
    this.socket = socket;
    this.log = log;
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  onMessage(listener: (text: string) => Promise<void>) {
    this.listener = listener;
  }

  send(text: string): Promise<void> {
    const { socket } = this;
    const message = this.ids.outgoing(text);
    if (message === null || socket.readyState !== socket.OPEN) return Promise.resolve();
    return new Promise((resolve, reject) => {
      socket.send(message, (error) => (error ? reject(error) : resolve()));
    });
  }

  close(code: number, reason = '') {
    this.socket.close(code, toCloseReason(this.ids.reason(reason)));
  }

  /** Passes a message of the client on. */
  receive(text: string) {
    this.listener?.(this.ids.incoming(text)).catch((error: unknown) => {
      this.log.error({ err: error }, 'a websocket failed');
      this.socket.close(INTERNAL_ERROR, 'Something went wrong on our side. Connect again.');
    });
  }
}
