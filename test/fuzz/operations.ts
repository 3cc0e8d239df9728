import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';
import { type Root, rootFields } from '../support/id-places.ts';
import { repeat } from './tokens.ts';
import { type Json, valuesFor } from './values.ts';

// Operations built from the schema: valid ones with hostile values, and documents that are hostile themselves.

type Field = GraphQLField<unknown, unknown>;

export interface Operation {
  document: string;
  variables: Json;
}

interface Selection {
  name: string;
  alias: string | null;
  directive: string | null;
  args: { name: string; type: string; value: Json }[];
  /** Empty for a scalar. */
  inner: Part[];
}

/** A selection, or a fragment on a type. */
type Part = Selection | { on: string; inner: Part[] };

const ALIASES = ['a', 'b', '__proto__', 'constructor', 'then', 'toJSON', 'id', 'x'.repeat(300)];
const DIRECTIVES = [
  '@include(if: true)',
  '@skip(if: true)',
  '@skip(if: false) @include(if: true)',
  '@unknown',
  '@deprecated',
];
const MAX_DEPTH = 4;
const TO_MESSAGES = /message|conversation|timeline|^nodes?$|^edges$|^inbox$/i;
const TYPENAME: Selection = { name: '__typename', alias: null, directive: null, args: [], inner: [] };

const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 30, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: value });

const parts = new Map<string, fc.Arbitrary<Part[]>>();

function partsOf(type: GraphQLNamedType, depth: number): fc.Arbitrary<Part[]> {
  const key = `${type.name} ${depth}`;
  const known = parts.get(key);
  if (known) return known;
  const made = createParts(type, depth);
  parts.set(key, made);
  return made;
}

function createParts(type: GraphQLNamedType, depth: number): fc.Arbitrary<Part[]> {
  if (isAbstractType(type)) {
    const fragments = schema
      .getPossibleTypes(type)
      .map((member) => partsOf(member, depth).map((inner): Part => ({ on: member.name, inner })));
    return fc.array(fc.oneof(fc.constant<Part>(TYPENAME), ...fragments), { minLength: 1, maxLength: 3 });
  }
  if (!isObjectType(type)) return fc.constant([]);
  const fields = Object.values(type.getFields()).filter(
    ({ type: inner }) => depth > 0 || !isCompositeType(getNamedType(inner)),
  );
  return fc.array(
    fc.oneof(fc.constant<Part>(TYPENAME), ...fields.map((field) => selectionOf(field, depth - 1))),
    {
      minLength: 1,
      maxLength: 5,
    },
  );
}

function selectionOf(field: Field, depth: number): fc.Arbitrary<Selection> {
  return selectionWith(field, { inner: partsOf(getNamedType(field.type), depth), argumentWeight: 8 });
}

/** `argumentWeight`: how often an optional argument is given, compared with 4 times that it is not. */
function selectionWith(
  field: Field,
  { inner, argumentWeight }: { inner: fc.Arbitrary<Part[]>; argumentWeight: number },
): fc.Arbitrary<Selection> {
  const args = field.args.map((argument) => {
    const { name, type } = argument;
    // A field that is named after a type takes its id, such as conversation(id:).
    const values = valuesFor(name === 'id' ? field.name : name, type);
    const given = values.map((value) => [{ name, type: `${type}`, value }]);
    if (isRequiredArgument(argument)) return given;
    return fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, { weight: argumentWeight, arbitrary: given });
  });
  return fc.record({
    name: fc.constant(field.name),
    alias: rarely(fc.constantFrom(...ALIASES)),
    directive: rarely(fc.constantFrom(...DIRECTIVES)),
    args: fc.tuple(...args).map((given) => given.flat()),
    inner,
  });
}

function print(root: Root, selections: readonly Part[]): Operation {
  const variables: Record<string, Json> = {};
  const declared: string[] = [];

  function printPart(part: Part): string {
    if ('on' in part) return `... on ${part.on} ${printInner(part.inner)}`;
    const given = part.args.map(({ name, type, value }) => {
      const variable = `v${declared.length}`;
      declared.push(`$${variable}: ${type}`);
      variables[variable] = value;
      return `${name}: $${variable}`;
    });
    const alias = part.alias === null ? '' : `${part.alias}: `;
    const args = given.length > 0 ? `(${given.join(', ')})` : '';
    return `${alias}${part.name}${args} ${part.directive ?? ''} ${part.inner.length > 0 ? printInner(part.inner) : ''}`.trim();
  }

  const printInner = (inner: readonly Part[]) => `{ ${inner.map(printPart).join(' ') || '__typename'} }`;
  const body = printInner(selections);
  const head = declared.length > 0 ? `${root} (${declared.join(', ')})` : root;
  return { document: `${head} ${body}`, variables };
}

/** Operations that the schema allows, one to three root fields at once. */
export function operationOf(root: Root): fc.Arbitrary<Operation> {
  const fields = rootFields(root).map((field) => selectionOf(field, MAX_DEPTH));
  return fc
    .array(fc.oneof(...fields), { minLength: 1, maxLength: root === 'subscription' ? 1 : 3 })
    .map((selections) => print(root, selections));
}

/** One root field, all leaves below it, and one path into the depth with all leaves along it: everything at once would be too complex. */
export function deepOperationOf(root: Root): fc.Arbitrary<Operation> {
  const fields = rootFields(root).map((field) => ({
    weight: weightOf(field),
    arbitrary: deepSelectionOf(field, MAX_DEPTH),
  }));
  return fc.oneof(...fields).map((selection) => print(root, [selection]));
}

