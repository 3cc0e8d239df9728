import { beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { insideOf, post } from '../support/http.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// Invalid page arguments: the error names the argument and its valid values.

let gateway: Gateway;
let organization: TestOrganization;
let conversationId: string;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  conversationId = await openConversation(gateway, organization, { firstMessage: { content: 'Hello' } });
  await openConversation(gateway, organization, { firstMessage: { content: 'Hello' } });
});

type Args = Record<string, string | number | null>;

const TYPES: Record<string, string> = {
  first: 'Int',
  last: 'Int',
  after: 'String',
  before: 'String',
  aroundSeq: 'Int',
};

const PAGE = '{ edges { cursor } pageInfo { endCursor } }';

/** Every paged list with the query for a page of it; error messages put the prefix before the argument's name. */
const LISTS: Record<string, { prefix: string; within?: string; ask: (args: string) => string }> = {
  conversations: { prefix: '', ask: (args) => `conversations${args} ${PAGE}` },
  contacts: { prefix: '', ask: (args) => `contacts${args} ${PAGE}` },
  users: { prefix: '', ask: (args) => `users${args} ${PAGE}` },
  messages: {
    prefix: 'messages.',
    within: 'messages',
    ask: (args) => `conversation(id: "${conversationId}") { messages${args} ${PAGE} }`,
  },
  'contact.conversations': {
    prefix: 'conversations.',
    within: 'conversations',
    ask: (args) => `contact(id: "${organization.contact.id}") { conversations${args} ${PAGE} }`,
  },
};

async function page(list: string, args: Args, order = '') {
  const names = Object.keys(args);
  const declared = names.map((name) => `$${name}: ${TYPES[name]}`).join(', ');
  const given = [order, ...names.map((name) => `${name}: $${name}`)].filter((part) => part !== '').join(', ');
  const query = `query (${declared}) { list: ${LISTS[list]?.ask(`(${given})`)} }`;
  const authorization = `Bearer ${await gateway.tokenFor(organization.agent)}`;
  const response = await post(gateway, JSON.stringify({ query, variables: args }), { authorization });
  expect(insideOf(response.text)).toBeNull();
  return response;
}

/** The error of a page; `argument` is without the prefix of the list. */
async function errorOf(list: string, args: Args, order = '') {
  const { data, errors } = await page(list, args, order);
  expect(data).toEqual({ list: null });
  expect(errors).toHaveLength(1);
  const { message = '', extensions } = errors[0] ?? {};
  expect(extensions?.code).toBe('BAD_USER_INPUT');
  const argument = String(extensions?.argument);
  expect(message).toContain(argument);
  expect(argument.startsWith(LISTS[list]?.prefix ?? '')).toBe(true);
  return { argument: argument.slice(LISTS[list]?.prefix.length), message };
}

function encode(parts: unknown): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

async function cursorOf(list: string): Promise<string> {
  const { data } = await page(list, { first: 1 });
  const { pageInfo } = LISTS[list]?.within ? data.list[LISTS[list].within] : data.list;
  return pageInfo.endCursor;
}

describe.each(Object.keys(LISTS))('a page of %s', (list) => {
  test.each([0, -1, 101, 10_000, -2_147_483_648])(
    'with %i rows is an error with the valid range',
    async (size) => {
      for (const argument of ['first', 'last']) {
        const error = await errorOf(list, { [argument]: size });
        expect(error).toEqual({
          argument,
          message: expect.stringContaining(`is ${size}; give a number from 1 to 100`),
        });
      }
    },
  );

  test('takes neither first with last nor after with before', async () => {
    expect(await errorOf(list, { first: 1, last: 1 })).toMatchObject({ argument: 'last' });
    const cursor = await cursorOf(list);
    expect(await errorOf(list, { after: cursor, before: cursor })).toMatchObject({ argument: 'before' });
  });

  test('with a malformed cursor is an error', async () => {
    const made = [
      {},
      null,
      5,
      [],
      ['name'],
      [1, 2, 3],
      ['name', {}, 'x'],
      ['name', 'x', 5],
      ['name', 'x', 'y', 'z'],
      ['nothing', 'x', 'y'],
    ];
    for (const cursor of ['', 'x', '💥', '\u202e', 'x'.repeat(100_000), ...made.map(encode)]) {
      for (const argument of ['after', 'before']) {
        expect((await errorOf(list, { [argument]: cursor })).argument).toBe(argument);
      }
    }
  });

  test('with the cursor of another list is an error that names its order', async () => {
    const others = {
      conversations: 'messages',
      contacts: 'conversations',
      users: 'conversations',
      messages: 'users',
      'contact.conversations': 'contacts',
    };
    const cursor = await cursorOf(others[list as keyof typeof others]);
    expect((await errorOf(list, { after: cursor })).message).toContain('is a cursor of the order');
  });
});

