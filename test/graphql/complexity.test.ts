import {
  type GraphQLField,
  getOperationAST,
  getVariableValues,
  isInterfaceType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { CHANGE_COST, COUNT_COST, STATEMENT_COST } from '../../src/graphql/core/complexity.ts';
import { checkOperation, fragmentsOf } from '../../src/graphql/core/operation-check.ts';
import { measureOperation } from '../../src/graphql/core/operation-cost.ts';
import { schema } from '../../src/graphql/schema.ts';
import { LIMITS } from '../../src/limits.ts';
import { measureSelections } from '../../src/server/selection-size.ts';
import { FRONT_OPERATIONS } from '../support/front-operations.ts';

function complexityOf(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const { coerced = {} } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  return measureOperation({ schema, operation, fragments: fragmentsOf(document), variableValues: coerced })
    .complexity;
}

function refusalsOf(query: string, variableValues: Record<string, unknown> = {}) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  return checkOperation({ schema, document, variableValues }).errors.map(({ message }) => message);
}

const many = (count: number, one: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => one(index)).join(' ');

describe('the weight of', () => {
  const words = (count: number) => many(count, (index) => `word${index}`);

  test('a search grows with its words, in a literal and in a variable', () => {
    const literal = (text: string) =>
      complexityOf(`{ conversations(filter: { text: "${text}" }) { totalCount } }`);
    const variable = (text: string) =>
      complexityOf('query ($text: String) { conversations(filter: { text: $text }) { totalCount } }', {
        text,
      });
    for (const weigh of [literal, variable]) {
      expect(weigh(words(3)) - weigh(words(2))).toBe(weigh(words(2)) - weigh(words(1)));
      expect(weigh(words(2)) - weigh(words(1))).toBeGreaterThanOrEqual(500);
      expect(weigh('  ')).toBe(weigh(''));
    }
    expect(literal(words(4))).toBe(variable(words(4)));
  });

  test('every search argument is weighed', () => {
    const searches = [
      (text: string) => `{ contacts(query: "${text}") { nodes { id } } }`,
      (text: string) => `{ invitableUsers(conversationId: "CVR-1", query: "${text}") { id } }`,
      (text: string) =>
        `{ contact(id: "CTC-1") { conversations(filter: { text: "${text}" }) { nodes { id } } } }`,
      (text: string) => `subscription { inbox(filter: { text: "${text}" }) { __typename } }`,
    ];
    for (const search of searches) {
      expect(complexityOf(search('one two')) - complexityOf(search('one'))).toBeGreaterThanOrEqual(500);
    }
  });

  test('the lists of a filter grows with their values', () => {
    const filtered = (labels: string[]) =>
      complexityOf('query ($filter: ConversationFilter) { conversations(filter: $filter) { totalCount } }', {
        filter: { labels, status: ['OPEN'] },
      });
    expect(filtered(['a', 'b', 'c']) - filtered(['a'])).toBe(2);
  });

  test('nodes is that of its selection for each id, equal or not', () => {
    const nodes = (ids: string[]) =>
      complexityOf(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Conversation { messages(first: 100) { nodes { content } } } } }',
        { ids },
      );
    const one = nodes(['CVR-1']);
    expect(one).toBeGreaterThan(100);
    expect(nodes(Array(40).fill('CVR-1')) - STATEMENT_COST).toBe(40 * (one - STATEMENT_COST));
  });

  test('a count of conversations is that of all rows, a number of messages that of a column', () => {
    expect(complexityOf('{ conversations { totalCount } }')).toBeGreaterThan(COUNT_COST);
    expect(complexityOf('{ conversation(id: "CVR-1") { messages { totalCount } } }')).toBeLessThan(
      COUNT_COST,
    );
  });

  test('a bulk update is that of its changes', () => {
    const update = (count: number) =>
      complexityOf(
        'mutation ($input: UpdateConversationsInput!) { updateConversations(input: $input) { __typename } }',
        { input: { conversationIds: Array(count).fill('CVR-1'), status: 'OPEN' } },
      );
    expect(update(50) - update(40)).toBeGreaterThanOrEqual(10 * CHANGE_COST);
  });
});

