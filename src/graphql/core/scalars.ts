import { GraphQLError, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { builder } from './builder.ts';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

builder.scalarType('DateTime', {
  description:
    'A point in time as RFC 3339, in UTC with milliseconds: 2026-11-21T09:30:00.000Z. What has not happened is null, never a far-off date.',
  serialize: (value) => value.toISOString(),
  parseValue: (value) => parseTime(value),
  parseLiteral: (node) => parseTime(node.kind === Kind.STRING ? node.value : null, node),
});

function parseTime(value: unknown, node: ValueNode | null = null): Date {
  const time = new Date(typeof value === 'string' && RFC_3339.test(value) ? value : Number.NaN);
  if (!isRealDay(String(value).slice(0, 10)) || !isStorable(time)) {
    throw new GraphQLError('Expected a time as RFC 3339, such as 2026-11-21T09:30:00.000Z.', { nodes: node });
  }
  return time;
}

// JavaScript makes a 2nd of March of a 30th of February.
function isRealDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

// A year of four digits in UTC, too; PostgreSQL has no year 0.
function isStorable(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999;
}

builder.scalarType('UUID', {
  description: 'A UUID in its usual form of 36 characters.',
  serialize: (value) => value,
  parseValue(value) {
    if (typeof value !== 'string' || !UUID.test(value)) throw new GraphQLError('Expected a UUID.');
    return value.toLowerCase();
  },
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) =>
    node.kind === Kind.NULL ? null : valueFromASTUntyped(node, variables ?? undefined),
});
