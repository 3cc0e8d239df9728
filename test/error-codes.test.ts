import { readFile } from 'node:fs/promises';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { printErrorDocs } from '../src/cli/error-docs.ts';
import { INPUT_ISSUES, USER_ERRORS } from '../src/error-codes/mutation-errors.ts';
import { OPERATION_ERRORS } from '../src/error-codes.ts';
import { schema } from '../src/graphql/schema.ts';
import { findUnknownClose, findUnknownCodes } from './support/answer-check.ts';
import { readModules } from './support/layers.ts';

const TABLES = /^error-codes\b/;
// Codes that Yoga and graphql-ws answer by themselves.
const CODES_OF_LIBRARIES = ['GRAPHQL_VALIDATION_FAILED'];

interface Literals {
  /** Values of properties that are called `code`. */
  codes: string[];
  /** All texts in capitals. */
  constants: string[];
  /** Calls of `close` with a number in place of an entry of the table. */
  closes: string[];
}

function literalsOf(path: string, text: string): Literals {
  const found: Literals = { codes: [], constants: [], closes: [] };
  function visit(node: ts.Node) {
    if (ts.isStringLiteral(node) && /^[A-Z][A-Z_]+$/.test(node.text)) {
      found.constants.push(node.text);
      const { parent } = node;
      if (ts.isPropertyAssignment(parent) && parent.name.getText() === 'code') found.codes.push(node.text);
    }
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const [first] = node.arguments;
      const isClose = node.expression.name.text === 'close';
      if (isClose && first && ts.isNumericLiteral(first)) found.closes.push(node.getText());
    }
    ts.forEachChild(node, visit);
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

let literals: Literals;

beforeAll(async () => {
  const paths = (await readModules()).map(({ path }) => path).filter((path) => !TABLES.test(path));
  const files = await Promise.all(
    paths.map(async (path) => literalsOf(path, await readFile(`src/${path}`, 'utf8'))),
  );
  literals = {
    codes: files.flatMap(({ codes }) => codes),
    constants: files.flatMap(({ constants }) => constants),
    closes: files.flatMap(({ closes }) => closes),
  };
});

test('docs/errors.md is printed from the tables', async () => {
  expect(await readFile('docs/errors.md', 'utf8'), 'stale: npm run docs').toBe(printErrorDocs());
});

test('src has no code that is not in the tables', () => {
  const known = [...Object.keys(OPERATION_ERRORS), ...Object.keys(INPUT_ISSUES)];
  expect(literals.codes.length).toBeGreaterThan(10);
  expect(literals.codes.filter((code) => !known.includes(code))).toEqual([]);
  expect(literals.closes).toEqual([]);
});

test('the tables have no code that src does not use', () => {
  const used = [...literals.constants, ...CODES_OF_LIBRARIES];
  const known = [...Object.keys(OPERATION_ERRORS), ...Object.keys(INPUT_ISSUES)];
  expect(known.filter((code) => !used.includes(code))).toEqual([]);
});

test('the table of mutation errors has the types that implement UserError', () => {
  const { objects } = schema.getImplementations(schema.getType('UserError') as never);
  expect(Object.keys(USER_ERRORS).sort()).toEqual(objects.map(({ name }) => name).sort());
});

describe('the check of all answers finds', () => {
  const error = (code?: string) => ({ message: '', extensions: { code } });
  const cases: [string, object, number | undefined, string[]][] = [
    ['an unknown code', { errors: [error('NONSENSE')] }, undefined, ['error code NONSENSE']],
    ['an error without a code', { errors: [{ message: '' }] }, 200, ['error code undefined']],
    ['a status that is not that of the code', { errors: [error('FORBIDDEN')] }, 500, ['status 500']],
    ['an unknown issue', { data: { a: { issues: [{ code: 'NONSENSE' }] } } }, 200, ['input issue NONSENSE']],
    [
      'an unknown code in a frame',
      { type: 'next', payload: { errors: [error('NO')] } },
      undefined,
      ['error code NO'],
    ],
    [
      'an unknown code that ends an operation',
      { type: 'error', payload: [error('NO')] },
      undefined,
      ['error code NO'],
    ],
    ['nothing in a known code', { errors: [error('FORBIDDEN')] }, 200, []],
    ['nothing in a known issue', { data: { a: { issues: [{ code: 'REQUIRED' }] } } }, 200, []],
  ];

  test.each(cases)('%s', (_name, answer, status, expected) => {
    const found = findUnknownCodes(JSON.stringify(answer), status);
    expect(found).toEqual(expected.map((text) => expect.stringContaining(text)));
  });

  test('an unknown close code or reason', () => {
    expect(findUnknownClose(4999, '')).toContain('4999');
    expect(findUnknownClose(1001, 'Bye.')).toContain('Bye.');
    expect(findUnknownClose(1001, 'This server is going away. Connect again.')).toBeNull();
  });
});
