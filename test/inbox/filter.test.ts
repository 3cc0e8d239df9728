import { isInputObjectType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { newId } from '../../src/ids.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { createMutations, type Mutations, type Person, requireResult } from '../support/mutations.ts';
import { createOrganization, type TestOrganization } from '../support/organization.ts';

let gateway: Gateway;
let changes: Mutations;
let organization: TestOrganization;
let entries: { mailbox: string; website: string; audience: string; businessUnit: string };
const ids = new Map<string, string>();

beforeAll(async () => {
  gateway = await startGateway();
  changes = createMutations(gateway);
  organization = await createOrganization(gateway);
  entries = await createEntries();
  await createConversations();
});

async function createEntries() {
  const { writes } = gateway.db;
  const named = { organizationId: organization.id, name: 'Example' };
  const mailbox = await writes.channel.create({
    data: { id: newId('Channel'), channelType: 'EMAIL', ...named },
  });
  const website = await writes.website.create({
    data: { id: newId('Website'), url: 'https://a.example', ...named },
  });
  const audience = await writes.audience.create({ data: { id: newId('Audience'), ...named } });
  const businessUnit = await writes.businessUnit.create({ data: { id: newId('BusinessUnit'), ...named } });
  return { mailbox: mailbox.id, website: website.id, audience: audience.id, businessUnit: businessUnit.id };
}

async function open(name: string, input: object = {}): Promise<string> {
  const { agent, channel, contact } = organization;
  const { id } = requireResult(
    await changes.create(agent, { name, channelId: channel.id, contactId: contact.id, ...input }),
  );
  ids.set(name, id);
  return id;
}

/** One conversation for each condition, named after it. They are alike in everything else. */
async function createConversations() {
  const { agent, bot, colleague, contact, otherContact } = organization;
  const update = (id: string, data: object) => gateway.db.writes.conversation.update({ where: { id }, data });
  await open('plain');
  await open('Emil’s', { contactId: otherContact.id });
  await open('with bot', { botId: bot.id });
  await open('by mail', { channelId: entries.mailbox });
  await open('from website', {
    websiteId: entries.website,
    audienceId: entries.audience,
    businessUnitId: entries.businessUnit,
  });
  await open('labelled', { labels: ['billing', 'new'] });
  await open('begun by contact', { initiatedBy: 'CONTACT' });
  requireResult(await changes.assign(agent, { conversationId: await open('Ana’s'), userId: agent.id }));
  requireResult(await changes.assign(agent, { conversationId: await open('Ben’s'), userId: colleague.id }));
  requireResult(
    await changes.setStatus(agent, { conversationId: await open('resolved'), status: 'RESOLVED' }),
  );
  const waiting = await open('waiting');
  requireResult(
    await changes.send(contact, { conversationId: waiting, content: 'Where is my parcel 100%?' }),
  );
  const mentioning = await open('mentioning');
  requireResult(
    await changes.send(agent, {
      conversationId: mentioning,
      content: 'Look',
      isPrivate: true,
      mentionedUserIds: [colleague.id],
    }),
  );
  const taken = await open('taken back');
  const { id } = requireResult(await changes.send(agent, { conversationId: taken, content: 'regrettable' }));
  await gateway.db.writes.message.update({ where: { id }, data: { deletedAt: new Date() } });
  await update(await open('urgent'), { priority: 'URGENT' });
  await update(await open('low'), { priority: 'LOW' });
  await update(await open('old'), { createdAt: new Date('2020-01-01'), updatedAt: new Date('2020-02-01') });
  await update(await open('deleted'), { deletedAt: new Date() });
}

/** Names of the conversations that the person finds. */
async function find(filter: object | null, person: Person = organization.agent): Promise<string[]> {
  const document = `query ($filter: ConversationFilter) { conversations(first: 100, filter: $filter) { totalCount nodes { name } } }`;
  const { data, errors } = await gateway.ask(person, document, { filter });
  expect(errors).toBeUndefined();
  const names: string[] = data.conversations.nodes.map(({ name }: { name: string }) => name).sort();
  expect(data.conversations.totalCount).toBe(names.length);
  return names;
}

function allBut(...names: string[]): string[] {
  return [...ids.keys()].filter((name) => !['deleted', ...names].includes(name)).sort();
}

const is = (...names: string[]) => names.sort();

const CASES: [condition: string, filter: () => object, expected: () => string[]][] = [
  ['status', () => ({ status: ['RESOLVED'] }), () => is('resolved')],
  ['status', () => ({ status: ['OPEN', 'RESOLVED'] }), () => allBut()],
  ['ownerId', () => ({ ownerId: [organization.colleague.id] }), () => is('Ben’s')],
  [
    'ownerId',
    () => ({ ownerId: [organization.colleague.id, organization.agent.id] }),
    () => is('Ana’s', 'Ben’s'),
  ],
  ['assignment', () => ({ assignment: 'MINE' }), () => is('Ana’s')],
  ['assignment', () => ({ assignment: 'ASSIGNED' }), () => is('Ana’s', 'Ben’s')],
  ['assignment', () => ({ assignment: 'UNASSIGNED' }), () => allBut('Ana’s', 'Ben’s')],
  ['memberId', () => ({ memberId: [organization.colleague.id] }), () => is('Ben’s')],
  ['contactId', () => ({ contactId: [organization.otherContact.id] }), () => is('Emil’s')],
  ['botId', () => ({ botId: [organization.bot.id] }), () => is('with bot')],
  ['websiteId', () => ({ websiteId: [entries.website] }), () => is('from website')],
  ['audienceId', () => ({ audienceId: [entries.audience] }), () => is('from website')],
  ['businessUnitId', () => ({ businessUnitId: [entries.businessUnit] }), () => is('from website')],
  ['channelId', () => ({ channelId: [entries.mailbox] }), () => is('by mail')],
  ['channelType', () => ({ channelType: ['EMAIL', 'LINE'] }), () => is('by mail')],
  ['priority', () => ({ priority: ['URGENT', 'HIGH'] }), () => is('urgent')],
  ['labels', () => ({ labels: ['new', 'unknown'] }), () => is('labelled')],
  ['isWaiting', () => ({ isWaiting: true }), () => is('waiting')],
  ['isWaiting', () => ({ isWaiting: false }), () => allBut('waiting')],
  ['isDeleted', () => ({ isDeleted: true }), () => is('deleted')],
  ['isDeleted', () => ({ isDeleted: false }), () => allBut()],
  ['initiatedBy', () => ({ initiatedBy: ['CONTACT'] }), () => is('begun by contact')],
  ['mentions', () => ({ mentions: [organization.colleague.id] }), () => is('mentioning')],
  ['createdAfter', () => ({ createdAfter: '2020-01-01T00:00:00Z' }), () => allBut('old')],
  ['createdBefore', () => ({ createdBefore: '2020-01-01T00:00:00.001Z' }), () => is('old')],
  ['updatedAfter', () => ({ updatedAfter: '2020-02-01T00:00:00Z' }), () => allBut('old')],
  ['text', () => ({ text: 'begun' }), () => is('begun by contact')],
  ['text', () => ({ text: 'EMIL@example.org' }), () => is('Emil’s')],
  ['text', () => ({ text: 'parcel' }), () => is('waiting')],
  ['text', () => ({ text: '  Dora   PARCEL waiting ' }), () => is('waiting')],
  ['text', () => ({ text: 'parcel nowhere' }), () => []],
  ['text', () => ({ text: '100%' }), () => is('waiting')],
  ['text', () => ({ text: '1_0' }), () => []],
  ['text', () => ({ text: '\\' }), () => []],
  ['text', () => ({ text: 'look' }), () => is('mentioning')],
  ['text', () => ({ text: 'regrettable' }), () => []],
  ['text', () => ({ text: ' ' }), () => allBut()],
];

test.each(CASES)(
  '%s matches the expected conversations and no others (%#)',
  async (_condition, filter, expected) => {
    expect(await find(filter())).toEqual(expected());
  },
);

test('the cases cover every condition of ConversationFilter', () => {
  const input = schema.getType('ConversationFilter');
  const names = isInputObjectType(input) ? Object.keys(input.getFields()) : [];
  expect(names.sort()).toEqual([...new Set([...CASES.map(([condition]) => condition), 'isUnread'])].sort());
});

test('no filter, or null conditions, match all conversations that are not deleted', async () => {
  expect(await find(null)).toEqual(allBut());
  expect(
    await find({
      status: null,
      ownerId: null,
      text: null,
      isUnread: null,
      isWaiting: null,
      createdAfter: null,
    }),
  ).toEqual(allBut());
});

test('an empty list of values matches nothing', async () => {
  for (const name of ['status', 'ownerId', 'labels', 'memberId', 'mentions', 'channelType']) {
    expect(await find({ [name]: [] })).toEqual([]);
  }
});

test('all conditions must hold', async () => {
  const { agent, contact } = organization;
  const filter = {
    assignment: 'ASSIGNED',
    contactId: [contact.id],
    memberId: [agent.id],
    status: ['OPEN'],
    text: 'ana',
  };
  expect(await find(filter)).toEqual(['Ana’s']);
  expect(await find({ ...filter, isWaiting: true })).toEqual([]);
});

test('MINE matches conversations that a user owns, a bot is assigned to, and a contact takes part in', async () => {
  const { bot, colleague, otherContact } = organization;
  expect(await find({ assignment: 'MINE' }, colleague)).toEqual(['Ben’s']);
  expect(await find({ assignment: 'MINE' }, bot)).toEqual(['with bot']);
  expect(await find({ assignment: 'MINE' }, otherContact)).toEqual(['Emil’s']);
});

describe('isUnread', () => {
  let written: string;
  let other: TestOrganization;

  beforeAll(async () => {
    other = await createOrganization(gateway);
    const base = { channelId: other.channel.id, contactId: other.contact.id };
    written = requireResult(await changes.create(other.agent, { ...base, name: 'written' })).id;
    requireResult(await changes.assign(other.agent, { conversationId: written, userId: other.colleague.id }));
    requireResult(await changes.create(other.agent, { ...base, name: 'silent' }));
    requireResult(await changes.send(other.contact, { conversationId: written, content: 'Hello?' }));
  });

  test('for a user matches conversations of theirs with unread messages of the contact', async () => {
    expect(await find({ isUnread: true }, other.colleague)).toEqual(['written']);
    expect(await find({ isUnread: false }, other.colleague)).toEqual(['silent']);
    expect(await find({ isUnread: true }, other.agent)).toEqual([]);
    expect(await find({ isUnread: false }, other.agent)).toEqual(['silent', 'written']);
  });

  test('for a contact matches conversations with unread messages of the team, without notes', async () => {
    const send = (input: object) => changes.send(other.agent, { conversationId: written, ...input });
    requireResult(await send({ content: 'a note', isPrivate: true }));
    expect(await find({ isUnread: true }, other.contact)).toEqual([]);
    requireResult(await send({ content: 'Hello!' }));
    expect(await find({ isUnread: true }, other.contact)).toEqual(['written']);
    expect(await find({ isUnread: false }, other.contact)).toEqual(['silent']);
  });
});