const ID = 'CVR-01M00000000000000000000000';

describe('a modified cursor is an error', () => {
  test.each([
    ['LAST_INTERACTED_AT DESC', 5, ID],
    ['LAST_INTERACTED_AT DESC', null, ID],
    ['LAST_INTERACTED_AT DESC', '2026', ID],
    ['LAST_INTERACTED_AT DESC', 'Tue', ID],
    ['LAST_INTERACTED_AT DESC', '2026-02-30T00:00:00.000Z', ID],
    ['LAST_INTERACTED_AT DESC', '0000-01-01T00:00:00.000Z', ID],
    ['LAST_INTERACTED_AT DESC', '-000001-01-01T00:00:00.000Z', ID],
    ['LAST_INTERACTED_AT DESC', '+275760-09-13T00:00:00.000Z', ID],
    ['LAST_INTERACTED_AT DESC', '2026-01-01T00:00:00.000Z', null],
    ['LAST_INTERACTED_AT DESC', '2026-01-01T00:00:00.000Z', 'a\0b'],
    ['LAST_INTERACTED_AT DESC', '2026-01-01T00:00:00.000Z', '\ud800'],
    ['WAITING_SINCE ASC', null, null],
    ['WAITING_SINCE ASC', 'soon', ID],
    ['PRIORITY DESC', 'HIGHEST', ID],
    ['PRIORITY DESC', 3, ID],
  ])('%s %j %j', async (order, value, id) => {
    const [field, direction] = order.split(' ');
    const orderBy = `orderBy: { field: ${field}, direction: ${direction} }`;
    expect(await errorOf('conversations', { after: encode([order, value, id]) }, orderBy)).toEqual({
      argument: 'after',
      message: 'after: is a broken cursor. Begin again without it.',
    });
  });

  test.each(['abc', 1e15, 2_147_483_648, -2_147_483_649, 1.5, null, 'a\0b'])(
    'of messages: %j',
    async (seq) => {
      expect((await errorOf('messages', { after: encode(['seq', seq, null]) })).message).toContain(
        'is a broken cursor',
      );
    },
  );

  test.each(['a\0b', '\udfff', 5, null])('of contacts: %j', async (name) => {
    expect((await errorOf('contacts', { before: encode(['name', name, 'CTC-1']) })).message).toContain(
      'is a broken cursor',
    );
  });

  test('a cursor of another order is an error that names its order', async () => {
    const { data } = await page(
      'conversations',
      { first: 1 },
      'orderBy: { field: CREATED_AT, direction: ASC }',
    );
    const after: string = data.list.pageInfo.endCursor;
    for (const order of [
      '',
      'orderBy: { field: CREATED_AT, direction: DESC }',
      'orderBy: { field: PRIORITY, direction: ASC }',
    ]) {
      expect((await errorOf('conversations', { after }, order)).message).toContain(
        'is a cursor of the order CREATED_AT ASC',
      );
    }
  });
});

describe('aroundSeq', () => {
  test.each([0, -1, -2_147_483_648])('%i is an error: messages count from 1', async (aroundSeq) => {
    expect(await errorOf('messages', { aroundSeq })).toEqual({
      argument: 'aroundSeq',
      message: `messages.aroundSeq: is ${aroundSeq}; messages count from 1.`,
    });
  });

  test('can be combined only with first', async () => {
    const cursor = await cursorOf('messages');
    const others: Args[] = [{ last: 1 }, { after: cursor }, { before: cursor }];
    for (const args of others) {
      expect((await errorOf('messages', { aroundSeq: 1, ...args })).argument).toBe('aroundSeq');
    }
    expect((await page('messages', { aroundSeq: 2_147_483_647, first: 100 })).errors).toEqual([]);
  });
});
