import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

// Builds documents from the schema, so that new fields are tested automatically.

type Field = GraphQLField<unknown, unknown>;

/** Names of a type's team-only fields. */
export function teamFieldsOf(type: GraphQLObjectType): Field[] {
  return Object.values(type.getFields()).filter((field) => field.extensions.visibility === 'team');
}

/** Selects a field and, below it, everything without required arguments, down to `depth`. */
export function selectionOf(field: Field, depth = 0): string {
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return field.name;
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  return `${field.name} { __typename ${depth > 0 ? selectAll(fields, depth - 1) : ''} }`;
}

/** Selects all of these fields without required arguments, recursively, down to `depth`. */
export function selectAll(fields: readonly Field[], depth: number): string {
  return fields
    .filter((field) => !field.args.some(isRequiredArgument))
    .map((field) => selectionOf(field, depth))
    .join(' ');
}
