import './answer-size.ts';
import './column-fast-path.ts';
import './visibility.ts';
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import type PrismaTypes from '../../db/generated/pothos-types.ts';
import { getDatamodel } from '../../db/generated/pothos-types.ts';
import type { Context } from './context.ts';

export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
    UUID: { Input: string; Output: string };
  };
}>({
  // Errors before Prisma: the Prisma plugin has to see the result unions to plan selections.
  plugins: ['visibility', 'answerSize', ErrorsPlugin, ComplexityPlugin, 'columnFastPath', PrismaPlugin],
  defaultFieldNullability: false,
  prisma: {
    client: (context) => context.db,
    dmmf: getDatamodel(),
    // A resolver that ignores its `query` makes Pothos load each row again: an error in development and tests.
    onUnusedQuery: process.env.NODE_ENV === 'production' ? null : 'error',
  },
  errors: {
    defaultTypes: [],
    directResult: true,
    defaultUnionOptions: {
      description: 'The changed object, or the reason why nothing was changed.',
      name: ({ fieldName }) => `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}Result`,
    },
  },
  // Without limits here: operation-check.ts compares the whole operation with them, once and before it is executed.
  complexity: { defaultListMultiplier: 5 },
});

export type SchemaTypes = typeof builder.$inferSchemaTypes;
