import { beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';

// Database cost of operations: the number of SQL statements must not grow with the number of rows.

const ROWS = 50;

const PERSON =
  '__typename id name avatarUrl ... on User { displayName email } ... on Contact { phoneNumber }';
const LAST_MESSAGE = `lastMessage { id seq content createdAt sender { ${PERSON} } }`;
const INBOX = `id number name status unreadCount viewerCan contact { id name email } owner { displayName } bot { name }
  website { url } audience { name } ${LAST_MESSAGE}`;

let gateway: Gateway;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  const { agent, bot, channel, contact } = organization;
  const { writes } = gateway.db;
  const named = { organizationId: organization.id, name: 'Example' };
  const website = await writes.website.create({
    data: { id: newId('Website'), url: 'https://a.example', ...named },
  });
  const audience = await writes.audience.create({ data: { id: newId('Audience'), ...named } });
  const changes = createMutations(gateway);
  for (let row = 0; row < ROWS; row++) {
    const input = {
      channelId: channel.id,
      contactId: contact.id,
      botId: bot.id,
      websiteId: website.id,
      audienceId: audience.id,
    };
    conversationId = requireResult(
      await changes.create(agent, { ...input, firstMessage: { content: 'Hello' } }),
    ).id;
    requireResult(await changes.assign(agent, { conversationId, userId: agent.id }));
  }
  for (let message = 1; message <= 25; message++) {
    const attachments = [{ fileType: 'IMAGE', fileName: `${message}.png` }];
    const sender = [agent, contact, bot][message % 3] ?? agent;
    requireResult(await changes.send(sender, { conversationId, content: `${message}`, attachments }));
  }
});

beforeEach(async () => {
  // Caches the viewer, whose lookup would be one more statement.
  await gateway.ask(organization.agent, '{ viewer { identity { id } } }');
});

/** Response of an operation, and the number of SQL statements that it took. */
async function cost(query: string, variables: object = {}) {
  gateway.statements();
  const { data, errors } = await gateway.ask(organization.agent, query, { id: conversationId, ...variables });
  expect(errors).toBeUndefined();
  return { data, statements: gateway.statements().length };
}

test.each([1, ROWS])('the inbox page with all its relations is one statement for %i rows', async (first) => {
  const { data, statements } = await cost(
    `query ($first: Int) { conversations(first: $first) { nodes { ${INBOX} } pageInfo { hasNextPage endCursor } } }`,
    { first },
  );
  expect(statements).toBe(1);
  expect(data.conversations.nodes).toHaveLength(first);
  for (const row of data.conversations.nodes) {
    expect(row).toMatchObject({
      contact: { name: 'Dora' },
      owner: { displayName: 'Ana' },
      bot: { name: 'Robo' },
      website: { url: 'https://a.example' },
      audience: { name: 'Example' },
      lastMessage: { sender: { id: expect.any(String) } },
    });
  }
});

const COLUMNS = 'id number name status lastInteractedAt';
const PLAIN = `${COLUMNS} contact { id name } owner { id displayName } lastMessage { id seq content }`;

// For every spelling of the same selection, and on first and repeated execution.
test.each([
  ['fields', `{ conversations(first: 3) { nodes { __typename ${PLAIN} } } }`],
  ['edges', `{ conversations(first: 3) { edges { cursor node { ${PLAIN} } } } }`],
  [
    'aliases',
    `{ conversations(first: 3) { nodes { ${PLAIN} who: owner { name: displayName } owner { id } } } }`,
  ],
  [
    'fragments',
    `query { conversations(first: 3) { nodes { ...Row ... on Conversation { lastMessage { ...Said } } } } }
     fragment Row on Conversation { ${COLUMNS} contact { id name } owner { id displayName } }
     fragment Said on Message { id seq content }`,
  ],
  [
    'parts',
    `{ conversations(first: 3) { nodes { ${COLUMNS} contact { id } contact { name } owner { id } } nodes { owner { displayName } lastMessage { id seq content } } } }`,
  ],
])('a page of columns and related rows is one statement, written with %s', async (_how, query) => {
  for (const time of ['first', 'again']) {
    const { data, statements } = await cost(query);
    expect({ time, statements }).toEqual({ time, statements: 1 });
    const rows =
      data.conversations.nodes ?? data.conversations.edges.map((edge: { node: object }) => edge.node);
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      expect(row).toMatchObject({
        contact: { id: organization.contact.id, name: 'Dora' },
        owner: { id: organization.agent.id, displayName: 'Ana' },
        lastMessage: { id: expect.any(String), content: expect.any(String) },
      });
    }
  }
});

test('a field that a directive skips the first time is loaded when it is included', async () => {
  const query = `query ($whose: Boolean!) { conversations(first: 3) { nodes { ${COLUMNS} owner @include(if: $whose) { id } } } }`;
  for (const whose of [false, true]) {
    const { data, statements } = await cost(query, { whose });
    expect(statements).toBe(1);
    for (const row of data.conversations.nodes) expect('owner' in row).toBe(whose);
  }
});

