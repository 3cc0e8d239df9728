import type { ClientMessage } from './client-message.ts';

// Messages of the server begin with `{"id":"7:abc","type":"next"`.
const OUTGOING = /^\{"id":"(\d+):((?:[^"\\]|\\.)*)","type":"(\w+)"/;

/**
 * Replaces the operation ids of a client by ids that are never reused on the websocket: `<number>:<client id>`. A client may reuse an id
 * right after Complete; graphql-ws 6.4 then mixes up the two operations and never ends the first. Maps are created with
 * the first operation, as most websockets have none that goes through graphql-ws.
 */
export class OperationIds {
  private current: Map<string, number> | undefined;
  private active: Set<number> | undefined;
  private newest = 0;

  /** Whether an operation with this id of the client is running. */
  has(clientId: string): boolean {
    return this.current?.has(clientId) ?? false;
  }

  count(): number {
    return this.current?.size ?? 0;
  }

  /** Rewrites a message of the client for graphql-ws. One that is not about an operation is returned unchanged. */
  incoming(message: ClientMessage): ClientMessage {
    if (!('id' in message)) return message;
    const number = this.numberFor(message.id, message.type);
    if (message.type === 'complete') this.forget(message.id, number);
    return { ...message, id: `${number}:${message.id}` };
  }

  /** Rewrites a message of graphql-ws for the client; null drops it, because the client has ended the operation. */
  outgoing(text: string): string | null {
    const match = OUTGOING.exec(text);
    if (!match) return text;
    const [, number = '', id = '', type] = match;
    if (!this.active?.has(Number(number))) return null;
    if (type !== 'next') this.forget(JSON.parse(`"${id}"`), Number(number));
    return `{"id":"${text.slice(`{"id":"${number}:`.length)}`;
  }

  /** Rewrites the reason with which graphql-ws closes the websocket. */
  reason(text: string): string {
    return text.replace(/^Subscriber for \d+:/, 'Subscriber for ');
  }

  private numberFor(clientId: string, type: 'subscribe' | 'complete'): number {
    const known = this.current?.get(clientId);
    // A duplicate id keeps its number, so that graphql-ws closes the websocket as the protocol requires.
    if (type !== 'subscribe' || known !== undefined) return known ?? 0;
    this.newest += 1;
    this.current = (this.current ?? new Map()).set(clientId, this.newest);
    this.active = (this.active ?? new Set()).add(this.newest);
    return this.newest;
  }

  private forget(clientId: string, number: number) {
    this.active?.delete(number);
    if (this.current?.get(clientId) === number) this.current.delete(clientId);
  }
}
