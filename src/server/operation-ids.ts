// `{"id":"7:abc","type":"next",…}`: messages of the server begin with these two.
const OUTGOING = /^\{"id":"(\d+):((?:[^"\\]|\\.)*)","type":"(\w+)"/;

export type OperationIds = ReturnType<typeof createOperationIds>;

/**
 * Gives every operation of a socket an id that is never used again. A client may reuse an id right after Complete; graphql-ws
 * (6.4) then confuses the two operations and never ends the first.
 */
export function createOperationIds() {
  const current = new Map<string, number>();
  const live = new Set<number>();
  let newest = 0;

  function numberFor(clientId: string, type: unknown): number {
    const known = current.get(clientId);
    // An id that is in use stays what it is: graphql-ws then closes the socket, as the protocol wants.
    if (type !== 'subscribe' || known !== undefined) return known ?? 0;
    newest += 1;
    current.set(clientId, newest);
    live.add(newest);
    return newest;
  }

  function forget(clientId: string, number: number) {
    live.delete(number);
    if (current.get(clientId) === number) current.delete(clientId);
  }

  return {
    /** Whether an operation with this id of the client's runs. */
    has: (clientId: string) => current.has(clientId),
    count: () => current.size,
    /** A message of the client, as graphql-ws is to see it. What is no such message stays as it is. */
    incoming(text: string): string {
      const message = parseMessage(text);
      if (!message) return text;
      const number = numberFor(message.id, message.type);
      if (message.type === 'complete') forget(message.id, number);
      return JSON.stringify({ ...message, id: `${number}:${message.id}` });
    },
    /** A message of the server, as the client is to see it; null for one of an operation that the client has ended. */
    outgoing(text: string): string | null {
      const match = OUTGOING.exec(text);
      if (!match) return text;
      const [, number = '', id = '', type] = match;
      if (!live.has(Number(number))) return null;
      if (type !== 'next') forget(JSON.parse(`"${id}"`), Number(number));
      return `{"id":"${text.slice(`{"id":"${number}:`.length)}`;
    },
    /** Why graphql-ws closes the socket, as the client is to see it. */
    reason: (text: string) => text.replace(/^Subscriber for \d+:/, 'Subscriber for '),
  };
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
