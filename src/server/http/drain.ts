import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

// Time for the rest of a body to arrive. What has not arrived by then is refused.
const BODY_TIMEOUT_MS = 2_000;
// Time for an answer. What is not answered by then is refused, or cut off in the middle of its answer.
const ANSWER_TIMEOUT_MS = { calm: 8_000, hurried: 1_000 };

export interface DrainOptions {
  /** Open connections of the server, without those that speak another protocol by now. */
  connections: ReadonlySet<Duplex>;
  /** Responses of a connection that are not sent yet. */
  responsesOf: (connection: Duplex) => readonly ServerResponse[];
  /** Aborted when no client may hold up the shutdown any more. */
  hurry: AbortSignal;
}

/**
 * Refuses new connections, ends those without a request, and refuses requests whose body does not arrive. Resolves when all others are
 * answered, or were refused after some seconds.
 */
export async function drainServer(server: Server, { connections, responsesOf, hurry }: DrainOptions) {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Requests that have arrived already are read first.
  await nextTurn();
  await nextTurn();
  for (const connection of connections) if (responsesOf(connection).length === 0) connection.destroy();

  const open = () => [...connections].flatMap(responsesOf);
  const refuseHalves = () => {
    for (const response of open()) if (!response.req.complete) refuse(response);
  };
  const refuseAll = () => {
    for (const response of open()) refuse(response);
  };
  const timers = [setTimeout(refuseHalves, BODY_TIMEOUT_MS), setTimeout(refuseAll, ANSWER_TIMEOUT_MS.calm)];
  const stopHurrying = whenAborted(hurry, () => {
    refuseHalves();
    timers.push(setTimeout(refuseAll, ANSWER_TIMEOUT_MS.hurried));
  });
  await closed;
  for (const timer of timers) clearTimeout(timer);
  stopHurrying();
}

/** Calls back once when the signal is aborted, also when it was before. Returns the function that cancels it. */
export function whenAborted(signal: AbortSignal, run: () => void): () => void {
  if (signal.aborted) run();
  else signal.addEventListener('abort', run, { once: true });
  return () => signal.removeEventListener('abort', run);
}

function refuse(response: ServerResponse) {
  if (response.headersSent) response.destroy();
  else response.writeHead(503, { connection: 'close', 'content-length': 0 }).end();
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