test.each([
  [
    'twenty searches of ten words, each with its count',
    `{ ${many(20, (index) => `a${index}: conversations(filter: { text: "${many(10, (word) => `w${word}`)}" }) { totalCount }`)} }`,
  ],
  ['a hundred counts', `{ ${many(100, (index) => `a${index}: conversations { totalCount }`)} }`],
  [
    'the conversations of a hundred contacts, counted',
    '{ contacts(first: 100) { nodes { conversations { totalCount } } } }',
  ],
  [
    'a hundred nodes with a hundred messages',
    `{ nodes(ids: [${many(100, () => '"CVR-1"')}]) { ... on Conversation { messages(first: 100) { nodes { id seq content } } } } }`,
  ],
])('%s are refused', (_name, query) => {
  expect(refusalsOf(query)).toEqual([expect.stringMatching(/complexity is \d+, at most 25000/)]);
});

test.each(Object.entries(FRONT_OPERATIONS))('%s stays far below the limits', (_name, [query, variables]) => {
  expect(refusalsOf(query, variables)).toEqual([]);
  expect(complexityOf(query, variables)).toBeLessThan(LIMITS.complexity * 0.6);
  const { breadth, aliases } = measureSelections(parse(query));
  expect(breadth).toBeLessThan(LIMITS.breadth * 0.8);
  expect(aliases).toBeLessThan(LIMITS.aliases * 0.1);
});

// Services that send statements, and functions that call them. Signed links and presence send none.
const READERS =
  /\b(db|counts|conversations|messages|contacts|directory|setAvailability|activity|loadNode|loadNodes|findLastChange|streamCursor)\b/;
// Read with their parent: the resolver names a service for its totalCount, or the field around it has the weight.
const READS_NOTHING = new Set([
  'Contact.conversations',
  'Conversation.messages',
  'ConversationsUpdated.results',
]);

interface PothosField {
  pothosOptions?: { resolve?: unknown; subscribe?: unknown };
  complexity?: unknown;
}

function sourceOf({ extensions }: GraphQLField<unknown, unknown>): string {
  const { resolve, subscribe } = (extensions as PothosField).pothosOptions ?? {};
  return `${resolve ?? ''} ${subscribe ?? ''}`;
}

function weightOf(field: GraphQLField<unknown, unknown>): number {
  const { complexity } = field.extensions as PothosField;
  const args = { ids: ['CVR-1'], input: { conversationIds: ['CVR-1'] } };
  const weight = typeof complexity === 'function' ? complexity(args, {}, field) : complexity;
  return typeof weight === 'number' ? weight : ((weight as { field?: number })?.field ?? 1);
}

const fields = Object.values(schema.getTypeMap())
  .filter((type) => (isObjectType(type) || isInterfaceType(type)) && !type.name.startsWith('__'))
  .flatMap((type) =>
    isObjectType(type) || isInterfaceType(type)
      ? Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const)
      : [],
  );

test('each field that sends a statement has its weight', () => {
  const reading = fields.filter(([name, field]) => READERS.test(sourceOf(field)) && !READS_NOTHING.has(name));
  expect(reading.length).toBeGreaterThan(40);
  expect(reading.filter(([, field]) => weightOf(field) < STATEMENT_COST).map(([name]) => name)).toEqual([]);
});

test('each mutation has the weight of a change', () => {
  const mutations = fields.filter(([name]) => name.startsWith('Mutation.'));
  expect(mutations.length).toBeGreaterThan(30);
  expect(mutations.filter(([, field]) => weightOf(field) < CHANGE_COST).map(([name]) => name)).toEqual([]);
});
