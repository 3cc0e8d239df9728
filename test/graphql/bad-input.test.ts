import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/ids.ts';
import { footprintOf } from '../support/footprint.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { insideOf, post } from '../support/http.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// Invalid input of mutations: the error names the field and the expected value, and nothing is changed.

let gateway: Gateway;
let organization: TestOrganization;
let other: TestOrganization;
let conversationId: string;
let authorization: string;
let before: object;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  other = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization, { firstMessage: { content: 'Hello' } });
  authorization = `Bearer ${await gateway.tokenFor(organization.agent)}`;
});

beforeEach(async () => {
  before = await footprintOf(gateway, organization.id);
});

afterEach(async () => {
  expect(await footprintOf(gateway, organization.id)).toEqual(before);
});

async function ask(query: string, variables: object) {
  const response = await post(gateway, JSON.stringify({ query, variables }), { authorization });
  expect(insideOf(response.text)).toBeNull();
  expect(response.status).toBe(200);
  return response;
}

const MUTATIONS = {
  rename: 'renameConversation',
  assign: 'assignConversation',
  status: 'setConversationStatus',
  send: 'sendMessage',
  create: 'createConversation',
};

/** The error of a mutation, as the member of its result union. */
async function errorOf(mutation: keyof typeof MUTATIONS, input: object) {
  const field = MUTATIONS[mutation];
  const type = `${field.charAt(0).toUpperCase()}${field.slice(1)}Input!`;
  const target = mutation === 'create' ? { channelId: organization.channel.id } : { conversationId };
  const { data, errors } = await ask(
    `mutation ($input: ${type}) { ${field}(input: $input) { __typename ... on UserError { message } ... on InvalidInputError { issues { path code message } } } }`,
    { input: { ...target, ...input } },
  );
  expect(errors).toEqual([]);
  return data[field];
}

const who = () => ({ contactId: organization.contact.id });

describe('an invalid value is an InvalidInputError with its path and the expected value', () => {
  const cases: [mutation: keyof typeof MUTATIONS, path: string, expected: string, input: () => object][] = [
    ['rename', 'input.name', '1 to 255', () => ({ name: '' })],
    ['rename', 'input.name', '1 to 255', () => ({ name: ' \t\n ' })],
    ['rename', 'input.name', 'at most 255', () => ({ name: 'x'.repeat(256) })],
    ['rename', 'input.detail', 'at most 5000', () => ({ name: 'x', detail: 'x'.repeat(5_001) })],
    ['send', 'input.content', '1 to 50000', () => ({})],
    ['send', 'input.content', '1 to 50000', () => ({ content: '' })],
    ['send', 'input.content', '1 to 50000', () => ({ content: ' \n' })],
    ['send', 'input.content', 'at most 50000', () => ({ content: 'x'.repeat(50_001) })],
    [
      'send',
      'input.attachments',
      'at most 30',
      () => ({ attachments: Array(31).fill({ fileType: 'FILE' }) }),
    ],
    [
      'send',
      'input.attachments.0.fileName',
      'at most 255',
      () => ({ attachments: [{ fileType: 'FILE', fileName: 'x'.repeat(256) }] }),
    ],
    [
      'send',
      'input.attachments.0.mediaType',
      'at most 255',
      () => ({ attachments: [{ fileType: 'FILE', mediaType: 'x'.repeat(256) }] }),
    ],
    [
      'send',
      'input.attachments.0.dataUrl',
      'begin with https:',
      () => ({ attachments: [{ fileType: 'FILE', dataUrl: 'javascript:1' }] }),
    ],
    ['send', 'input.contentAttributes', 'a JSON object', () => ({ content: 'x', contentAttributes: [1] })],
    [
      'send',
      'input.contentAttributes',
      'at most 65536',
      () => ({ content: 'x', contentAttributes: { a: 'x'.repeat(65_536) } }),
    ],
    [
      'send',
      'input.mentionedUserIds',
      'at most 50',
      () => ({ content: 'x', mentionedUserIds: Array(51).fill('USR-1') }),
    ],
    ['status', 'input.snoozedUntil', 'SNOOZED needs the time', () => ({ status: 'SNOOZED' })],
    [
      'status',
      'input.snoozedUntil',
      'later than now',
      () => ({ status: 'SNOOZED', snoozedUntil: '2020-01-01T00:00:00Z' }),
    ],
    [
      'status',
      'input.snoozedUntil',
      'only for the status SNOOZED',
      () => ({ status: 'CLOSED', snoozedUntil: '2999-01-01T00:00:00Z' }),
    ],
    ['create', 'input.contactId', 'give a contactId, or a contact', () => ({})],
    ['create', 'input.contact', 'give a name, email, phoneNumber or identifier', () => ({ contact: {} })],
    ['create', 'input.contact', 'give one of them', () => ({ ...who(), contact: { name: 'x' } })],
    ['create', 'input.contact.email', 'an email address such as', () => ({ contact: { email: 'ana' } })],
    [
      'create',
      'input.contact.phoneNumber',
      'international form',
      () => ({ contact: { phoneNumber: '0151' } }),
    ],
    ['create', 'input.channelId', 'give the id of a channel', () => ({ ...who(), channelId: null })],
    ['create', 'input.name', 'at most 255', () => ({ ...who(), name: 'x'.repeat(256) })],
    ['create', 'input.labels', 'at most 50', () => ({ ...who(), labels: Array(51).fill('x') })],
    ['create', 'input.labels.1', '1 to 100', () => ({ ...who(), labels: ['x', ' '] })],
    ['create', 'input.answers.0.question', '1 to 1000', () => ({ ...who(), answers: [{ question: '' }] })],
    [
      'create',
      'input.customAttributes',
      'at most 65536',
      () => ({ ...who(), customAttributes: { a: 'ä'.repeat(40_000) } }),
    ],
    ['create', 'input.customAttributes', 'a JSON object', () => ({ ...who(), customAttributes: 'text' })],
    [
      'create',
      'input.firstMessage.content',
      '1 to 50000',
      () => ({ ...who(), firstMessage: { content: '' } }),
    ],
    [
      'create',
      'input.firstMessage.content',
      'at most 50000',
      () => ({ ...who(), firstMessage: { content: 'x'.repeat(50_001) } }),
    ],
  ];

  test.each(cases)('%s: %s, %s', async (mutation, path, expected, input) => {
    const error = await errorOf(mutation, input());
    expect(error.__typename).toBe('InvalidInputError');
    expect(error.issues).toHaveLength(1);
    expect(error.issues[0].path.join('.')).toBe(path);
    expect(error.issues[0].message).toContain(expected);
    expect(error.message).toContain(path);
  });

  test('all issues of an input are reported together', async () => {
    const error = await errorOf('rename', { name: '', detail: 'x'.repeat(5_001) });
    expect(error.issues.map(({ path }: { path: string[] }) => path.join('.'))).toEqual([
      'input.name',
      'input.detail',
    ]);
  });
});

