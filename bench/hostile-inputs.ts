import { HOSTILE_DOCUMENTS } from './hostile-documents.ts';
import { BULK_ID_COUNTS, ORGANIZATION, SPECIAL_TEXTS } from './hostile-organization.ts';
import { type HostileAnswer, sendHttp, sendQuery } from './hostile-send.ts';
import { SOCKET_INPUTS } from './hostile-sockets.ts';

export interface Target {
  url: string;
  /** Tokens of a contact and of an agent of the same organization. */
  contact: string;
  agent: string;
}

export interface HostileInput {
  who: 'nobody' | 'contact' | 'agent';
  name: string;
  /** Size up to which the node executes it, looked for before it is measured; `send` gets what is found. */
  limit?: { most: number; build(size: number): string };
  send(target: Target, size: number): Promise<HostileAnswer>;
  showsMemory?: boolean;
}

type Who = HostileInput['who'];

const list = <T>(count: number, of: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => of(index));
const words = (count: number) => list(count, (index) => String.fromCharCode(97 + (index % 26))).join(' ');

/** Returns an input with a query of fixed size. */
function query(who: Who, name: string, build: () => { query: string; variables?: object }): HostileInput {
  return {
    who,
    name,
    send: (target) => sendQuery(target.url, { token: tokenOf(target, who), ...build() }),
  };
}

/** Returns an input with the largest query that the node executes. */
function largestQuery(who: Who, name: string, most: number, build: (size: number) => string): HostileInput {
  const send = (target: Target, size: number) =>
    sendQuery(target.url, { token: tokenOf(target, who), query: build(size) });
  return { who, name, limit: { most, build }, send };
}

/** Returns an input for each of the sizes. */
function sized(
  name: string,
  sizes: readonly number[],
  build: (size: number, name: string) => HostileInput,
): HostileInput[] {
  return sizes.map((size) => build(size, `${name}: ${size.toLocaleString('en')}`));
}

export function tokenOf(target: Target, who: Who): string | undefined {
  return who === 'nobody' ? undefined : target[who];
}

const ISSUES = '__typename ... on InvalidInputError { message issues { path code message } }';
const mutation = (name: string, input: string) =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { ${ISSUES} } }`;
const UPSERT = mutation('upsertContact', 'UpsertContactInput');
const UPDATE_CONTACT = mutation('updateContact', 'UpdateContactInput');
const SUBMIT = mutation('submitMessageForm', 'SubmitMessageFormInput');
const SEND = mutation('sendMessage', 'SendMessageInput');
const BULK = `mutation ($input: UpdateConversationsInput!) { updateConversations(input: $input) { ${ISSUES}
  ... on ConversationsUpdated { results { __typename ... on Conversation { id labels } } } } }`;

const CONTACT_ID = `CTC-${ORGANIZATION}-1`;
const CONVERSATION_ID = `CVR-${ORGANIZATION}-1`;
const FORM_ID = `MSG-${ORGANIZATION}-1-1`;
const dots = (count: number) => `a@${'.'.repeat(count)}@`;

// Counted to add another label each time, so that all conversations change.
let bulkUpdates = 0;

const INPUTS_OF_MUTATIONS = [
  ...sized('email of dots in upsertContact', [80_000, 800_000], (size, name) =>
    query('contact', name, () => ({ query: UPSERT, variables: { input: { key: { email: dots(size) } } } })),
  ),
  ...sized('email of dots in updateContact', [80_000, 800_000], (size, name) =>
    query('agent', name, () => ({
      query: UPDATE_CONTACT,
      variables: { input: { contactId: CONTACT_ID, email: dots(size) } },
    })),
  ),
  ...sized('email of dots in a form', [9_990, 80_000, 800_000], (size, name) =>
    query('contact', name, () => ({
      query: SUBMIT,
      variables: { input: { messageId: FORM_ID, values: [{ name: 'email', value: dots(size) }] } },
    })),
  ),
  ...(['contact', 'agent'] as const).flatMap((who) => [
    ...sized('twice as many labels', [4_900, 40_000], (size, name) =>
      query(who, name, () => {
        const addLabels = list(size, (index) => `a${index}`);
        const input = {
          contactId: CONTACT_ID,
          addLabels,
          removeLabels: addLabels.map((label) => `${label}b`),
        };
        return { query: UPDATE_CONTACT, variables: { input } };
      }),
    ),
    ...sized('empty labels, selecting issues', [9_900, 300_000], (size, name) =>
      query(who, name, () => ({
        query: UPDATE_CONTACT,
        variables: { input: { contactId: CONTACT_ID, addLabels: list(size, () => '') } },
      })),
    ),
  ]),
  ...sized('values of a form', [3_300, 40_000], (size, name) =>
    query('contact', name, () => ({
      query: SUBMIT,
      variables: { input: { messageId: FORM_ID, values: list(size, () => ({ name: '', value: '' })) } },
    })),
  ),
  ...sized('attachments', [4_900, 25_000], (size, name) =>
    query('contact', name, () => ({
      query: SEND,
      variables: {
        input: { conversationId: CONVERSATION_ID, attachments: list(size, () => ({ fileType: 'FILE' })) },
      },
    })),
  ),
  ...Object.entries(SPECIAL_TEXTS).flatMap(([kind, character]) =>
    sized(`message of ${kind}`, [50_000, 500_000], (size, name) =>
      query('contact', name, () => ({
        query: SEND,
        variables: {
          input: { conversationId: CONVERSATION_ID, content: character.repeat(size / character.length) },
        },
      })),
    ),
  ),
  ...sized('keys of custom attributes', [6_000, 9_900, 60_000], (size, name) =>
    query('agent', name, () => {
      const customAttributes = Object.fromEntries(list(size, (index) => [`k${index}`, 1]));
      return { query: UPDATE_CONTACT, variables: { input: { contactId: CONTACT_ID, customAttributes } } };
    }),
  ),
  ...sized('ids of a bulk update', BULK_ID_COUNTS, (size, name) =>
    query('agent', name, () => {
      const conversationIds = list(size, (index) => `CVR-${ORGANIZATION}-${index + 1}`);
      const input = { conversationIds, addLabels: [`label ${++bulkUpdates % 40}`] };
      return { query: BULK, variables: { input } };
    }),
  ),
];

const search = (aliases: number, text: string) =>
  `{ ${list(aliases, (index) => `a${index}: conversations(first: 20, filter: { text: "${text}" }) { totalCount nodes { id name } }`).join(' ')} }`;
const NODES = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Conversation { messages(first: 100) { nodes { content } } } } }`;
const MESSAGE =
  'id seq content contentAttributes contentType createdAt updatedAt deliveryStatus direction isPrivate';
