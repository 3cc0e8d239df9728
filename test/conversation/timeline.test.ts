import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { openSubscription } from '../support/live.ts';
import { cursorAt, eventsOf } from '../support/log.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
});

// Events that are hidden from the contact are made by the colleague and the admin, visible ones by the agent.
beforeEach(async () => {
  organization = await createOrganization(gateway);
  const { agent, colleague, admin, contact, otherContact } = organization;
  conversationId = await openConversation(gateway, organization, { firstMessage: { content: 'Hello' } });
  const other = await openConversation(gateway, organization, { contactId: otherContact.id });
  requireResult(await changes.send(colleague, { conversationId, content: 'Careful', isPrivate: true }));
  requireResult(await changes.send(contact, { conversationId, content: 'Hi' }));
  requireResult(await changes.send(agent, { conversationId: other, content: 'Elsewhere' }));
  requireResult(await changes.assign(admin, { conversationId, userId: agent.id }));
  requireResult(await changes.markRead(agent, { conversationId }));
  requireResult(await changes.markRead(contact, { conversationId }));
  const note = requireResult(await changes.send(admin, { conversationId, content: 'Rude', isPrivate: true }));
  requireResult(await changes.update(admin, { messageId: note.id, content: 'Very rude' }));
  requireResult(await changes.rename(colleague, { conversationId, name: 'New' }));
});

const ENTRY = `id type occurredAt actor { __typename id name } subject { id } message { id content isPrivate } changes { field before after }`;

async function page(person: Person, args: string, id = conversationId) {
  const query = `query ($id: ID!) { conversation(id: $id) { timeline(${args}) {
    edges { cursor node { id } } nodes { ${ENTRY} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
  const { data, errors } = await gateway.ask(person, query, { id });
  if (!data?.conversation) throw new Error(`no timeline: ${JSON.stringify(errors)}`);
  return data.conversation.timeline;
}

interface Entry {
  id: string;
  type: string;
  actor: { id: string } | null;
  message: { content: string } | null;
  changes: { field: string; before: unknown; after: unknown }[];
}

const entries = async (person: Person, args = 'first: 100'): Promise<Entry[]> =>
  (await page(person, args)).nodes;
const log = () => eventsOf(gateway, { organizationId: organization.id, conversationId });

test('the timeline lists all events with actor, time, before and after for the team, oldest first', async () => {
  const events = await log();
  const shown = await entries(organization.agent);
  expect(shown.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  expect(shown.map(({ type }) => type)).toEqual([
    'CREATED',
    'MESSAGE_ADDED',
    'MESSAGE_ADDED',
    'MESSAGE_ADDED',
    'ASSIGNED',
    'READ',
    'READ',
    'MESSAGE_ADDED',
    'MESSAGE_CHANGED',
    'RENAMED',
  ]);
  expect(shown.map(({ actor }) => actor?.id)).toEqual(events.map(({ actorId }) => actorId));
  expect(shown.at(-1)).toMatchObject({
    occurredAt: events.at(-1)?.occurredAt,
    actor: { __typename: 'User', name: 'Ben' },
    changes: [{ field: 'name', before: 'Dora', after: 'New' }],
  });
  expect(shown[4]).toMatchObject({ subject: { id: organization.agent.id } });
  expect(shown[7]).toMatchObject({ message: { content: 'Very rude', isPrivate: true } });
});

describe('timeline of a contact', () => {
  test('contains public events with their public changes only', async () => {
    const shown = await entries(organization.contact);
    const { agent, contact } = organization;
    expect(
      shown.map(({ type, actor, message, changes: all }) => [
        type,
        actor?.id ?? null,
        message?.content ?? null,
        all.map(({ field }) => field),
      ]),
    ).toEqual([
      ['CREATED', agent.id, null, []],
      ['MESSAGE_ADDED', agent.id, 'Hello', []],
      ['MESSAGE_ADDED', contact.id, 'Hi', ['waitingSince']],
      ['ASSIGNED', null, null, ['owner']],
      ['READ', agent.id, null, ['agentLastSeenAt']],
      ['READ', contact.id, null, ['contactLastReadSeq', 'contactLastSeenAt']],
      ['RENAMED', null, null, ['name']],
    ]);
    // Public numbering: the note before their message is not counted.
    expect(shown[5]?.changes[0]).toEqual({ field: 'contactLastReadSeq', before: 0, after: 2 });
    const [forTeam] = await entries(organization.agent, 'types: [READ], last: 1');
    expect(forTeam?.changes.map(({ field, after }) => [field, after])).toEqual([
      ['contactLastReadSeq', 3],
      ['contactLastSeenAt', expect.any(String)],
    ]);
  });

  test('contains no text of the team', async () => {
    const { colleague, admin } = organization;
    const text = JSON.stringify(await page(organization.contact, 'first: 100'));
    const notes = (await log()).filter(({ isPublic }) => !isPublic);
    expect(notes.length).toBeGreaterThan(2);
    for (const secret of [
      'Careful',
      'rude',
      'members',
      'lastReadSeq"',
      colleague.id,
      admin.id,
      ...notes.flatMap(({ id, messageId }) => [id, messageId ?? id]),
    ]) {
      expect(text).not.toContain(secret);
    }
  });

  test('node(id:) returns the same public events, and no team events or events of other contacts', async () => {
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on TimelineEvent { ${ENTRY} } } }`;
    const ids = (await log()).map(({ id }) => id);
    const { data } = await gateway.ask(organization.contact, query, { ids });
    expect(data.nodes.filter((node: unknown) => node !== null)).toEqual(await entries(organization.contact));
    const { data: others } = await gateway.ask(organization.otherContact, query, { ids });
    expect(others.nodes).toEqual(ids.map(() => null));
    const stranger = (await createOrganization(gateway)).agent;
    expect((await gateway.ask(stranger, query, { ids })).data.nodes).toEqual(ids.map(() => null));
  });

  test('is null for a deleted conversation', async () => {
    const ids = (await log()).map(({ id }) => id);
    await gateway.db.writes.conversation.update({
      where: { id: conversationId },
      data: { deletedAt: new Date() },
    });
    const { data } = await gateway.ask(
      organization.contact,
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids },
    );
    expect(data.nodes).toEqual(ids.map(() => null));
  });

  test('subscription events include their timeline entry', async () => {
    const query = `subscription ($after: String) { live: messageAdded(after: $after) { __typename ... on MessageAdded { cursor entry { ${ENTRY} } } } }`;
    const { edges, nodes } = await page(organization.contact, 'first: 1');
    const live = await openSubscription(gateway, organization.contact, { query, after: edges[0].cursor });
    expect((await live.event()).entry).toEqual((await entries(organization.contact))[1]);
    expect(nodes[0].type).toBe('CREATED');
  });
});

