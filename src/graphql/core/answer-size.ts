import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { GraphQLError, type GraphQLFieldResolver } from 'graphql';
import { LIMITS } from '../../limits.ts';
import type { Context } from './context.ts';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      answerSize: AnswerSizePlugin<Types>;
    }
  }
}

// Name, quotes and punctuation of a value, and the time that it takes to resolve it.
const VALUE_BYTES = 64;
// Quotes and punctuation of a value in JSON.
const JSON_VALUE_BYTES = 4;
// Shorter texts are taken for ASCII.
const SHORT = 256;

/**
 * Pothos plugin: counts the bytes of an answer while it is made. Beyond the limit fields give nothing, at no cost, and the caller
 * replaces the answer: see `findAnswerExcess`. Texts have a length that the complexity of an operation can't know.
 */
class AnswerSizePlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    config: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const { type } = config;
    const countBytes = type.kind === 'Scalar' && type.ref === 'JSON' ? bytesOfJson : bytesOf;
    const nothing = type.nullable ? null : type.kind === 'List' ? [] : undefined;
    return (parent, args, context, info) => {
      const { answer } = context as unknown as Context;
      if (answer.bytes > LIMITS.answerBytes) {
        // Nothing is made any more up to the next nullable field.
        if (nothing === undefined) throw EXCESS;
        return nothing;
      }
      const value: unknown = resolver(parent, args, context, info);
      if (value instanceof Promise) {
        return value.then((resolved: unknown) => {
          answer.bytes += countBytes(resolved);
          return resolved;
        });
      }
      answer.bytes += countBytes(value);
      return value;
    };
  }
}

function bytesOf(value: unknown): number {
  if (typeof value === 'string') return VALUE_BYTES + bytesOfText(value);
  if (!Array.isArray(value) || typeof value[0] !== 'string') return VALUE_BYTES;
  let bytes = VALUE_BYTES;
  for (const text of value) bytes += bytesOf(text);
  return bytes;
}

function bytesOfJson(value: unknown): number {
  if (typeof value === 'string') return JSON_VALUE_BYTES + bytesOfText(value);
  let bytes = JSON_VALUE_BYTES;
  if (typeof value === 'object' && value !== null) {
    for (const name in value) bytes += name.length + bytesOfJson((value as Record<string, unknown>)[name]);
  }
  return bytes;
}

function bytesOfText(text: string): number {
  return text.length < SHORT ? text.length : Buffer.byteLength(text);
}

const EXCESS = new GraphQLError(
  `The answer is larger than ${LIMITS.answerBytes / 1_048_576} MB. Ask for fewer fields or smaller pages. A mutation has been made; with its idempotencyKey it can be sent again with fewer fields.`,
  { extensions: { code: 'QUERY_TOO_COMPLEX' } },
);

/** Error to answer in place of the data when the answer is too large; null if it is not. */
export function findAnswerExcess({ answer }: Pick<Context, 'answer'>): GraphQLError | null {
  return answer.bytes > LIMITS.answerBytes ? EXCESS : null;
}

SchemaBuilder.registerPlugin('answerSize', AnswerSizePlugin);
