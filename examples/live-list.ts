import { type Client, createClient } from 'graphql-ws';

type Row = { id: string };
type Live = { __typename: string; resumeAfter?: string | null; conversationId?: string; conversation?: Row };
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const pause = (tries: number) => sleep(Math.min(250 * 2 ** tries, 10_000) * (0.5 + Math.random() / 2));

/** One client per page. Detects dead links (sleep, network change) by pings, and reconnects forever, each time with a fresh token. */
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
    // Frames that the dead socket may still deliver after waking up come again over the next socket.
    if (link.socket) link.socket.onmessage = null;
    client.terminate();
  }
  return client;
}

export interface LiveOptions<Event> {
  /** A subscription document with a variable `$after: String`; `variables` are its others. */
  query: string;
  variables?: Record<string, unknown>;
  /** Loads the list and `streamCursor` in one query, and returns the cursor. Called again after a reset. */
  load: () => Promise<string>;
  onEvent: (event: Event) => void;
  /** Called once when the subscription was refused, or the user was removed or blocked. */
  onEnd: (reason: unknown) => void;
}

/** Delivers each event once and in order, across disconnects. Returns a function that ends it. */
export function keepLive<Event extends Live>(client: Client, options: LiveOptions<Event>): () => void {
  const { query, load, onEvent, onEnd } = options;
  // graphql-ws sends this same object on every reconnect, so `after` must always hold the last frame's cursor; null: load first.
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
          // SLOW_CONSUMER has a cursor to resume from; any other reason (null) loads the list again.
          if (event?.__typename === 'ResetRequired') variables.after = event.resumeAfter;
          else if (event && !isOver) onEvent(event);
        }
      } catch (error) {
        if (!isOver && !isRetryable(error)) return onEnd(error);
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

// Retryable: BUSY, RATE_LIMITED and INTERNAL_SERVER_ERROR, and any close code but 4400 and 4401. Not retryable: refusals and errors of the page.
function isRetryable(error: unknown): boolean {
  if (!Array.isArray(error)) return ![4400, 4401].includes((error as { code?: number }).code ?? 4400);
  const codes = ['BUSY', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR'];
  return error.every(({ extensions }) => codes.includes(extensions?.code));
}

/** Applies an event of `inbox` to the list: upserts the conversation it contains, or removes the one that left. */
export function applyTo<R extends Row>(
  rows: Map<string, R>,
  event: Live & { message?: { conversation?: R } },
) {
  const row = (event.conversation ?? event.message?.conversation) as R | undefined;
  if (/^Conversation(Left|Deleted)$/.test(event.__typename)) rows.delete(event.conversationId ?? '');
  else if (row) rows.set(row.id, row);
}