test('the cached plan of a document depends on the side of the viewer', async () => {
  const silent = await createOrganization(gateway);
  const changes = createMutations(gateway);
  const [noted, empty] = await Promise.all(
    ['Noted', 'Empty'].map(async (name) => {
      const input = { channelId: silent.channel.id, contactId: silent.contact.id, name };
      return requireResult(await changes.create(silent.agent, input)).id;
    }),
  );
  requireResult(
    await changes.send(silent.agent, { conversationId: noted, content: 'Secret', isPrivate: true }),
  );
  const query = '{ conversations { nodes { id priority owner { id } lastMessage { content } } } }';
  for (const person of [silent.agent, silent.contact, silent.colleague, silent.contact]) {
    await gateway.ask(person, '{ viewer { identity { id } } }');
    gateway.statements();
    const { data } = await gateway.ask(person, query);
    expect(gateway.statements()).toHaveLength(1);
    const newest = Object.fromEntries(
      data.conversations.nodes.map((row: { id: string; lastMessage: object | null }) => [
        row.id,
        row.lastMessage,
      ]),
    );
    const isContact = person === silent.contact;
    expect(newest).toEqual({ [`${noted}`]: isContact ? null : { content: 'Secret' }, [`${empty}`]: null });
  }
});

test('rows selected in nodes and in edges are loaded once', async () => {
  const { data, statements } = await cost(
    `{ conversations { nodes { id contact { name } } edges { cursor node { id number ${LAST_MESSAGE} } } } }`,
  );
  expect(statements).toBe(1);
  expect(data.conversations.edges[0].node.id).toBe(data.conversations.nodes[0].id);
});

test('totalCount costs one more statement, and only when it is selected', async () => {
  const { data, statements } = await cost('{ conversations(first: 2) { totalCount nodes { id } } }');
  expect(data.conversations.totalCount).toBe(ROWS);
  expect(statements).toBe(2);
  expect((await cost('{ conversations(first: 2) { nodes { id } } }')).statements).toBe(1);
});

test('a conversation with its newest messages, their senders and attachments is one statement', async () => {
  const { data, statements } = await cost(
    `query ($id: ID!) { conversation(id: $id) { ${INBOX} members { user { name } lastReadSeq } answers { question }
      messages(last: 20) { totalCount nodes { id seq content sender { ${PERSON} } attachments { fileName } replyTo { id } mentions { name } } } } }`,
  );
  expect(statements).toBe(1);
  const { nodes, totalCount } = data.conversation.messages;
  expect(totalCount).toBe(26);
  expect(nodes.map(({ seq }: { seq: number }) => seq)).toEqual(
    Array.from({ length: 20 }, (_, index) => index + 7),
  );
  expect(new Set(nodes.map(({ sender }: { sender: { __typename: string } }) => sender.__typename)).size).toBe(
    3,
  );
  expect(nodes.at(-1).attachments).toEqual([{ fileName: '25.png' }]);
});

test('a list of conversations with the newest messages of each is one statement', async () => {
  const { data, statements } = await cost(
    '{ conversations(first: 20) { nodes { id messages(last: 3) { nodes { seq sender { name } } pageInfo { hasPreviousPage } } } } }',
  );
  expect(statements).toBe(1);
  expect(data.conversations.nodes[0].messages.nodes.map(({ seq }: { seq: number }) => seq)).toEqual([
    24, 25, 26,
  ]);
});

test('messages selected twice with different arguments are one more statement, not one per row', async () => {
  const { data, statements } = await cost(
    '{ conversations(first: 20) { nodes { id first: messages(first: 1) { nodes { seq } } last: messages(last: 1) { nodes { seq } } } } }',
  );
  expect(statements).toBe(2);
  const { first, last } = data.conversations.nodes[0];
  expect([first.nodes, last.nodes]).toEqual([[{ seq: 1 }], [{ seq: 26 }]]);
});

test('a contact with a page of their conversations is one statement', async () => {
  const { data, statements } = await cost(
    `query ($id: ID!) { contact(id: $id) { name conversations(first: 30) { nodes { ${INBOX} } } } }`,
    { id: organization.contact.id },
  );
  expect(statements).toBe(1);
  expect(data.contact.conversations.nodes).toHaveLength(30);
});

test('the lists of the organization are one statement each', async () => {
  for (const list of ['contacts', 'users', 'bots', 'websites', 'audiences', 'channels']) {
    const { data, statements } = await cost(
      `{ ${list} { nodes { id name origin { system } } pageInfo { hasNextPage } } }`,
    );
    expect(statements, list).toBe(1);
    expect(data[list].nodes, list).not.toHaveLength(0);
  }
});

test('nodes by id are one statement per type', async () => {
  const { agent, bot, colleague, contact, otherContact } = organization;
  const ids = [agent.id, contact.id, conversationId, otherContact.id, colleague.id, bot.id, newId('User')];
  const { data, statements } = await cost(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Contact { name email } ... on User { role } ... on Conversation { contact { name } } } }',
    { ids },
  );
  expect(statements).toBe(4);
  expect(data.nodes.map((node: { id: string } | null) => node?.id ?? null)).toEqual([
    ...ids.slice(0, -1),
    null,
  ]);
});
