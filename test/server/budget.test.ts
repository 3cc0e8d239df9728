import { getIntrospectionQuery } from 'graphql';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { LIMITS } from '../../src/limits.ts';
import { type Answer, type Gateway, startGateway } from '../support/gateway.ts';
import { openLiveSubscription, openSubscription } from '../support/live.ts';
import { createMutations, requireResult } from '../support/mutations.ts';
import { createOrganization, openConversation, type TestOrganization } from '../support/organization.ts';

// One budget for an operation, whatever its transport: it is refused as a whole, before it costs something, with few and short errors.

let gateway: Gateway;
let organization: TestOrganization;

beforeAll(async () => {
  gateway = await startGateway();
  organization = await createOrganization(gateway);
  await gateway.ask(organization.contact, '{ viewer { identity { id } } }');
});

type Errors = NonNullable<Answer['errors']>;
type Send = (query: string, variables?: Record<string, unknown>) => Promise<Errors>;

/** Errors of an operation of a contact, over each transport. */
const SEND: Record<string, Send> = {
  async HTTP(query, variables) {
    const { data, errors = [] } = await gateway.ask(organization.contact, query, variables);
    expect(data ?? undefined).toBeUndefined();
    return errors;
  },
  'a websocket': (query, variables) => sendOver('graphql-ws', query, variables),
  'server-sent events': (query, variables) => sendOver('SSE', query, variables),
};

async function sendOver(transport: 'graphql-ws' | 'SSE', query: string, variables: object = {}) {
  const stream = await openSubscription(gateway, organization.contact, { transport, query, ...variables });
  return (await stream.next()).errors as Errors;
}

const many = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => one(index)).join(' ');

const INBOX = 'subscription ($ids: [ID!]) { live: inbox(filter: { contactId: $ids }) { __typename } }';
const LIST = 'query ($ids: [ID!]) { live: conversations(filter: { contactId: $ids }) { totalCount } }';

