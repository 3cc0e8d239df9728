import { GraphQLError, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { builder } from './builder.ts';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
// More digits of a second than any clock has.
const MAX_TIME_LENGTH = 64;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

builder.scalarType('DateTime', {
  description:
    'Time in RFC 3339 format. Output is in UTC with milliseconds, such as 2026-11-21T09:30:00.000Z. Input may have any offset; the year is 0001 to 9999. Something that has not happened is null, never a date in the far future.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => parseTime(value),
  parseLiteral: (node) => parseTime(node.kind === Kind.STRING ? node.value : null, node),
});

function parseTime(value: unknown, node: ValueNode | null = null): Date {
  const text = typeof value === 'string' && value.length <= MAX_TIME_LENGTH ? value : '';
  const time = new Date(RFC_3339.test(text) ? text : Number.NaN);
  if (!isRealDay(text.slice(0, 10)) || !isStorable(time)) {
    throw new GraphQLError('Expected a time as RFC 3339, such as 2026-11-21T09:30:00.000Z.', { nodes: node });
  }
  return time;
}

// `new Date` turns February 30th into March 2nd.
function isRealDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

// The year in UTC has four digits as well; PostgreSQL has no year 0.
function isStorable(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999;
}

builder.scalarType('UUID', {
  description:
    'UUID of 36 characters, such as 018f9c2e-7b1a-7c3d-9e4f-5a6b7c8d9e0f. Output is in lower case.',
  serialize: (value) => value,
  parseValue(value) {
    if (typeof value !== 'string' || !UUID.test(value)) throw new GraphQLError('Expected a UUID.');
    return value.toLowerCase();
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value: object, list, string, number, boolean or null.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) =>
    node.kind === Kind.NULL ? null : valueFromASTUntyped(node, variables ?? undefined),
});