function deepSelectionOf(field: Field, depth: number): fc.Arbitrary<Selection> {
  const type = getNamedType(field.type);
  return selectionWith(field, { inner: deepPartsOf(type, depth), argumentWeight: 1 });
}

function deepPartsOf(type: GraphQLNamedType, depth: number): fc.Arbitrary<Part[]> {
  if (!isCompositeType(type)) return fc.constant([]);
  const members = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const leaves = members.map((member): Part => ({ on: member.name, inner: leavesOf(member) }));
  const paths = members.flatMap((member) =>
    Object.values(member.getFields())
      .filter((field) => !isLeaf(field))
      .map((field) => ({ on: member.name, field })),
  );
  if (depth === 0 || paths.length === 0) return fc.constant(leaves);
  return fc
    .oneof(...paths.map((path) => ({ weight: weightOf(path.field), arbitrary: fc.constant(path) })))
    .chain(({ on, field }) =>
      deepSelectionOf(field, depth - 1).map((selection) => [...leaves, { on, inner: [selection] }]),
    );
}

/** Weight of a field among its siblings: most secrets are in messages. */
const weightOf = ({ name }: Field) => (TO_MESSAGES.test(name) ? 5 : 1);

const isLeaf = ({ type }: Field) => !isCompositeType(getNamedType(type));

function leavesOf(type: GraphQLObjectType): Part[] {
  const fields = Object.values(type.getFields()).filter(
    (field) => isLeaf(field) && !field.args.some(isRequiredArgument),
  );
  return fields.map(({ name }) => ({ ...TYPENAME, name }));
}

const NUMBERS = [2, 30, 101, 400, 3_000];

const count = fc.constantFrom(...NUMBERS);

const TYPE_FIELDS = 'fields { name type { name fields { name } } }';

/** Documents that are hostile in themselves, from one fragment many times to no GraphQL at all. */
export const hostileDocument: fc.Arbitrary<Operation> = fc
  .oneof(
    count.map((times) => `{ ${many(times, (index) => `a${index}: __typename`)} }`),
    count.map((times) => `{ ${many(times, (index) => `a${index}: viewer { identity { id name } }`)} }`),
    count.map((times) => `{ ${repeat('__typename ', times * 10)} }`),
    count.map((times) => `{ __typename ${repeat('@a', times)} }`),
    count.map((times) => `{ __typename ${repeat('@include(if: true) ', times)} }`),
    count.map(
      (times) => `query ${many(times, (index) => `Q${index} { __typename } query `)} Last { __typename }`,
    ),
    count.map(
      (times) =>
        `{ ...f0 } ${many(times, (index) => `fragment f${index} on Query { ...f${index + 1} ...f${index + 1} }`)} fragment f${times} on Query { __typename }`,
    ),
    count.map((times) => `{ ...f } fragment f on Query { ${many(times, () => '...f')} }`),
    count.map(
      (times) =>
        `{ ${'viewer { identity { ... on Node { '.repeat(1)}${repeat('... { ', times)} id ${repeat('} ', times)} } } } }`,
    ),
    count.map((times) => `{ nodes(ids: ${repeat('[', times)}${repeat(']', times)}) { id } }`),
    count.map((times) => `{ nodes(ids: [${repeat('"CVR-1", ', times)}]) { id } }`),
    count.map(
      (times) =>
        `{ ...a ...b } fragment a on Query { __schema { types { ${many(times, (index) => `x${index}: ${TYPE_FIELDS}`)} } } } fragment b on Query { __schema { types { ${many(times, (index) => `x${index}: ${TYPE_FIELDS}`)} } } }`,
    ),
    count.map(
      (times) =>
        `{ ${many(times, (index) => `t${index}: __type(name: "Conversation") { ${TYPE_FIELDS} }`)} }`,
    ),
    count.map((times) => `query (${many(times, (index) => `$v${index}: Int`)}) { __typename }`),
    count.map((times) => `{ conversations(filter: { labels: [${repeat('"x" ', times)}] }) { totalCount } }`),
    count.map(
      (times) =>
        `{ ${many(times, (index) => `c${index}: conversations(filter: { text: "a b c d e f g h" }) { totalCount }`)} }`,
    ),
    count.map(
      (times) =>
        `{ conversations(first: 100) { nodes { ${many(times, (index) => `m${index}: messages(first: 100) { nodes { content } }`)} } } }`,
    ),
    count.map((times) => `{ contacts(query: "${repeat('x y ', times)}") { totalCount } }`),
    count.map((times) => `# ${repeat('comment ', times)}\n{ __typename }`),
    count.map((times) => `{ ${repeat('x', times * 100)} }`),
    count.map((times) => `{ viewers { ${repeat('a ', times)} } }`),
    fc.constantFrom(
      '',
      ' ',
      '{',
      '}',
      '\u0000',
      '\ufeff{__typename}',
      '{ __typename',
      'query',
      'mutation { }',
      '"""',
      '{ a(b: "\\ud800") }',
      'subscription { a: inbox { __typename } b: inbox { __typename } }',
      'type Query { a: Int }',
      'query A { __typename } query A { __typename }',
      '{ ...Missing }',
      'fragment A on Query { __typename }',
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
    ),
    fc.string({ unit: 'binary', maxLength: 30 }),
  )
  .map((document) => ({ document, variables: {} }));

function many(times: number, make: (index: number) => string): string {
  // Documents of more than 400 parts are built of tokens alone: they would fill the report of a failure.
  return Array.from({ length: Math.min(times, 400) }, (_, index) => make(index)).join(' ');
}