describe.each(Object.entries(SEND))('over %s', (_transport, send) => {
  const documents: [string, string][] =
    _transport === 'HTTP'
      ? [['a query', LIST]]
      : [
          ['a query', LIST],
          ['a subscription', INBOX],
        ];

  test.each(documents)(
    '%s with a list that is too long is refused before it is walked',
    async (_name, query) => {
      gateway.statements();
      const errors = await send(query, { ids: Array(45_000).fill(null) });
      expect(errors).toEqual([
        expect.objectContaining({
          message: expect.stringContaining(`more than ${LIMITS.values} values`),
          extensions: { code: 'BAD_USER_INPUT', argument: 'ids' },
        }),
      ]);
      expect(gateway.statements()).toEqual([]);
    },
  );

  test.each(documents)('%s with thousands of wrong values is told of 20', async (_name, query) => {
    const errors = await send(query, { ids: Array(9_000).fill(null) });
    expect(errors).toHaveLength(LIMITS.errors);
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(
      Array(LIMITS.errors).fill('BAD_USER_INPUT'),
    );
    expect(errors.at(-1)?.message).toContain('Too many errors');
  });

  test.each(documents)('%s with thousands of wrong literals is told of 20', async (_name, query) => {
    const nulls = query.replace('$ids }', `[${many(9_000, () => 'null')}] }`).replace('($ids: [ID!])', '');
    const errors = await send(nulls);
    expect(errors).toHaveLength(LIMITS.errors);
    expect(errors.at(-1)?.message).toContain('Too many validation errors');
  });

  test.each([
    [
      'a variable',
      'query ($first: Int) { conversations(first: $first) { totalCount } }',
      { first: 'x'.repeat(90_000) },
    ],
    ['a literal', `{ conversations(first: "${'x'.repeat(90_000)}") { totalCount } }`, {}],
    ['a misplaced text', `{ "${'x'.repeat(90_000)}" }`, {}],
  ])('a message about %s does not repeat it in whole', async (_name, query, variables) => {
    const errors = await send(query, variables);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/x{100}…$/);
    expect(errors[0]?.message.length).toBeLessThanOrEqual(LIMITS.errorMessage);
  });

  test('a text that is too long is refused', async () => {
    const text = 'x'.repeat(LIMITS.text + 1);
    const query = 'query ($text: String) { conversations(filter: { text: $text }) { totalCount } }';
    for (const errors of [
      await send(query, { text }),
      await send(query.replace('$text }', `"${text}" }`).replace('($text: String)', '')),
    ]) {
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining(`more than ${LIMITS.text}`),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
    }
  });

  test.each([
    ['an alias that is too long', `{ ${'a'.repeat(256)}: __typename }`, 'has 256 characters; at most 255'],
    ['comments beyond number', `${'#\n'.repeat(10_001)}{ __typename }`, 'more than 10000 tokens'],
    ['too many tokens', `{ ${many(10_001, () => 'a')} }`, 'more than 10000 tokens'],
  ])('%s is refused before the document is parsed', async (_name, query, message) => {
    expect(await send(query)).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code: 'GRAPHQL_PARSE_FAILED' } },
    ]);
  });

  test.each([
    ['__typename with aliases', `{ ${many(401, (index) => `a${index}: __typename`)} }`],
    ['the same field again and again', `{ ${many(401, () => '__typename')} }`],
    ['fields that do not exist', `{ ${many(401, () => 'a')} }`],
    ['a fragment again and again', `{ ${many(401, () => '...F')} } fragment F on Query { __typename }`],
    ['fields of the schema', `{ __schema { ${many(401, (index) => `a${index}: description`)} } }`],
    ['101 aliases', `{ ${many(101, (index) => `alias${index}: __typename`)} }`, 'number of aliases is 101'],
    ['ten directives', `{ __typename ${'@aa'.repeat(10)} }`, 'number of directives in one place is 10'],
  ])('%s are refused before the document is validated', async (_name, query, message = 'breadth is 40') => {
    expect(await send(query)).toMatchObject([
      { message: expect.stringContaining(message), extensions: { code: 'QUERY_TOO_COMPLEX' } },
    ]);
  });

  test('an expansion of the schema is refused', async () => {
    const query = `{ __schema { types { ...A } } } fragment A on __Type { ${many(9, (index) => `a${index}: fields { type { fields { type { ...B } } } }`)} }
      fragment B on __Type { ${many(9, (index) => `b${index}: name`)} }`;
    expect(await send(query)).toMatchObject([
      { message: expect.stringContaining('values of the schema'), extensions: { code: 'QUERY_TOO_COMPLEX' } },
    ]);
  });

  test('searches that cost too much are refused', async () => {
    const words = many(10, (index) => `word${index}`);
    const searches = many(
      20,
      (index) => `a${index}: conversations(filter: { text: "${words}" }) { totalCount }`,
    );
    gateway.statements();
    expect(await send(`{ ${searches} }`)).toMatchObject([
      { message: expect.stringContaining('complexity'), extensions: { code: 'QUERY_TOO_COMPLEX' } },
    ]);
    expect(gateway.statements()).toEqual([]);
  });
});

