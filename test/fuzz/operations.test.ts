import fc from 'fast-check';
import { isObjectType, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import { deepOperationOf } from './operations.ts';
import { expand } from './tokens.ts';

const SAMPLES = 3_000;
const SEED = 1;
// Types that every viewer's secrets are in.
const TELLING = ['Attachment', 'Contact', 'Conversation', 'Message', 'TimelineEvent', 'User'];

function fieldsIn(documents: readonly string[]): Set<string> {
  const info = new TypeInfo(schema);
  const found = new Set<string>();
  const enter = () => {
    const [parent, field] = [info.getParentType(), info.getFieldDef()];
    if (parent && field) found.add(`${parent.name}.${field.name}`);
  };
  for (const document of documents) visit(parse(document), visitWithTypeInfo(info, { Field: enter }));
  return found;
}

test('deep operations are mostly valid, and reach every field that a secret could be in', () => {
  const documents = fc
    .sample(deepOperationOf('query'), { numRuns: SAMPLES, seed: SEED })
    .map(({ document }) => expand(document, {}));
  const valid = documents.filter((document) => isValid(document));
  expect(valid.length).toBeGreaterThan(SAMPLES * 0.8);
  const reached = fieldsIn(valid);
  const missing = TELLING.flatMap((name) => {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`there is no type ${name}`);
    return Object.keys(type.getFields()).map((field) => `${name}.${field}`);
  }).filter((field) => !reached.has(field));
  expect(missing).toEqual([]);
});

function isValid(document: string): boolean {
  try {
    return validate(schema, parse(document)).length === 0;
  } catch {
    return false;
  }
}
