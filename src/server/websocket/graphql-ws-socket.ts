import { CloseCode, type WebSocket as GraphQLWebSocket } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Log } from '../../log.ts';
import type { ClientMessage } from './client-message.ts';
import { closeSocket, toCloseReason } from './close-code.ts';
import { OperationIds } from './operation-ids.ts';
import { sendReply } from './reply.ts';

/** The websocket that graphql-ws is given: it rewrites operation ids, and says in close reasons what to do. */
export class GraphQLWsSocket implements GraphQLWebSocket {
  private readonly socket: WebSocket;
  private readonly log: Log;
  /** Ids of the operations that go through graphql-ws. */
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
    const message = this.ids.outgoing(text);
    return message === null ? Promise.resolve() : sendReply(this.socket, message);
  }

  close(code: number, reason = '') {
    if (code === CloseCode.BadRequest) return closeSocket(this.socket, 'badMessage');
    if (code === CloseCode.SubprotocolNotAcceptable) return closeSocket(this.socket, 'wrongSubprotocol');
    this.socket.close(code, toCloseReason(this.ids.reason(reason)));
  }

  /** Passes a message of the client to graphql-ws. */
  receive(message: ClientMessage) {
    this.listener?.(JSON.stringify(this.ids.incoming(message))).catch((error: unknown) => this.fail(error));
  }

  /** Logs a fault of ours, and closes the websocket. */
  fail(error: unknown) {
    this.log.error({ err: error }, 'a websocket failed');
    closeSocket(this.socket, 'internalError');
  }
}
