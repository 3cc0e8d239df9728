import { type GraphQLNamedType, getNamedType, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { schema } from '../../src/graphql/schema.ts';
import { ID_PREFIX } from '../../src/ids.ts';
import { fieldsRead, selectFully } from './full-selection.ts';
import type { Answer, Gateway } from './gateway.ts';
import { documentFor, requiredVariables, rootFields, withValueAt } from './id-places.ts';
import type { Person } from './mutations.ts';

export interface Crawl {
  /** All answers, as JSON. */
  texts: string[];
  /** Fields that were answered with an object to read them from, as `Type.field`. */
  fields: Set<string>;
  /** Codes of errors. */
  codes: Set<unknown>;
}

const ID = new RegExp(`\\b(?:${Object.values(ID_PREFIX).join('|')})-[0-9A-HJKMNP-TV-Z]{26}\\b`, 'g');

/**
 * Reads everything that a viewer can reach: all root fields with each value of their enum and boolean arguments, and all fields of every
 * object whose id is in an answer. `samples`: values of required arguments, by name.
 */
export async function crawl(gateway: Gateway, person: Person | null, samples: object): Promise<Crawl> {
  const found: Crawl = { texts: [], fields: new Set(), codes: new Set() };
  const waiting: string[] = [];
  const known = new Set<string>();

  async function ask(query: string, variables: object) {
    const answer = await gateway.ask(person, query, variables);
    const text = JSON.stringify(answer);
    found.texts.push(text);
    for (const field of fieldsRead(answer.data)) found.fields.add(field);
    for (const { extensions } of answer.errors ?? []) found.codes.add(extensions?.code);
    for (const id of text.match(ID) ?? []) {
      if (!known.has(id)) waiting.push(id);
      known.add(id);
    }
    return answer;
  }

  for (const field of rootFields('query')) {
    const variables = { ...requiredVariables(field), ...pick(samples, field.args) };
    const depth = await findDepth((depth) => ask(documentFor('query', field, depth), variables));
    for (const { path, value } of field.args.flatMap(({ name, type }) =>
      variantsOf(getNamedType(type), [name]),
    )) {
      await ask(documentFor('query', field, Math.min(depth, 1)), withValueAt(variables, path, value));
    }
  }
  const explored = new Set<string>();
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const type = TYPE_BY_PREFIX.get(id.slice(0, 3));
    if (!isObjectType(type)) continue;
    const read = (selection: string) =>
      ask(`query ($id: ID!) { node(id: $id) { __typename ... on ${type.name} ${selection} } }`, { id });
    await findDepth((depth) => read(selectFully(type, depth)), 1);
    if (explored.has(type.name)) continue;
    explored.add(type.name);
    for (const selection of deepSelections(type)) await findDepth((depth) => read(selection(depth)), 2);
  }
  return found;
}

const TYPE_BY_PREFIX = new Map(
  Object.entries(ID_PREFIX).map(([type, prefix]) => [prefix as string, schema.getType(type)]),
);

/** Asks with less and less depth until the operation is not too complex. Returns the depth. */
async function findDepth(ask: (depth: number) => Promise<Answer>, from = 2): Promise<number> {
  for (let depth = from; depth > 0; depth--) {
    const { errors = [] } = await ask(depth);
    if (!errors.some(({ extensions }) => extensions?.code === 'QUERY_TOO_COMPLEX')) return depth;
  }
  await ask(0);
  return 0;
}

/** Selections of each field alone, and of each value of its enum and number arguments. */
function deepSelections(type: GraphQLNamedType): ((depth: number) => string)[] {
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const inner = (depth: number) => selectFully(getNamedType(field.type), depth);
    const given = field.args.flatMap((argument) => {
      const named = getNamedType(argument.type);
      const values = isEnumType(named) ? named.getValues().map(({ name }) => name) : [];
      const numbers = argument.name === 'aroundSeq' ? ['1', '2', '3', '4', '5', '6', '7', '8'] : [];
      return [...values, ...numbers].map((value) => `(${argument.name}: ${value})`);
    });
    return ['', ...given].map((args) => (depth: number) => `{ ${field.name}${args} ${inner(depth)} }`);
  });
}

/** Values of all enums and booleans in an input type. */
function variantsOf(type: GraphQLNamedType, path: string[]): { path: string[]; value: unknown }[] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => ({ path, value: name }));
  if (type.name === 'Boolean') return [true, false].map((value) => ({ path, value }));
  if (!isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    variantsOf(getNamedType(field.type), [...path, field.name]),
  );
}

function pick(samples: object, args: readonly { name: string }[]): object {
  const names = new Set(args.map(({ name }) => name));
  return Object.fromEntries(Object.entries(samples).filter(([name]) => names.has(name)));
}
