// `{"id":"7:abc","type":"next",…}`: messages of the server begin with these two.
const OUTGOING = /^\{"id":"(\d+):((?:[^"\\]|\\.)*)","type":"(\w+)"/;

/**
 * Gives every operation of a socket an id that is never used again. A client may reuse an id right after Complete; graphql-ws
 * (6.4) then confuses the two operations and never ends the first. Most sockets have no operation that goes through it.
 */
export class OperationIds {
  private current: Map<string, number> | undefined;
  private live: Set<number> | undefined;
  private newest = 0;

  /** Whether an operation with this id of the client's runs. */
  has(clientId: string): boolean {
    return this.current?.has(clientId) ?? false;
  }

  count(): number {
    return this.current?.size ?? 0;
  }

  /** A message of the client, as graphql-ws is to see it. What is no such message stays as it is. */
  incoming(text: string): string {
    const message = parseMessage(text);
    if (!message) return text;
    const number = this.numberFor(message.id, message.type);
    if (message.type === 'complete') this.forget(message.id, number);
    return JSON.stringify({ ...message, id: `${number}:${message.id}` });
  }

  /** A message of the server, as the client is to see it; null for one of an operation that the client has ended. */
  outgoing(text: string): string | null {
    const match = OUTGOING.exec(text);
    if (!match) return text;
    const [, number = '', id = '', type] = match;
    if (!this.live?.has(Number(number))) return null;
    if (type !== 'next') this.forget(JSON.parse(`"${id}"`), Number(number));
    return `{"id":"${text.slice(`{"id":"${number}:`.length)}`;
  }

  /** Why graphql-ws closes the socket, as the client is to see it. */
  reason(text: string): string {
    return text.replace(/^Subscriber for \d+:/, 'Subscriber for ');
  }

  private numberFor(clientId: string, type: unknown): number {
    const known = this.current?.get(clientId);
    // An id that is in use stays what it is: graphql-ws then closes the socket, as the protocol wants.
    if (type !== 'subscribe' || known !== undefined) return known ?? 0;
    this.newest += 1;
    this.current = (this.current ?? new Map()).set(clientId, this.newest);
    this.live = (this.live ?? new Set()).add(this.newest);
    return this.newest;
  }

  private forget(clientId: string, number: number) {
    this.live?.delete(number);
    if (this.current?.get(clientId) === number) this.current.delete(clientId);
  }
}

/** A message about an operation; null when it is something else. */
export function parseMessage(text: string): { id: string; type?: unknown; payload?: unknown } | null {
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message !== 'object' || message === null || Array.isArray(message)) return null;
    return 'id' in message && typeof message.id === 'string' && message.id !== ''
      ? { ...message, id: message.id }
      : null;
  } catch {
    return null;
  }
}
