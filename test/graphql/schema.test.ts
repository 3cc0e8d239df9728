import { readFile } from 'node:fs/promises';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isNullableType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';
import { expect, test } from 'vitest';
import { printedSchema, schema } from '../../src/graphql/schema.ts';
import { conflictsAmong } from '../support/conflicts.ts';

const ROOTS = ['Query', 'Mutation', 'Subscription'];
const types = Object.values(schema.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);
const objects = types.filter(isObjectType);

function fieldsOf(type: GraphQLNamedType): [string, GraphQLField<unknown, unknown>][] {
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field]);
}

const fields = types.flatMap(fieldsOf);

/** Parts of a type that can have a description: itself, its fields, arguments and input fields. */
function describables(type: GraphQLNamedType): [string, { description?: string | null | undefined }][] {
  const inputs = isInputObjectType(type) ? Object.values(type.getFields()) : [];
  const args = fieldsOf(type).flatMap(([name, field]) =>
    field.args.map((arg) => [`${name}(${arg.name}:)`, arg] as const),
  );
  return [
    [type.name, type],
    ...fieldsOf(type),
    ...args.map(([name, arg]): [string, typeof arg] => [name, arg]),
    ...inputs.map((field): [string, typeof field] => [`${type.name}.${field.name}`, field]),
  ];
}

test('schema.graphql is up to date: run `npm run schema` after a change', async () => {
  expect(await readFile('schema.graphql', 'utf8')).toBe(printedSchema());
});

test('every type, field, argument and input field has a description', () => {
  const silent = types.flatMap(describables).filter(([, { description }]) => !description?.trim());
  expect(silent.map(([name]) => name)).toEqual([]);
  expect(fields.length).toBeGreaterThan(200);
});

test('enum values have descriptions, except well-known names', () => {
  const plain = ['ChannelType', 'ConversationPriority', 'SourceSystem'];
  const silent = types
    .filter(isEnumType)
    .filter((type) => type.getValues().some((value) => !value.description));
  expect(silent.map((type) => type.name).sort()).toEqual(plain);
});

const QUESTION = /^(What|Who|Whose|Whom|Those|Whoever|When|How it)\b/;

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

const FILLERS = ['the', 'a', 'an', 'of', 'its', 'this', 'is'];

/** Problems of a description: too short, begun with a question word, or only the words of the name again. */
function problemsOf(name: string, description: string): string[] {
  const words = wordsOf(description);
  const known = new Set([...FILLERS, ...wordsOf(name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase())]);
  const isRepetition = words.every((word) => known.has(word.toLowerCase()));
  return [
    ...(words.length > 4 ? [] : [`${name} is described in ${words.length} words: ${description}`]),
    ...(QUESTION.test(description) ? [`${name} begins with a question word: ${description}`] : []),
    ...(isRepetition ? [`${name} repeats its name: ${description}`] : []),
  ];
}

function enumValuesOf(type: GraphQLNamedType): [string, { description?: string | null | undefined }][] {
  const values = isEnumType(type) ? type.getValues() : [];
  return values.map((value) => [`${type.name}.${value.name}`, value]);
}

test('a description is a plain phrase that says more than the name', () => {
  const problems = types
    .flatMap((type) => [...describables(type), ...enumValuesOf(type)])
    .flatMap(([name, { description }]) => (description ? problemsOf(name, description) : []));
  expect(problems).toEqual([]);
});

test('short descriptions, question words and repetitions are found', () => {
  expect(problemsOf('Message.createdAt', 'Time at which the message was written.')).toEqual([]);
  expect(problemsOf('Message.createdAt', 'When it was written, in RFC 3339.')).toHaveLength(1);
  expect(problemsOf('Message.width', 'Width in pixels.')).toHaveLength(1);
  expect(problemsOf('Message.fileName', 'The file name of this message.')).toHaveLength(1);
});

test('every field has a visibility', () => {
  const unmarked = fields.filter(
    ([, { extensions }]) => extensions.visibility !== 'public' && extensions.visibility !== 'team',
  );
  expect(unmarked.map(([name]) => name)).toEqual([]);
});

