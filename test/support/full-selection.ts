import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';

/**
 * Selects everything below a type without required arguments, down to `depth`, with `__typename` on each level; '' for a scalar. Members of
 * unions and interfaces are selected by fragments.
 */
export function selectFully(type: GraphQLNamedType, depth: number): string {
  if (!isCompositeType(type)) return '';
  const members = isAbstractType(type)
    ? schema.getPossibleTypes(type).map((member) => `... on ${member.name} { ${fieldsOf(member, depth)} }`)
    : [fieldsOf(type, depth)];
  return `{ __typename ${members.join(' ')} }`;
}

/** Selections of everything below a type, one for each member of a union: together they could be too complex. */
export function selectEachFully(type: GraphQLNamedType, depth: number): string[] {
  if (!isUnionType(type)) return [selectFully(type, depth)];
  return type
    .getTypes()
    .map((member) => `{ __typename ... on ${member.name} { ${fieldsOf(member, depth)} } }`);
}

function fieldsOf(type: GraphQLNamedType, depth: number): string {
  if (!isObjectType(type)) return '';
  return Object.values(type.getFields())
    .filter((field) => !field.args.some(isRequiredArgument))
    .flatMap((field) => selectField(field, depth))
    .join(' ');
}

function selectField(field: GraphQLField<unknown, unknown>, depth: number): string[] {
  const type = getNamedType(field.type);
  if (!isCompositeType(type)) return [field.name];
  return depth > 0 ? [`${field.name} ${selectFully(type, depth - 1)}`] : [`${field.name} { __typename }`];
}

/** Names of the fields in an answer to such a selection, as `Type.field`. */
export function fieldsRead(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const type = '__typename' in value ? value.__typename : undefined;
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(typeof type === 'string' && name !== '__typename' ? [`${type}.${name}`] : []),
    ...fieldsRead(inner),
  ]);
}