test('a subscription to a costly filter is refused', async () => {
  const values = Array.from({ length: 100 }, (_, index) => `label ${index}`);
  const query = `subscription ($labels: [String!]) { ${'live: inbox(filter: { labels: $labels, text: "a b c d e f g h i j" }) { __typename '}
    ... on MessageAdded { message { conversation { messages(first: 100) { nodes { ${many(200, (index) => `a${index}: content`)} } } } } } } }`;
  for (const transport of ['graphql-ws', 'SSE'] as const) {
    const stream = await openSubscription(gateway, organization.agent, {
      transport,
      query,
      labels: values,
    } as never);
    expect((await stream.next()).errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
  }
});

test('an input with hundreds of issues is told of 20', async () => {
  const answers = Array.from({ length: 200 }, () => ({ question: '' }));
  const { data } = await gateway.ask(
    organization.agent,
    `mutation ($input: CreateConversationInput!) {
      createConversation(input: $input) { ... on InvalidInputError { message issues { code path } } } }`,
    { input: { channelId: organization.channel.id, contactId: organization.contact.id, answers } },
  );
  expect(data.createConversation.issues).toHaveLength(LIMITS.errors);
  expect(data.createConversation.message.length).toBeLessThan(2_000);
});

test('an operation whose rows fail hundreds of times is told of 20', async () => {
  const wrong = many(50, (index) => `a${index}: contact(id: "CVR-${index}") { id }`);
  const { data, errors = [] } = await gateway.ask(organization.agent, `{ ${wrong} }`);
  expect(Object.values(data)).toEqual(Array(50).fill(null));
  expect(errors).toHaveLength(LIMITS.errors);
});

test('the schema is read once for all who ask with the same document', async () => {
  const query = getIntrospectionQuery();
  const first = await gateway.ask(null, query);
  expect(first.errors).toBeUndefined();
  expect(first.data.__schema.types.length).toBeGreaterThan(100);
  const getTypeMap = vi.spyOn(schema, 'getTypeMap');
  const second = await gateway.ask(organization.contact, query);
  expect(second.data).toEqual(first.data);
  expect(getTypeMap).not.toHaveBeenCalled();
  getTypeMap.mockRestore();
});

describe('an answer that grows too large', () => {
  const CONTENT = 50_000;
  let conversationId: string;

  beforeAll(async () => {
    const { send } = createMutations(gateway);
    conversationId = await openConversation(gateway, organization);
    // 100 messages of 50 kB each: 5 MB for one page.
    const content = 'x'.repeat(CONTENT);
    for (let index = 0; index < 100; index++) {
      requireResult(await send(organization.agent, { conversationId, content }));
    }
  });

  const PAGE = '... on Conversation { messages(first: 100) { nodes { content } } }';
  const TOO_LARGE = [
    { message: expect.stringContaining('larger than 10 MB'), extensions: { code: 'QUERY_TOO_COMPLEX' } },
  ];
  const nodes = (count: number) =>
    gateway.ask(organization.contact, `query ($ids: [ID!]!) { nodes(ids: $ids) { id ${PAGE} } }`, {
      ids: Array(count).fill(conversationId),
    });

  test('is ended while it is made: one object forty times', async () => {
    const { data, errors } = await nodes(40);
    expect(errors).toEqual([expect.objectContaining(TOO_LARGE[0] as object)]);
    expect(data).toBeUndefined();
  });

  test('and not before: twice. Equal ids are read once', async () => {
    gateway.statements();
    const { data, errors } = await nodes(2);
    expect(errors).toBeUndefined();
    expect(data.nodes.map((node: { id: string }) => node.id)).toEqual([conversationId, conversationId]);
    expect(data.nodes[1].messages.nodes[99].content).toHaveLength(CONTENT);
    expect(gateway.statements()).toHaveLength(1);
  });

  test('is ended with aliases, too', async () => {
    const query = `query ($id: ID!) { node(id: $id) { ... on Conversation { messages(first: 100) { nodes { ${many(20, (index) => `a${index}: content`)} } } } } }`;
    const { data, errors } = await gateway.ask(organization.contact, query, { id: conversationId });
    expect(errors).toMatchObject(TOO_LARGE);
    expect(data).toBeUndefined();
  });

  test('of a mutation: the change is made, and has its cursor', async () => {
    const { data, errors, extensions } = await gateway.ask(
      organization.agent,
      `mutation ($input: RenameConversationInput!) { renameConversation(input: $input) {
        ... on Conversation { id messages(first: 100) { nodes { ${many(3, (index) => `a${index}: content`)} } } } } }`,
      { input: { conversationId, name: 'Renamed' } },
    );
    expect(errors).toMatchObject(TOO_LARGE);
    expect(data).toBeUndefined();
    expect(extensions?.cursor).toEqual(expect.any(String));
    const read = await gateway.ask(
      organization.agent,
      'query ($id: ID!) { conversation(id: $id) { name } }',
      {
        id: conversationId,
      },
    );
    expect(read.data.conversation.name).toBe('Renamed');
  });

  test.each(['graphql-ws', 'SSE'] as const)(
    'of an event: the subscription ends, over %s',
    async (transport) => {
      const query = `subscription ($conversationId: ID) { live: messageAdded(conversationId: $conversationId) { __typename
      ... on MessageAdded { message { conversation { messages(first: 100) { nodes { ${many(3, (index) => `a${index}: content`)} } } } } } } }`;
      const live = await openLiveSubscription(gateway, organization.agent, {
        transport,
        query,
        conversationId,
      });
      requireResult(
        await createMutations(gateway).send(organization.agent, { conversationId, content: 'Hello' }),
      );
      expect((await live.next()).errors).toMatchObject(TOO_LARGE);
      await live.ended;
    },
  );
});
