import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { createMutations } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';
import { idsOf, PAGE, pagesOf, walkBackward, walkForward } from '../support/paging.ts';

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
});

beforeEach(async () => {
  organization = await createOrganization(gateway);
});

async function ask(query: string, variables: object = {}) {
  const { data, errors } = await gateway.ask(organization.agent, query, variables);
  expect(errors).toBeUndefined();
  return data;
}

describe('a conversation', () => {
  let conversationId: string;

  beforeEach(async () => {
    conversationId = await openConversation(gateway, organization);
    await openConversation(gateway, organization);
  });

  test('is found by its id', async () => {
    const read = async (id: string) =>
      (await ask('query ($id: ID!) { conversation(id: $id) { id } }', { id })).conversation;
    expect(await read(conversationId)).toEqual({ id: conversationId });
    expect(await read(newId('Conversation'))).toBeNull();
  });

  test('is found by its number, which counts from 1 in each organization', async () => {
    const read = async (number: number) =>
      (await ask('query ($number: Int!) { conversationByNumber(number: $number) { id number } }', { number }))
        .conversationByNumber;
    expect(await read(1)).toEqual({ id: conversationId, number: 1 });
    expect((await read(2)).number).toBe(2);
    for (const number of [0, -1, 3, 2_147_483_647]) expect(await read(number)).toBeNull();
  });

  test('is found by its exact publicId', async () => {
    const read = async (publicId: string) =>
      (
        await ask('query ($publicId: String!) { conversationByPublicId(publicId: $publicId) { id } }', {
          publicId,
        })
      ).conversationByPublicId;
    await gateway.db.writes.conversation.update({
      where: { id: conversationId },
      data: { publicId: 'CVR-Abc' },
    });
    expect(await read('CVR-Abc')).toEqual({ id: conversationId });
    for (const publicId of ['CVR-ABC', 'CVR-Ab', 'CVR-Abc ', '']) expect(await read(publicId)).toBeNull();
  });

  test('is found by its origin: system, account and external id', async () => {
    const write = (id: string, account: string) =>
      gateway.db.writes.conversation.update({
        where: { id },
        data: {
          originSystem: 'CHATWOOT',
          originAccount: account,
          originExternalId: '17',
          originReceivedAt: new Date('2026-01-01'),
        },
      });
    const other = await openConversation(gateway, organization);
    await write(conversationId, '1');
    await write(other, '2');
    const document = `query ($system: SourceSystem!, $account: String!, $externalId: String!) {
      conversationByOrigin(system: $system, account: $account, externalId: $externalId) { id origin { system account externalId externalStatus receivedAt } } }`;
    const read = async (system: string, account: string, externalId: string) =>
      (await ask(document, { system, account, externalId })).conversationByOrigin;
    expect(await read('CHATWOOT', '1', '17')).toEqual({
      id: conversationId,
      origin: {
        system: 'CHATWOOT',
        account: '1',
        externalId: '17',
        externalStatus: null,
        receivedAt: '2026-01-01T00:00:00.000Z',
      },
    });
    expect((await read('CHATWOOT', '2', '17')).id).toBe(other);
    for (const [system, account, externalId] of [
      ['VOIPBIN', '1', '17'],
      ['CHATWOOT', '3', '17'],
      ['CHATWOOT', '1', '18'],
    ] as const) {
      expect(await read(system, account, externalId)).toBeNull();
    }
  });

  test('that is deleted is still found by the team, with its deletedAt', async () => {
    await gateway.db.writes.conversation.update({
      where: { id: conversationId },
      data: { deletedAt: new Date('2026-01-01') },
    });
    const { conversation } = await ask('query ($id: ID!) { conversation(id: $id) { deletedAt viewerCan } }', {
      id: conversationId,
    });
    expect(conversation).toEqual({ deletedAt: '2026-01-01T00:00:00.000Z', viewerCan: [] });
  });
});

test('nodes keep the order of the ids, repeat repeated ids, and are null for unknown ids', async () => {
  const { agent, bot, channel, contact } = organization;
  const conversationId = await openConversation(gateway, organization);
  const ids = [
    channel.id,
    newId('Contact'),
    agent.id,
    conversationId,
    agent.id,
    'CVR-',
    '',
    'no id',
    bot.id,
    contact.id,
  ];
  const { nodes } = await ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids });
  expect(nodes).toEqual([
    { __typename: 'Channel', id: channel.id },
    null,
    { __typename: 'User', id: agent.id },
    { __typename: 'Conversation', id: conversationId },
    { __typename: 'User', id: agent.id },
    null,
    null,
    null,
    { __typename: 'Bot', id: bot.id },
    { __typename: 'Contact', id: contact.id },
  ]);
  expect(await ask('{ nodes(ids: []) { id } }')).toEqual({ nodes: [] });
});

test('the conversations of a contact are listed newest first, filtered and counted', async () => {
  const { agent, contact, otherContact } = organization;
  const made: string[] = [];
  for (let index = 0; index < 5; index++) made.unshift(await openConversation(gateway, organization));
  await openConversation(gateway, organization, { contactId: otherContact.id });
  const read = pagesOf(gateway, agent, {
    query: `contact(id: $id) { conversations(first: $first, after: $after, last: $last, before: $before) { ${PAGE} } }`,
    variables: { id: contact.id },
    pick: (data) => data.contact.conversations,
  });
  expect(idsOf(await read({}))).toEqual(made);
  expect(await walkForward(read, 2)).toEqual(made);
  expect(await walkBackward(read, 2)).toEqual(made);

  const [resolved = ''] = made;
  await createMutations(gateway).setStatus(agent, { conversationId: resolved, status: 'RESOLVED' });
  const document = `query ($id: ID!) { contact(id: $id) { all: conversations { totalCount } some: conversations(filter: { status: [RESOLVED] }) { totalCount nodes { id } } } }`;
  expect((await ask(document, { id: contact.id })).contact).toEqual({
    all: { totalCount: 5 },
    some: { totalCount: 1, nodes: [{ id: resolved }] },
  });
});

test('the lists of the organization are ordered by name and paged, and contacts can be searched', async () => {
  const { agent, otherContact } = organization;
  const read = pagesOf(gateway, agent, {
    query: `users(first: $first, after: $after, last: $last, before: $before) { ${PAGE} }`,
    pick: (data) => data.users,
  });
  const users = [organization.agent.id, organization.colleague.id, organization.admin.id];
  expect(await walkForward(read, 2)).toEqual(users);
  expect(await walkBackward(read, 1)).toEqual(users);
  const found = async (query: string) =>
    (await ask('query ($query: String) { contacts(query: $query) { nodes { id } } }', { query })).contacts
      .nodes;
  expect(await found('EMIL example')).toEqual([{ id: otherContact.id }]);
  for (const nothing of ['emil dora', '%', '_']) expect(await found(nothing)).toEqual([]);
});

test('a removed user is in no list and keeps the name on their messages', async () => {
  const { bot, colleague } = organization;
  await gateway.db.writes.user.update({ where: { id: colleague.id }, data: { removedAt: new Date() } });
  await gateway.db.writes.bot.update({ where: { id: bot.id }, data: { removedAt: new Date() } });
  const { users, bots, node } = await ask(
    'query ($id: ID!) { users { nodes { name } } bots { nodes { name } } node(id: $id) { ... on User { name } } }',
    {
      id: colleague.id,
    },
  );
  expect({ users: users.nodes, bots: bots.nodes, node }).toEqual({
    users: [{ name: 'Ana' }, { name: 'Cleo' }],
    bots: [],
    node: { name: 'Ben' },
  });
});