test('team fields are nullable or lists', () => {
  const forTeam = fields.filter(([, { extensions }]) => extensions.visibility === 'team');
  const below = forTeam.filter(([name]) => !ROOTS.some((root) => name.startsWith(`${root}.`)));
  const full = below.filter(([, { type }]) => isNonNullType(type) && !isListType(type.ofType));
  expect(full.map(([name]) => name)).toEqual([]);
  expect(below.length).toBeGreaterThan(20);
});

test('the list of team fields is the expected one', () => {
  const forTeam = fields
    .filter(([, { extensions }]) => extensions.visibility === 'team')
    .map(([name]) => name);
  const ofRoots = (name: string) => name.startsWith('Query.');
  const ofEach = (name: string) =>
    name.endsWith('.origin') || (name.endsWith('.entry') && name !== 'Event.entry');
  expect(forTeam.filter((name) => !ofRoots(name) && !ofEach(name)).sort()).toEqual([
    'Answer.internalLabel',
    'Audience.removedAt',
    'Bot.removedAt',
    'BusinessUnit.removedAt',
    'Channel.removedAt',
    'Contact.additionalAttributes',
    'Contact.customAttributes',
    'Contact.description',
    'Contact.labels',
    'ContactConflictError.conflictingContact',
    'Conversation.customAttributes',
    'Conversation.labels',
    'Conversation.members',
    'Conversation.participants',
    'Conversation.priority',
    'Conversation.snoozedUntil',
    'Conversation.version',
    'ConversationMember.user',
    'Message.mentions',
    'Organization.businessUnits',
    'User.email',
    'User.removedAt',
    'User.role',
    'Website.removedAt',
  ]);
  expect(
    fields.filter(([name, { extensions }]) => name.endsWith('.origin') && extensions.visibility !== 'team'),
  ).toEqual([]);
});

test('fields of the same name have the same type in all members of a union', () => {
  const unions = types.filter(isUnionType);
  expect(unions.flatMap((union) => conflictsAmong(union.name, union.getTypes()))).toEqual([]);
  expect(unions.length).toBeGreaterThan(5);
});

test('fields of the same name have the same type in all implementations of an interface', () => {
  const interfaces = types.filter(isInterfaceType);
  const conflicts = interfaces.flatMap((type) => conflictsAmong(type.name, schema.getPossibleTypes(type)));
  expect(conflicts).toEqual([]);
  expect(interfaces.map(({ name }) => name).sort()).toEqual(['Actor', 'Event', 'Node', 'UserError']);
});

test('the check finds fields of the same name with different types', () => {
  const small = buildSchema('type One { same: Int name: String! } type Other { same: Int name: String }');
  const [one, other] = ['One', 'Other'].map((name) => small.getType(name));
  if (!isObjectType(one) || !isObjectType(other)) throw new Error('the schema has neither');
  expect(conflictsAmong('Both', [one, other])).toEqual(['Both.name: String String!']);
});

test('only implementations of Node have a field id', () => {
  const others = objects.filter((type) => !type.getInterfaces().some(({ name }) => name === 'Node'));
  expect(others.filter((type) => 'id' in type.getFields()).map(({ name }) => name)).toEqual([]);
});

test('root fields are nullable, so that an error in one leaves the others intact', () => {
  const roots = fields.filter(([name]) => ROOTS.some((root) => name.startsWith(`${root}.`)));
  const strict = roots.filter(([, { type }]) => !isNullableType(type)).map(([name]) => name);
  expect(strict.sort()).toEqual(['Query.nodes', 'Query.streamCursor', 'Query.viewer']);
});

test('every error in a result union is a UserError, so that one fragment matches all', () => {
  const isUserError = (type: GraphQLNamedType) =>
    isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'UserError');
  const errors = objects.filter(({ name }) => name.endsWith('Error'));
  expect(errors.filter((type) => !isUserError(type)).map(({ name }) => name)).toEqual([]);

  // setActivity stores nothing: it returns no object, and has no idempotency key.
  const { setActivity: _, ...changing } = schema.getMutationType()?.getFields() ?? {};
  const results = Object.values(changing).map(({ type }) => type);
  for (const result of results) {
    if (!isUnionType(result)) throw new Error(`${result} is not a union of a payload and errors`);
    expect(
      result.getTypes().filter((type) => !isUserError(type)),
      result.name,
    ).toHaveLength(1);
  }
  expect(results.length).toBeGreaterThanOrEqual(5);
});
