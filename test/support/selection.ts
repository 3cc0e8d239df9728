import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

// Documents made from the schema, so that what is added to it is tested without being named in a test.

type Field = GraphQLField<unknown, unknown>;

/** The fields of a type that are for the team. */
export function teamFieldsOf(type: GraphQLObjectType): Field[] {
  return Object.values(type.getFields()).filter((field) => field.extensions.visibility === 'team');
}

/** Selects the field, and of an object all that can be had without arguments, down to this depth. */
export function selectionOf(field: Field, depth = 0): string {
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return field.name;
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  return `${field.name} { __typename ${depth > 0 ? selectAll(fields, depth - 1) : ''} }`;
}

/** Selects all of these fields that need no arguments, and what is in them, down to this depth. */
export function selectAll(fields: readonly Field[], depth: number): string {
  return fields
    .filter((field) => !field.args.some(isRequiredArgument))
    .map((field) => selectionOf(field, depth))
    .join(' ');
}
