import { once } from 'node:events';
import type { WebSocket } from 'ws';
import type { HostileInput, Target } from './hostile-inputs.ts';
import { ORGANIZATION } from './hostile-organization.ts';
import { openSocket, sendBytes, sendQuery, sendSocket } from './hostile-send.ts';

const PINGS = 2_000;
const LIVE_FILTERS = 200;
const FILTERS_PER_SOCKET = 100;
const CONVERSATION_ID = `CVR-${ORGANIZATION}-1`;

const upgrade = (path: string, protocol: string) =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`;
const WEBSOCKET = 'websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
const INBOX = 'subscription ($filter: ConversationFilter) { inbox(filter: $filter) { __typename } }';

const subscribe = (id: string, variables: object, query = INBOX) =>
  JSON.stringify({ id, type: 'subscribe', payload: { query, variables } });
/** A message whose variables have this many levels. JSON.stringify would not go so deep. */
const nested = (depth: number) =>
  `{"id":"1","type":"subscribe","payload":{"query":"{ __typename }","variables":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}}`;
const ping = (bytes: number) => JSON.stringify({ type: 'ping', payload: { x: 'p'.repeat(bytes) } });
const count = (number: number) => number.toLocaleString('en');

export const SOCKET_INPUTS: HostileInput[] = [
  ...[1, 16_000, 160_000].map(
    (slashes): HostileInput => ({
      who: 'nobody',
      name: `upgrade of a path of ${count(slashes + 1)} slashes`,
      send: ({ url }) => sendBytes(url, upgrade('/'.repeat(slashes + 1), 'x')),
    }),
  ),
  {
    who: 'nobody',
    name: 'upgrade of a wrong path, then RST',
    send: ({ url }) => sendBytes(url, upgrade('/wrong', WEBSOCKET), { cutAtOnce: true }),
  },
  {
    who: 'nobody',
    name: 'upgrade to h2c of /health',
    send: ({ url }) => sendBytes(url, upgrade('/health', 'h2c').replace('Upgrade\r\n', 'Upgrade, close\r\n')),
  },
  ...[190, 5_000, 50_000].map(
    (depth): HostileInput => ({
      who: 'nobody',
      name: `message nested ${count(depth)} deep before init`,
      send: ({ url }) => sendSocket(url, { messages: [nested(depth)] }),
    }),
  ),
  ...[190, 5_000, 50_000, 100_000].map(
    (depth): HostileInput => ({
      who: 'contact',
      name: `message nested ${count(depth)} deep`,
      send: ({ url, contact }) => sendSocket(url, { token: contact, messages: [nested(depth)] }),
    }),
  ),
  ...[9_900, 45_000].map(
    (size): HostileInput => ({
      who: 'contact',
      name: `subscription with ${count(size)} nulls as contactId`,
      send: ({ url, contact }) =>
        sendSocket(url, {
          token: contact,
          messages: [subscribe('1', { filter: { contactId: Array(size).fill(null) } })],
        }),
    }),
  ),
  ...[16_000, 200_000].map(
    (bytes): HostileInput => ({
      who: 'nobody',
      name: `${count(PINGS)} pings of ${count(bytes)} bytes, read by nobody`,
      showsMemory: true,
      send: ({ url }) => sendSocket(url, { messages: Array(PINGS).fill(ping(bytes)), isDeaf: true }),
    }),
  ),
  ...[PINGS, PINGS * 10].map(
    (pings): HostileInput => ({
      who: 'nobody',
      name: `${count(pings)} pings of the protocol`,
      showsMemory: true,
      send: ({ url }) => sendSocket(url, { pings, isDeaf: true }),
    }),
  ),
  ...[60, 10].map(
    (words): HostileInput => ({
      who: 'contact',
      name: `${LIVE_FILTERS} live filters of ${words} words, then a long message`,
      send: (target) => sendToLiveFilters(target, words),
    }),
  ),
];

/** Opens live filters, and sends a message that all of them are compared with. Takes until a list without a filter has shown it. */
async function sendToLiveFilters({ url, contact, agent }: Target, words: number) {
  const sockets: WebSocket[] = [];
  for (let from = 0; from < LIVE_FILTERS; from += FILTERS_PER_SOCKET) {
    const socket = await openSocket(url, contact);
    sockets.push(socket);
    const opened = countMessages(socket, FILTERS_PER_SOCKET);
    for (let index = from; index < from + FILTERS_PER_SOCKET; index++)
      socket.send(subscribe(`${index}`, { filter: { text: searchText(words, index) } }));
    await opened;
  }
  const watcher = await openSocket(url, agent);
  watcher.send(subscribe('watcher', {}));
  await once(watcher, 'message');
  const shown = once(watcher, 'message');
  const sent = await sendQuery(url, {
    token: contact,
    query: 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { __typename } }',
    variables: { input: { conversationId: CONVERSATION_ID, content: 'order '.repeat(8_000) } },
  });
  await shown;
  for (const socket of [...sockets, watcher]) socket.terminate();
  return sent;
}

/** Words that no message has, at most 200 characters in all. */
function searchText(words: number, index: number): string {
  const letters = Array.from({ length: words }, (_, word) => String.fromCharCode(0x4e00 + index * 60 + word));
  return letters.join(' ');
}

function countMessages(socket: WebSocket, expected: number): Promise<void> {
  let missing = expected;
  return new Promise((resolve) => {
    socket.on('message', () => {
      missing -= 1;
      if (missing === 0) resolve();
    });
  });
}
