import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';
import { ID_PREFIX, type NodeType, newId } from '../../src/ids.ts';
import { selectEachFully, selectFully } from './full-selection.ts';

type Field = GraphQLField<unknown, unknown>;
export type Root = 'query' | 'mutation' | 'subscription';

/** An argument, or a field of an input object, that takes an id. */
export interface IdPlace {
  /** Such as `sendMessage:input.replyToId`. */
  name: string;
  root: Root;
  field: Field;
  /** Path in the variables; '0' is the first entry of a list. */
  path: readonly string[];
  /** Types whose ids fit. All when the name does not tell. */
  types: readonly NodeType[];
}

const ROOT_TYPES = {
  query: schema.getQueryType(),
  mutation: schema.getMutationType(),
  subscription: schema.getSubscriptionType(),
};

export function rootFields(root: Root): Field[] {
  return Object.values(ROOT_TYPES[root]?.getFields() ?? {});
}

export function fieldOf(root: Root, name: string | undefined): Field {
  const found = rootFields(root).find((field) => field.name === name);
  if (!found) throw new Error(`the schema has no ${root} ${name}`);
  return found;
}

/** Every place of the schema that takes an id. */
export function idPlaces(root: Root): IdPlace[] {
  return rootFields(root).flatMap((field) =>
    field.args.flatMap((argument) =>
      pathsIn(argument.type, [argument.name]).map((path) => ({
        name: `${field.name}:${path.join('.')}`,
        ...{ root, field, path, types: typesFor(field, path) },
      })),
    ),
  );
}

function pathsIn(type: GraphQLInputType, path: string[]): string[][] {
  if (isNonNullType(type)) return pathsIn(type.ofType, path);
  if (isListType(type)) return pathsIn(type.ofType, [...path, '0']);
  if (!isInputObjectType(type)) return type.name === 'ID' ? [path] : [];
  return Object.values(type.getFields()).flatMap((field) => pathsIn(field.type, [...path, field.name]));
}

const ALL_TYPES = Object.keys(ID_PREFIX) as NodeType[];

// Names of places by the type of the ids that they take.
const TYPE_BY_NAME: [RegExp, NodeType][] = [
  [/conversation/i, 'Conversation'],
  [/contact/i, 'Contact'],
  [/message|replyTo/i, 'Message'],
  [/bot/i, 'Bot'],
  [/website/i, 'Website'],
  [/audience/i, 'Audience'],
  [/channel/i, 'Channel'],
  [/businessUnit/i, 'BusinessUnit'],
  [/user|owner|member|mentions|^to$/i, 'User'],
];

/** Type of the ids that a place of this name takes; undefined when the name does not tell. */
export function typeByName(name: string): NodeType | undefined {
  return TYPE_BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
}

function typesFor(field: Field, path: readonly string[]): readonly NodeType[] {
  const known = typeByName(path.filter((part) => part !== '0').at(-1) ?? '');
  if (known) return [known];
  // A field that is named after a type takes its id, such as conversation(id:).
  const own = ALL_TYPES.find((type) => type.toLowerCase() === field.name.toLowerCase());
  return own ? [own] : ALL_TYPES;
}

/** Document with all arguments as variables, and a selection of everything down to `depth`. The field's alias is `it`. */
export function documentFor(root: Root, field: Field, depth: number): string {
  return withSelection(root, field, selectFully(getNamedType(field.type), depth));
}

/** The same, a document for each member of a union. */
export function documentsFor(root: Root, field: Field, depth: number): string[] {
  return selectEachFully(getNamedType(field.type), depth).map((selection) =>
    withSelection(root, field, selection),
  );
}

function withSelection(root: Root, field: Field, selection: string): string {
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const given = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const [variables, args] = field.args.length > 0 ? [`(${declared})`, `(${given})`] : ['', ''];
  return `${root} ${variables} { it: ${field.name}${args} ${selection} }`;
}

/** Variables with a value for each required argument: ids of nothing, the first enum value, and texts of nothing. */
export function requiredVariables(field: Field): Record<string, unknown> {
  return Object.fromEntries(
    field.args.filter(isRequiredArgument).map((argument) => [argument.name, exampleOf(field, argument)]),
  );
}

function exampleOf(field: Field, { name, type }: GraphQLArgument): unknown {
  const named = getNamedType(type);
  const isList = isListType(isNonNullType(type) ? type.ofType : type);
  if (isList) return [];
  if (isEnumType(named)) return named.getValues()[0]?.name;
  if (named.name === 'Int') return 0;
  return named.name === 'ID' ? newId(typesFor(field, [name])[0] ?? 'Conversation') : 'nothing';
}

/** A copy of the variables with this value at the path. */
export function withValueAt(
  variables: object,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): object {
  if (key === '0') return [rest.length > 0 ? withValueAt({}, rest, value) : value];
  const old: unknown = Reflect.get(variables, key);
  const inner = typeof old === 'object' && old !== null ? old : {};
  return { ...variables, [key]: rest.length > 0 ? withValueAt(inner, rest, value) : value };
}
