import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

// One contact doing its worst, in a process of its own. Forked by neighbour.ts.

/** The contact, and the node that it sends its requests to. */
export interface NoiseOptions {
  url: string;
  token: string;
  conversationId: string;
}

/** Answers that the contact got, by status or code. */
export type NoiseAnswers = Record<string, number>;

const REQUESTS_PER_SECOND = 20;
const SOCKETS = 200;
const LIVE_SEARCHES = 200;
const ALIASES = 20;

const words = (count: number, name: string) =>
  Array.from({ length: count }, (_, index) => `${name}${index}`).join(' ');
const search = (text: string) =>
  `{ ${Array.from({ length: ALIASES }, (_, index) => `a${index}: conversations(first: 20, filter: { text: "${text}" }) { totalCount nodes { id name } }`).join(' ')} }`;
const INBOX = `subscription ($text: String) { inbox(filter: { text: $text }) { __typename } }`;
const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Conversation { messages(first: 100) { nodes { content } } } } }`;
const SEND = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { __typename } }`;

/** Requests that cost most: some are refused as they are, and the others are as much as one request may ask. */
function hostileRequests({ conversationId }: NoiseOptions): object[] {
  return [
    { query: search(words(100, 'w')) },
    { query: search(words(10, 'order')) },
    {
      query: `{ conversations(first: 100, filter: { text: "${words(10, 'order')}" }) { totalCount nodes { id } } }`,
    },
    { query: NODES, variables: { ids: Array(40).fill(conversationId) } },
    { query: `{ conversation(id: "${conversationId}") { messages(first: 100) { nodes { content } } } }` },
    { query: SEND, variables: { input: { conversationId, content: 'order '.repeat(8_000) } } },
  ];
}

function startNoise(options: NoiseOptions) {
  const { url, token } = options;
  const answers: NoiseAnswers = {};
  const sockets: WebSocket[] = [];
  let isOn = true;

  function count(name: string) {
    answers[name] = (answers[name] ?? 0) + 1;
  }

  async function request(body: object) {
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      count(/"code":"(\w+)"/.exec(text)?.[1] ?? String(response.status));
    } catch {
      count('broken');
    }
  }

  async function sendRequests() {
    const requests = hostileRequests(options);
    for (let number = 0; isOn; number++) {
      void request(requests[number % requests.length] ?? {});
      await sleep(1_000 / REQUESTS_PER_SECOND);
    }
  }

  /** A websocket with a few live searches, opened again whenever it is closed. */
  async function keepSocket(index: number) {
    while (isOn) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      sockets[index] = socket;
      socket.on('error', () => undefined);
      socket.once('open', () =>
        socket.send(
          JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }),
        ),
      );
      socket.once('message', () => {
        for (let list = 0; list < LIVE_SEARCHES / SOCKETS; list++) {
          const text = words(index % 2 === 0 ? 60 : 10, `s${index}l${list}w`);
          socket.send(
            JSON.stringify({
              id: randomUUID(),
              type: 'subscribe',
              payload: { query: INBOX, variables: { text } },
            }),
          );
        }
      });
      const code = await new Promise((resolve) => socket.once('close', resolve));
      count(`closed ${code}`);
      await sleep(1_000);
    }
  }

  void sendRequests();
  for (let index = 0; index < SOCKETS; index++) void keepSocket(index);

  return function stop(): NoiseAnswers {
    isOn = false;
    for (const socket of sockets) socket?.terminate();
    return answers;
  };
}

let stop: (() => NoiseAnswers) | undefined;
process.on('message', (options: NoiseOptions | 'stop') => {
  if (options !== 'stop') {
    stop = startNoise(options);
    return;
  }
  const answers = stop?.() ?? {};
  process.send?.(answers, () => process.exit());
});
