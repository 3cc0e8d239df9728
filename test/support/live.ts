import { type Client, createClient as createSseClient } from 'graphql-sse';
import { createClient as createSocketClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import type { Gateway } from './gateway.ts';
import type { ConversationState, MessageState, Person } from './mutations.ts';
import { createReceiveQueue } from './receive-queue.ts';

/** An event of a subscription; its fields depend on the type. */
export interface LiveEvent {
  __typename: string;
  cursor?: string;
  type?: string;
  occurredAt?: string;
  actor?: { __typename: string; id: string } | null;
  entry?: { id: string; type: string } | null;
  message?: MessageState;
  conversation?: ConversationState;
  changes?: { field: string; before: unknown; after: unknown }[];
  reason?: string;
  resumeAfter?: string | null;
}

export interface Frame {
  event: LiveEvent | null;
  /** `extensions.cursor` of the frame. */
  cursor: string | undefined;
  errors: readonly { message: string; extensions?: Record<string, unknown> }[];
}

export interface TestSubscription {
  /** The next frame. Rejects when the stream has ended, or when none arrives. */
  next(): Promise<Frame>;
  /** The next event. Rejects when the next frame is not an event. */
  event(): Promise<LiveEvent>;
  /** Frames up to and including the first matching event. */
  upTo(matches: (event: LiveEvent) => boolean): Promise<Frame[]>;
  /** Unsubscribes. */
  stop(): void;
  /** Resolves when the server has ended the subscription. */
  readonly ended: Promise<void>;
}

const EVENT = '__typename cursor occurredAt actor { __typename id } entry { id type }';
const REST = '... on CaughtUp { __typename cursor } ... on ResetRequired { __typename reason resumeAfter }';

export const MESSAGES = `subscription ($conversationId: ID, $after: String) { live: messageAdded(conversationId: $conversationId, after: $after) {
  ... on MessageAdded { ${EVENT} message { id seq content isPrivate sender { __typename id } conversation { id status lastSeq } } } ${REST} } }`;

export const STATUSES = `subscription ($conversationId: ID, $after: String) { live: conversationStatusChanged(conversationId: $conversationId, after: $after) {
  ... on ConversationChanged { ${EVENT} type changes { field before after } conversation { id status version } } ${REST} } }`;

export interface SubscribeOptions {
  query?: string;
  conversationId?: string;
  after?: string | null | undefined;
}

export const TRANSPORTS = ['graphql-ws', 'SSE'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Subscribes as this viewer for the duration of the test, and collects the frames. */
export async function openSubscription(
  gateway: Pick<Gateway, 'url' | 'tokenFor'>,
  person: Person,
  {
    transport = 'graphql-ws',
    query = MESSAGES,
    ...variables
  }: SubscribeOptions & { transport?: Transport } = {},
): Promise<TestSubscription> {
  const authorization = `Bearer ${await gateway.tokenFor(person)}`;
  const client =
    transport === 'SSE' ? sseClient(gateway.url, authorization) : socketClient(gateway.url, authorization);
  const live = collect((sink) => client.subscribe({ query, variables }, sink));
  onTestFinished(async () => {
    live.stop();
    await client.dispose();
  });
  return live;
}

/** The same, after the first event, which must be CaughtUp. */
export async function openLiveSubscription(
  ...args: Parameters<typeof openSubscription>
): Promise<TestSubscription> {
  const live = await openSubscription(...args);
  const { event, errors } = await live.next();
  if (event?.__typename !== 'CaughtUp') throw new Error(`not caught up: ${JSON.stringify(event ?? errors)}`);
  return live;
}

export function socketClient(url: string, authorization: string | undefined) {
  return createSocketClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: authorization === undefined ? {} : { authorization },
    retryAttempts: 0,
  });
}

function sseClient(url: string, authorization: string): Client {
  return createSseClient({ url: `${url}/graphql`, headers: { authorization }, retryAttempts: 0 });
}

interface Result {
  data?: Record<string, unknown> | null | undefined;
  errors?: Frame['errors'] | undefined;
  extensions?: Record<string, unknown> | undefined;
}

interface Sink {
  next(result: Result): void;
  error(error: unknown): void;
  complete(): void;
}

function collect(subscribe: (sink: Sink) => () => void): TestSubscription {
  const inbox = createReceiveQueue<Frame>('frame');
  let finish = () => {};
  const ended = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const stop = subscribe({
    next: ({ data, errors = [], extensions }) => {
      const event = (data?.live ?? null) as LiveEvent | null;
      inbox.put({ event, errors, cursor: extensions?.cursor as string | undefined });
    },
    error(error) {
      // GraphQL errors: over a websocket they end the operation, over SSE they are its last frame.
      if (Array.isArray(error)) inbox.put({ event: null, errors: error, cursor: undefined });
      inbox.close(error);
      finish();
    },
    complete() {
      inbox.close();
      finish();
    },
  });

  return {
    next: inbox.next,
    async event() {
      const frame = await inbox.next();
      if (!frame.event) throw new Error(`no event: ${JSON.stringify(frame)}`);
      return frame.event;
    },
    async upTo(matches) {
      const taken: Frame[] = [];
      for (;;) {
        const frame = await inbox.next();
        taken.push(frame);
        if (frame.event && matches(frame.event)) return taken;
      }
    },
    stop,
    ended,
  };
}
