import { type Client, createClient, type ExecutionResult } from 'graphql-ws';

type Row = { id: string };
type Live = { __typename: string; resumeAfter?: string | null; conversationId?: string; conversation?: Row };
const pause = (tries: number) => Math.min(250 * 2 ** tries, 10_000) * (0.5 + Math.random() / 2);
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** One for the whole page. It notices dead links (sleep, another network), and connects again for ever, each time with a fresh token. */
export function connectLive(
  url: () => string,
  token: () => Promise<string>,
  webSocketImpl?: unknown,
): Client {
  let silence: ReturnType<typeof setTimeout> | undefined;
  let socket: { onmessage: unknown } | undefined;
  function giveUp() {
    // What it may still bring, woken up, comes over the next one, too.
    if (socket) socket.onmessage = null;
    client.terminate();
  }
  const client = createClient({
    ...{ url, webSocketImpl, keepAlive: 10_000, connectionAckWaitTimeout: 10_000 },
    ...{ retryAttempts: Number.POSITIVE_INFINITY, shouldRetry: () => true },
    retryWait: (tries) => sleep(pause(tries)),
    connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
    on: {
      opened: (opened) => {
        socket = opened as { onmessage: unknown };
      },
      ping: (isTheirs) => {
        if (!isTheirs) silence = setTimeout(giveUp, 5_000);
      },
      pong: () => clearTimeout(silence),
      closed: () => clearTimeout(silence),
    },
  });
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
  let [isOver, tries, unsubscribe] = [false, 0, () => {}];

  async function begin() {
    const after = await load().catch(() => null);
    if (isOver) return;
    if (after !== null) return follow(after);
    setTimeout(begin, pause(tries++));
  }

  function follow(after: string) {
    // graphql-ws sends this very object again whenever it connects again: `after` has to be that of the last frame by then.
    const variables = { ...options.variables, after };
    let reset: Event | undefined;
    unsubscribe = client.subscribe<Record<string, Event>>(
      { query, variables },
      {
        next({ data, extensions }: ExecutionResult<Record<string, Event>>) {
          const event = Object.values(data ?? {})[0];
          tries = 0;
          if (event?.__typename === 'ResetRequired') reset = event;
          else if (event && !isOver) onEvent(event);
          variables.after = (extensions?.cursor as string | undefined) ?? variables.after;
        },
        complete() {
          if (isOver) return;
          // SLOW_CONSUMER says where to go on; after all other reasons the list is loaded afresh.
          if (reset && reset.resumeAfter == null) begin();
          else follow(reset?.resumeAfter ?? variables.after);
        },
        error(error) {
          if (isOver) return;
          if (!isPassing(error)) return onEnd(error);
          setTimeout(() => isOver || follow(variables.after), pause(tries++));
        },
      },
    );
  }

  begin();
  return () => {
    isOver = true;
    unsubscribe();
  };
}

// Busy or broken for now, unlike what is refused (an array of errors) and unlike 4401 and 4400 (a close event).
function isPassing(error: unknown): boolean {
  if (!Array.isArray(error)) return ![4400, 4401].includes((error as { code?: number }).code ?? 0);
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
