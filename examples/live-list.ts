import { type Client, createClient } from 'graphql-ws';

type Row = { id: string };
type Live = { __typename: string; resumeAfter?: string | null; conversationId?: string; conversation?: Row };
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const pause = (tries: number) => sleep(Math.min(250 * 2 ** tries, 10_000) * (0.5 + Math.random() / 2));

/** One for the whole page. It notices dead links (sleep, another network), and connects again for ever, each time with a fresh token. */
export function connectLive(url: () => string, token: () => Promise<string>, webSocketImpl?: unknown) {
  const link: { socket?: { onmessage: unknown }; silence?: ReturnType<typeof setTimeout> } = {};
  const client = createClient({
    ...{ url, webSocketImpl, keepAlive: 10_000, connectionAckWaitTimeout: 10_000 },
    ...{ retryAttempts: Number.POSITIVE_INFINITY, shouldRetry: () => true, retryWait: pause },
    connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
    on: {
      opened: (socket) => Object.assign(link, { socket }),
      ping: (isTheirs) => isTheirs || Object.assign(link, { silence: setTimeout(giveUp, 5_000) }),
      pong: () => clearTimeout(link.silence),
      closed: () => clearTimeout(link.silence),
    },
  });
  function giveUp() {
    // What it may still bring, woken up, comes over the next one, too.
    if (link.socket) link.socket.onmessage = null;
    client.terminate();
  }
  return client;
}

export interface LiveOptions<Event> {
  /** A subscription with a variable `$after: String`, and its other variables. */
  query: string;
  variables?: Record<string, unknown>;
  /** Loads what is shown, and `streamCursor` with it in one query; gives the cursor. Called again whenever it must be loaded afresh. */
  load: () => Promise<string>;
  onEvent: (event: Event) => void;
  /** It is over: the subscription was refused, or this person is not to come back. */
  onEnd: (reason: unknown) => void;
}

/** Each event once and in order, whatever breaks in between. Returns how to end it. */
export function keepLive<Event extends Live>(client: Client, options: LiveOptions<Event>): () => void {
  const { query, load, onEvent, onEnd } = options;
  // graphql-ws sends this very object whenever it connects: `after` is that of the last frame by then, or null where nothing is loaded.
  const variables: Record<string, unknown> = { ...options.variables, after: null };
  let [isOver, tries, end] = [false, 0, () => {}];
  async function follow() {
    while (!isOver) {
      try {
        variables.after ||= await load().catch(() => null);
        if (!variables.after) await pause(tries++);
        if (isOver || !variables.after) continue;
        const results = client.iterate<Record<string, Event>, { cursor?: string }>({ query, variables });
        end = () => void results.return?.();
        for await (const { data, extensions } of results) {
          const event = Object.values(data ?? {})[0];
          tries = 0;
          if (extensions) variables.after = extensions.cursor;
          // SLOW_CONSUMER says where to go on; after all other reasons the list is loaded afresh.
          if (event?.__typename === 'ResetRequired') variables.after = event.resumeAfter;
          else if (event && !isOver) onEvent(event);
        }
      } catch (error) {
        if (!isOver && !isPassing(error)) return onEnd(error);
        await pause(tries++);
      }
    }
  }
  follow();
  return () => {
    isOver = true;
    end();
  };
}

// Busy or broken for now, unlike what is refused (an array of errors), 4401 and 4400 (close events), and faults of the page's own.
function isPassing(error: unknown): boolean {
  if (!Array.isArray(error)) return ![4400, 4401].includes((error as { code?: number }).code ?? 4400);
  return error.every(({ extensions }) => ['BUSY', 'INTERNAL_SERVER_ERROR'].includes(extensions?.code));
}

/** What an event of `inbox` does to the list: upsert what is in it, take out what left. */
export function applyTo<R extends Row>(
  rows: Map<string, R>,
  event: Live & { message?: { conversation?: R } },
) {
  const row = (event.conversation ?? event.message?.conversation) as R | undefined;
  if (/^Conversation(Left|Deleted)$/.test(event.__typename)) rows.delete(event.conversationId ?? '');
  else if (row) rows.set(row.id, row);
}
