import { isObjectType } from 'graphql';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { createMutations, type Mutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { selectAll } from '../support/selection.ts';

// Notes of the team are invisible to the contact.

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;
let otherConversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
  const { agent, contact, otherContact } = organization;
  conversationId = await openConversation(gateway, organization, { firstMessage: { content: 'one' } });
  otherConversationId = await openConversation(gateway, organization, { contactId: otherContact.id });
  const note = requireResult(
    await changes.send(agent, { conversationId, content: 'first note', isPrivate: true }),
  );
  requireResult(await changes.send(contact, { conversationId, content: 'two' }));
  requireResult(await changes.send(agent, { conversationId, content: 'three', replyToId: note.id }));
  requireResult(await changes.send(agent, { conversationId, content: 'second note', isPrivate: true }));
});

async function ask(
  query: string,
  variables: object = {},
  person: { id: string; organizationId: string } = organization.contact,
) {
  const { data, errors } = await gateway.ask(person, query, { id: conversationId, ...variables });
  expect(errors).toBeUndefined();
  return data;
}

function find(filter: object, person: { id: string; organizationId: string } = organization.contact) {
  const document =
    'query ($filter: ConversationFilter) { conversations(filter: $filter) { totalCount nodes { id } } }';
  return gateway.ask(person, document, { filter });
}

test('a contact lists only their own conversations, with any filter', async () => {
  const { contact, otherContact } = organization;
  for (const filter of [
    {},
    { contactId: [contact.id, otherContact.id] },
    { assignment: 'MINE' },
    { status: ['OPEN'] },
  ]) {
    const { data } = await find(filter);
    expect(data.conversations).toEqual({ totalCount: 1, nodes: [{ id: conversationId }] });
  }
  expect((await find({ contactId: [otherContact.id] })).data.conversations).toEqual({
    totalCount: 0,
    nodes: [],
  });
});

test('a contact can not read the conversation of another by id, number or publicId', async () => {
  const there = await changes.read(organization.agent, otherConversationId);
  const byAll = `query ($id: ID!, $number: Int!, $publicId: String!) {
    a: conversation(id: $id) { id } b: conversationByNumber(number: $number) { id } c: conversationByPublicId(publicId: $publicId) { id } }`;
  const variables = { id: there.id, number: there.number, publicId: there.publicId };
  expect(await ask(byAll, variables)).toEqual({ a: null, b: null, c: null });
  const found = { id: there.id };
  expect(await ask(byAll, variables, organization.agent)).toEqual({ a: found, b: found, c: found });
});

test('a contact sees only themselves', async () => {
  const { contact, otherContact } = organization;
  const document =
    'query ($mine: ID!, $other: ID!) { me: contact(id: $mine) { id conversations { nodes { id } } } other: contact(id: $other) { id } }';
  expect(await ask(document, { mine: contact.id, other: otherContact.id })).toEqual({
    me: { id: contact.id, conversations: { nodes: [{ id: conversationId }] } },
    other: null,
  });
});

test('for a contact seq is 1, 2, 3 without a gap, and notes are hidden', async () => {
  const document = `query ($id: ID!) { conversation(id: $id) {
    lastSeq lastMessage { seq content } messages { totalCount nodes { seq content isPrivate } } } }`;
  expect((await ask(document)).conversation).toEqual({
    lastSeq: 3,
    lastMessage: { seq: 3, content: 'three' },
    messages: {
      totalCount: 3,
      nodes: [
        { seq: 1, content: 'one', isPrivate: false },
        { seq: 2, content: 'two', isPrivate: false },
        { seq: 3, content: 'three', isPrivate: false },
      ],
    },
  });
  const { conversation } = await ask(document, {}, organization.agent);
  expect(conversation).toMatchObject({
    lastSeq: 5,
    lastMessage: { seq: 5, content: 'second note' },
    messages: { totalCount: 5 },
  });
});