const PERSON = 'id name firstName lastName email company createdAt customAttributes labels isOnline';
const CONVERSATION = `id number name publicId uuid version status priority labels bookings allowedStatuses viewerCan unreadCount
  createdAt updatedAt lastInteractedAt lastSeq viewerLastReadSeq contactLastReadSeq reopenedCount initiatedBy customAttributes
  answers { question value } participants { type target } members { lastReadSeq user { id name } } contact { ${PERSON} } owner { id name email isOnline }
  channel { id name } lastMessage { ${MESSAGE} }`;

const readAttributes = (size: number) =>
  `{ conversation(id: "${CONVERSATION_ID}") { messages(first: ${size}) { nodes { contentAttributes } } } }`;

const INPUTS_OF_QUERIES = [
  query('contact', 'text filter of 90 words, with 20 aliases', () => ({ query: search(20, words(90)) })),
  query('contact', 'text filter of 10 words, with 100 aliases', () => ({ query: search(100, words(10)) })),
  largestQuery('contact', 'text filter of 10 words, aliases', 100, (size) => search(size, words(10))),
  ...sized('nodes with the same id, 5 MB of messages in it', [40, 100, 400], (size, name) =>
    query('contact', name, () => ({
      query: NODES,
      variables: { ids: list(size, () => conversationOf('ASCII')) },
    })),
  ),
  ...['ASCII', ...Object.keys(SPECIAL_TEXTS)].flatMap((kind) => {
    const read = (size: number) =>
      `{ conversation(id: "${conversationOf(kind)}") { messages(first: ${size}) { nodes { content } } } }`;
    return [
      query('contact', `100 messages of 50,000 in ${kind}`, () => ({ query: read(100) })),
      largestQuery('contact', `messages of 50,000 in ${kind}`, 100, read),
    ];
  }),
  query('agent', '100 conversations with the largest custom attributes', () => ({
    query: '{ conversations(first: 100) { nodes { id customAttributes } } }',
  })),
  largestQuery(
    'agent',
    'conversations with the largest custom attributes',
    100,
    (size) => `{ conversations(first: ${size}) { nodes { id customAttributes } } }`,
  ),
  query('contact', '100 messages with the largest attributes', () => ({ query: readAttributes(100) })),
  largestQuery('contact', 'messages with the largest attributes', 100, readAttributes),
  largestQuery(
    'agent',
    '100 conversations, all fields, messages',
    100,
    (size) =>
      `{ conversations(first: 100) { nodes { ${CONVERSATION.replaceAll('customAttributes', '')} messages(first: ${size}) { nodes { ${MESSAGE} } } } } }`,
  ),
  largestQuery(
    'agent',
    '100 conversations, two fields, messages',
    100,
    (size) =>
      `{ conversations(first: 100) { nodes { id messages(first: ${size}) { nodes { id content } } } } }`,
  ),
  query('agent', '100 conversations, 100 messages each', () => ({
    query: '{ conversations(first: 100) { nodes { messages(first: 100) { nodes { id content } } } } }',
  })),
];

function conversationOf(kind: string): string {
  return `CVR-${ORGANIZATION}-${101 + ['ASCII', ...Object.keys(SPECIAL_TEXTS)].indexOf(kind)}`;
}

const page = (name: string, headers: Record<string, string>): HostileInput => ({
  who: 'nobody',
  name,
  send: ({ url }) => sendHttp(url, { method: 'GET', headers: { accept: 'text/html', ...headers } }),
});

export const HOSTILE_INPUTS: readonly HostileInput[] = [
  ...SOCKET_INPUTS,
  ...INPUTS_OF_MUTATIONS,
  ...INPUTS_OF_QUERIES,
  page('page of GraphiQL', {}),
  page('page of GraphiQL, compressed', { 'accept-encoding': 'gzip, deflate, br' }),
  ...HOSTILE_DOCUMENTS,
];
