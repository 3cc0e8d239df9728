import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';

/** A field of a mutation's input, also one inside others. */
export interface InputPlace {
  mutation: string;
  /** From the input inwards; `0` stands for the entry of a list. */
  path: string[];
  type: GraphQLInputType;
}

/** Every field of the inputs of all mutations that take an `input`. */
export function inputPlaces(): InputPlace[] {
  return Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args }) => {
    const type = args.find((argument) => argument.name === 'input')?.type;
    return type ? placesIn(name, [], type) : [];
  });
}

function placesIn(mutation: string, path: string[], outer: GraphQLInputType): InputPlace[] {
  const type = getNullableType(outer);
  if (isListType(type)) return placesIn(mutation, [...path, '0'], type.ofType);
  if (!isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const place = { mutation, path: [...path, field.name], type: field.type };
    return [place, ...placesIn(mutation, place.path, field.type)];
  });
}

/** The input with this value at the path. What is missing on the way is filled with the least that its type needs. */
export function withValue(mutation: string, input: object, path: readonly string[], value: unknown): object {
  const type = schema
    .getMutationType()
    ?.getFields()
    [mutation]?.args.find(({ name }) => name === 'input')?.type;
  if (!type) throw new Error(`${mutation} takes no input`);
  return put(type, input, { path, value }) as object;
}

function put(
  outer: GraphQLInputType,
  present: unknown,
  { path: [name, ...rest], value }: { path: readonly string[]; value: unknown },
): unknown {
  if (name === undefined) return value;
  const type = getNullableType(outer);
  if (isListType(type)) return [put(type.ofType, leastOf(type.ofType), { path: rest, value })];
  const fields = (type as GraphQLInputObjectType).getFields();
  const inside = fields[name]?.type as GraphQLInputType;
  const object = (present ?? leastOf(type)) as Record<string, unknown>;
  return { ...object, [name]: put(inside, object[name], { path: rest, value }) };
}

/** The smallest valid value of a type. */
export function leastOf(outer: GraphQLInputType): unknown {
  const type = getNullableType(outer);
  if (isListType(type)) return [leastOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return Object.fromEntries(required.map((field) => [field.name, leastOf(field.type)]));
  }
  const known: Record<string, unknown> = {
    Int: 1,
    Float: 1,
    Boolean: true,
    JSON: {},
    DateTime: '2099-01-01T00:00:00Z',
  };
  return known[getNamedType(type).name] ?? 'x';
}