test('a contact pages through messages by public numbers', async () => {
  const page = async (args: string) =>
    (
      await ask(
        `query ($id: ID!) { conversation(id: $id) { messages(${args}) { nodes { content } pageInfo { endCursor hasNextPage } } } }`,
      )
    ).conversation.messages;
  const first = await page('first: 1');
  const rest = await page(`first: 5, after: "${first.pageInfo.endCursor}"`);
  expect([first, rest].map(({ nodes }) => nodes)).toEqual([
    [{ content: 'one' }],
    [{ content: 'two' }, { content: 'three' }],
  ]);
  expect((await page('last: 1')).nodes).toEqual([{ content: 'three' }]);
  expect((await page('aroundSeq: 2, first: 1')).nodes).toEqual([{ content: 'two' }]);
});

test('replyTo of a note is null for a contact', async () => {
  const document =
    'query ($id: ID!) { conversation(id: $id) { lastMessage { replyTo { content } } messages { nodes { replyTo { content } } } } }';
  const { conversation } = await ask(document);
  expect(conversation).toEqual({
    lastMessage: { replyTo: null },
    messages: { nodes: [1, 2, 3].map(() => ({ replyTo: null })) },
  });
  const forTeam = await ask(document, {}, organization.agent);
  expect(forTeam.conversation.messages.nodes[3]).toEqual({ replyTo: { content: 'first note' } });
});

test('search of a contact matches messages and never notes', async () => {
  expect((await find({ text: 'note' })).data.conversations.totalCount).toBe(0);
  expect((await find({ text: 'note' }, organization.agent)).data.conversations.totalCount).toBe(1);
  expect((await find({ text: 'three two' })).data.conversations.nodes).toEqual([{ id: conversationId }]);
});

test('a contact can not filter or order by team fields', async () => {
  const { agent } = organization;
  const filters = {
    memberId: [agent.id],
    labels: ['vip'],
    mentions: [agent.id],
    priority: ['URGENT'],
    isDeleted: true,
  };
  for (const [name, value] of Object.entries(filters)) {
    const { data, errors } = await find({ [name]: value });
    expect(data).toEqual({ conversations: null });
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: `filter.${name}` });
  }
  const ordered = await gateway.ask(
    organization.contact,
    '{ conversations(orderBy: { field: PRIORITY, direction: ASC }) { edges { cursor } } }',
  );
  expect(ordered.errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'orderBy.field' });
});

test('a note changes nothing that a contact can read', async () => {
  const type = schema.getType('Conversation');
  if (!isObjectType(type)) throw new Error('there is no type Conversation');
  const fields = Object.values(type.getFields()).filter(({ name }) => name !== 'organization');
  // Two operations: one would exceed the complexity limit.
  const halves = [fields.slice(0, fields.length / 2), fields.slice(fields.length / 2)];
  const read = () =>
    Promise.all(
      halves.map((half) => ask(`query ($id: ID!) { conversation(id: $id) { ${selectAll(half, 1)} } }`)),
    );
  const before = await read();
  requireResult(
    await changes.send(organization.colleague, { conversationId, content: 'third note', isPrivate: true }),
  );
  expect(await read()).toEqual(before);

  requireResult(await changes.send(organization.colleague, { conversationId, content: 'four' }));
  expect(await read()).not.toEqual(before);
});

test('a deleted conversation is hidden from its contact', async () => {
  await gateway.db.writes.conversation.update({
    where: { id: conversationId },
    data: { deletedAt: new Date() },
  });
  expect(await ask('query ($id: ID!) { conversation(id: $id) { id } node(id: $id) { id } }')).toEqual({
    conversation: null,
    node: null,
  });
  expect((await find({})).data.conversations.nodes).toEqual([]);
  const { data } = await gateway.ask(
    organization.contact,
    '{ viewer { identity { ... on Contact { conversations { totalCount nodes { id } } } } } }',
  );
  expect(data.viewer.identity.conversations).toEqual({ totalCount: 0, nodes: [] });
});