describe('paging of the timeline', () => {
  for (const name of ['agent', 'contact'] as const) {
    test(`pages through all events forwards and backwards for the ${name}`, async () => {
      const person = organization[name];
      const all = (await entries(person)).map(({ id }) => id);
      const forwards: string[] = [];
      for (let args = 'first: 3'; ; ) {
        const { nodes, pageInfo } = await page(person, args);
        forwards.push(...nodes.map(({ id }: Entry) => id));
        if (!pageInfo.hasNextPage) break;
        args = `first: 3, after: "${pageInfo.endCursor}"`;
      }
      expect(forwards).toEqual(all);
      const backwards: string[] = [];
      for (let args = 'last: 3'; ; ) {
        const { nodes, pageInfo } = await page(person, args);
        backwards.unshift(...nodes.map(({ id }: Entry) => id));
        if (!pageInfo.hasPreviousPage) break;
        args = `last: 3, before: "${pageInfo.startCursor}"`;
      }
      expect(backwards).toEqual(all);
    });
  }

  test('uses stream cursors, which do not reveal positions', async () => {
    const { edges } = await page(organization.contact, 'first: 100');
    const events = await log();
    for (const { cursor, node } of edges) {
      const { position } = events.find(({ id }) => id === node.id) ?? { position: 0 };
      expect(cursor).toBe(await cursorAt(gateway, organization.id, position));
    }
  });

  test.each([
    ['after: "nonsense"', 'timeline.after'],
    ['before: "nonsense"', 'timeline.before'],
    ['first: 0', 'timeline.first'],
    ['last: 101', 'timeline.last'],
    ['first: 1, last: 1', 'timeline.last'],
    [`types: [${Array(101).fill('READ').join(' ')}]`, 'timeline.types'],
  ])('%.40s is rejected with the name of the argument', async (args, argument) => {
    const query = `query ($id: ID!) { conversation(id: $id) { timeline(${args}) { nodes { id } } } }`;
    const { errors } = await gateway.ask(organization.agent, query, { id: conversationId });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
  });

  test('rejects cursors of another organization and of another list', async () => {
    const other = await createOrganization(gateway);
    const foreign = await cursorAt(gateway, other.id, 1);
    const messages = `query ($id: ID!) { conversation(id: $id) { messages { pageInfo { endCursor } } } }`;
    const { data } = await gateway.ask(organization.agent, messages, { id: conversationId });
    for (const cursor of [foreign, data.conversation.messages.pageInfo.endCursor]) {
      await expect(page(organization.agent, `after: "${cursor}"`)).rejects.toThrow('timeline.after');
    }
  });
});

test('the timeline is filtered by types; an empty list returns no events', async () => {
  const { agent } = organization;
  const typesOf = async (args: string) => (await entries(agent, args)).map(({ type }) => type);
  expect(await typesOf('types: [ASSIGNED, RENAMED]')).toEqual(['ASSIGNED', 'RENAMED']);
  expect(await typesOf('types: [READ], first: 1')).toEqual(['READ']);
  expect(await typesOf('types: []')).toEqual([]);
  expect(await typesOf('types: null')).toHaveLength(10);
});

test('timelines of a page of conversations are read in one statement', async () => {
  const query = '{ conversations { nodes { timeline(last: 5) { nodes { id type actor { id name } } } } } }';
  await gateway.ask(organization.agent, query);
  gateway.statements();
  const { data } = await gateway.ask(organization.agent, query);
  expect(data.conversations.nodes).toHaveLength(2);
  expect(gateway.statements()).toHaveLength(1);
});
