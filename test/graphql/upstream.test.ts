import { readdirSync, readFileSync } from 'node:fs';
import {
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

// The right columns of docs/upstream.md name things of the schema in code spans: `Type.field.field`, `Type.field { field }`,
// `Enum.VALUE`, or `query(argument, input: { field })`.

const DOCUMENT = readFileSync(new URL('../../docs/upstream.md', import.meta.url), 'utf8');
const ROOTS = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];

interface Row {
  system: string;
  theirs: string;
  spans: string[];
}

const rows: Row[] = DOCUMENT.split(/^## /m).flatMap((section) => {
  const [title = '', ...lines] = section.split('\n');
  const table = lines.filter((line) => line.startsWith('| ')).slice(1);
  return table.map((line) => {
    const [, theirs = '', ours = ''] = line.split(/\s*\|\s*/);
    return {
      system: title.split(':')[0] ?? '',
      theirs,
      spans: [...ours.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span),
    };
  });
});

test('each of the four systems has a table, and every row names a part of the schema', () => {
  expect([...new Set(rows.map(({ system }) => system))]).toEqual([
    'VoIPBin',
    'OnceHub',
    'Chatwoot',
    'iMBRACE',
  ]);
  expect(rows.filter(({ spans }) => spans.length === 0)).toEqual([]);
});

describe.each(rows)('$system: $theirs', ({ spans }) => {
  test.each(spans)('%s is in the schema', (span) => {
    expect(missingIn(span)).toEqual([]);
  });
});

test('every query, mutation and subscription in the tables is used by a test', () => {
  const named = rows.flatMap(({ spans }) => spans.map((span) => /^\w+/.exec(span)?.[0] ?? ''));
  const fields = new Set(named.filter((name) => schema.getType(name) === undefined));
  const tests = sourcesIn(new URL('..', import.meta.url));
  expect([...fields].filter((field) => !new RegExp(`\\b${field}\\b`).test(tests))).toEqual([]);
});

function sourcesIn(folder: URL): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('upstream.test.ts'));
  return sources.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
}

/** Returns the names in a code span that are not in the schema. */
function missingIn(span: string): string[] {
  const [, path = '', args = '', selected = ''] = /^([\w.]+)\s*(\(.*\))?\s*(\{.*\})?$/.exec(span) ?? [];
  const [head = '', ...steps] = path.split('.');
  const type = schema.getType(head);
  if (!type) return missingInRoot(head, args);
  let at: GraphQLNamedType | undefined = type;
  for (const step of steps) {
    if (isEnumType(at)) return at.getValue(step) ? [] : [`${at}.${step}`];
    const next = fieldOf(at, step);
    if (!next) return [`${at}.${step}`];
    at = next;
  }
  return missingNames(at, wordsOf(selected));
}

/** Of several root fields with one name (a query and a subscription) one must have all the arguments. */
function missingInRoot(name: string, args: string): string[] {
  const fields = ROOTS.flatMap((root) => root?.getFields()[name] ?? []);
  if (fields.length === 0) return [name];
  const found = fields.map((field) => {
    const types = new Map(field.args.map((arg) => [arg.name, getNamedType(arg.type)]));
    return missingAmong(wordsOf(args), name, (arg) => types.get(arg));
  });
  return found.find((missing) => missing.length === 0) ?? found[0] ?? [];
}

function fieldOf(type: GraphQLNamedType | undefined, name: string): GraphQLNamedType | undefined {
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return undefined;
  const field = type.getFields()[name];
  return field && getNamedType(field.type);
}

function missingNames(type: GraphQLNamedType | undefined, words: string[]): string[] {
  return missingAmong(words, String(type), (name) => fieldOf(type, name));
}

/** Looks up each name in `where`; names in braces are looked up in the type of the name before. */
function missingAmong(
  words: string[],
  where: string,
  lookUp: (name: string) => GraphQLNamedType | undefined,
): string[] {
  const missing: string[] = [];
  let last: GraphQLNamedType | undefined;
  for (let place = 0; place < words.length; place++) {
    const word = words[place] ?? '';
    if (word === '{') {
      const end = closingOf(words, place);
      missing.push(...missingNames(last, words.slice(place + 1, end)));
      place = end;
    } else {
      last = lookUp(word);
      if (!last) missing.push(`${where}.${word}`);
    }
  }
  return missing;
}

function closingOf(words: string[], opening: number): number {
  let depth = 0;
  for (let place = opening; place < words.length; place++) {
    if (words[place] === '{') depth++;
    if (words[place] === '}' && --depth === 0) return place;
  }
  throw new Error(`a brace is not closed: ${words.join(' ')}`);
}

/** Splits into names and braces, without the outermost pair. */
function wordsOf(text: string): string[] {
  return text.slice(1, -1).match(/\w+|[{}]/g) ?? [];
}