describe('an unknown id is a NotFoundError that names the input field', () => {
  const wrongType = () => organization.contact.id;
  const cases: [
    mutation: keyof typeof MUTATIONS,
    field: string,
    input: (id: string) => object,
    wrong?: () => string,
  ][] = [
    ['rename', 'conversationId', (id) => ({ conversationId: id, name: 'x' })],
    ['assign', 'conversationId', (id) => ({ conversationId: id })],
    ['assign', 'userId', (id) => ({ userId: id })],
    ['status', 'conversationId', (id) => ({ conversationId: id, status: 'CLOSED' })],
    ['send', 'conversationId', (id) => ({ conversationId: id, content: 'x' })],
    ['send', 'replyToId', (id) => ({ content: 'x', replyToId: id })],
    ['send', 'mentionedUserIds', (id) => ({ content: 'x', mentionedUserIds: [id] })],
    ['create', 'channelId', (id) => ({ ...who(), channelId: id })],
    ['create', 'contactId', (id) => ({ contactId: id }), () => organization.agent.id],
    ['create', 'businessUnitId', (id) => ({ ...who(), businessUnitId: id })],
    ['create', 'botId', (id) => ({ ...who(), botId: id })],
    ['create', 'websiteId', (id) => ({ ...who(), websiteId: id })],
    ['create', 'audienceId', (id) => ({ ...who(), audienceId: id })],
  ];

  test.each(cases)('%s: %s', async (mutation, field, input, wrong = wrongType) => {
    for (const id of ['x', wrong(), newId('Conversation'), 'x'.repeat(100_000)]) {
      const error = await errorOf(mutation, input(id));
      expect(error.__typename).toBe('NotFoundError');
      expect(error.message).toContain(`input.${field}`);
      expect(error.message.length).toBeLessThan(300);
    }
  });

  test('an id of another organization has the same error as an unknown id', async () => {
    const theirs = await openConversation(gateway, other);
    const never = newId('Conversation');
    const [refused, expected] = [
      await errorOf('rename', { conversationId: theirs, name: 'x' }),
      await errorOf('rename', { conversationId: never, name: 'x' }),
    ];
    expect(refused).toEqual({ ...expected, message: expected.message.replace(never, theirs) });
    expect((await errorOf('assign', { userId: other.agent.id })).__typename).toBe('NotFoundError');
    expect((await errorOf('create', { contactId: other.contact.id })).__typename).toBe('NotFoundError');
  });

  test('a query with the id of another type names the expected prefix', async () => {
    for (const [field, prefix] of [
      ['conversation', 'CVR-'],
      ['contact', 'CTC-'],
    ] as const) {
      const { data, errors } = await ask(`query ($id: ID!) { ${field}(id: $id) { id } }`, {
        id: organization.agent.id,
      });
      expect(data).toEqual({ [field]: null });
      expect(errors[0]).toMatchObject({
        message: expect.stringContaining(prefix),
        extensions: { code: 'BAD_USER_INPUT', argument: 'id' },
      });
    }
  });
});

describe('a deleted conversation', () => {
  test('accepts no message and no change, and the error says that it was deleted', async () => {
    const deleted = await openConversation(gateway, organization);
    await gateway.db.writes.conversation.update({ where: { id: deleted }, data: { deletedAt: new Date() } });
    before = await footprintOf(gateway, organization.id);
    const target = { conversationId: deleted };
    const results = [
      await errorOf('send', { ...target, content: 'x' }),
      await errorOf('send', { ...target, content: 'x', isPrivate: true }),
      await errorOf('rename', { ...target, name: 'x' }),
      await errorOf('assign', target),
      await errorOf('status', { ...target, status: 'CLOSED' }),
    ];
    for (const error of results) {
      expect(error.__typename).toBe('NotFoundError');
      expect(error.message).toMatch(/input\.conversationId .* deleted; restore it first/);
    }
  });
});
