import {
  type GraphQLInputType,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isScalarType,
} from 'graphql';
import { schema } from '../../src/graphql/schema.ts';

/** An argument of an operation that takes a string: document and variables. */
export interface TextPlace {
  /** Path from the variable to the argument. */
  path: string;
  document: string;
  /** Variables with this value at the path. */
  variables: (value: unknown) => Record<string, unknown>;
}

const TEXTS = ['String', 'ID', 'JSON'];

/** Every argument of queries and mutations that takes a string, an id or JSON. */
export function textPlaces(): TextPlace[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const;
  return roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) =>
      field.args.flatMap((argument) =>
        placesIn(argument.type).map(({ path, wrap }) => {
          const needed = field.args.filter((other) => other === argument || isRequiredArgument(other));
          const declared = needed.map(({ name, type }) => `$${name}: ${type}`).join(', ');
          const given = needed.map(({ name }) => `${name}: $${name}`).join(', ');
          const selected = isScalarType(getNamedType(field.type)) ? '' : '{ __typename }';
          return {
            path: [`${field.name}:${argument.name}`, ...path].join('.'),
            document: `${kind} (${declared}) { ${field.name}(${given}) ${selected} }`,
            variables: (value: unknown) => ({ [argument.name]: wrap(value) }),
          };
        }),
      ),
    ),
  );
}

interface Place {
  path: string[];
  wrap: (value: unknown) => unknown;
}

function placesIn(type: GraphQLInputType): Place[] {
  if (isNonNullType(type)) return placesIn(type.ofType);
  if (isListType(type)) {
    return placesIn(type.ofType).map(({ path, wrap }) => ({
      path: ['0', ...path],
      wrap: (value) => [wrap(value)],
    }));
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).flatMap((field) =>
      placesIn(field.type).map(({ path, wrap }) => ({
        path: [field.name, ...path],
        wrap: (value) => ({ [field.name]: wrap(value) }),
      })),
    );
  }
  return TEXTS.includes(type.name) ? [{ path: [], wrap: (value) => value }] : [];
}
