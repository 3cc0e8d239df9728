import { getIntrospectionQuery } from 'graphql';
import type { HostileInput } from './hostile-inputs.ts';
import { type HostileAnswer, sendHttp, sendQuery } from './hostile-send.ts';

const DOCUMENTS = 400;
const TIMES = [1, 10] as const;

// Fields with an own selection: the limit of breadth allows 400 fields in all.
const CONFLICTS = [199, 1_990] as const;

let sent = 0;

const list = (count: number, of: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => of(index)).join(' ');

/** Documents by what they have most of. `size` is the number of tokens, which the node allows at most 10,000 of. */
const DOCUMENTS_OF: Record<string, (size: number) => string> = {
  'the same field': (size) => `{ ${list(size - 2, () => '__typename')} }`,
  'unknown fields': (size) => `{ ${list(size - 2, (index) => `a${index}`)} }`,
  arguments: (size) => `{ node(${list((size - 10) / 3, (index) => `a${index}: 1`)}) { id } }`,
  'the same argument': (size) => `{ node(${list((size - 10) / 3, () => 'id: 1')}) { id } }`,
  aliases: (size) => `{ ${list((size - 2) / 3, (index) => `a${index}: __typename`)} }`,
  'the same alias': (size) => `{ ${list((size - 2) / 3, () => 'a: __typename')} }`,
  'the same alias with arguments': (size) =>
    `{ ${list((size - 2) / 11, (index) => `a: node(id: "${index}") { id }`)} }`,
  fragments: (size) =>
    `{ __typename } ${list((size - 3) / 7, (index) => `fragment F${index} on Query { __typename }`)}`,
  'fragments in a chain': (size) =>
    `{ ...F0 } ${list((size - 5) / 11, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)}`,
  'spreads of one fragment': (size) =>
    `{ ${list((size - 9) / 2, () => '...F')} } fragment F on Query { __typename }`,
  'inline fragments': (size) => `{ ${list((size - 2) / 6, () => '... on Query { __typename }')} }`,
  'fragments with the same aliases': (size) => {
    const fragment = (name: string) =>
      `fragment ${name} on Query { ${list((size - 20) / 6, (index) => `a${index % 50}: __typename`)} }`;
    return `{ ...A ...B } ${fragment('A')} ${fragment('B')}`;
  },
  directives: (size) => `{ __typename ${list((size - 3) / 2, (index) => `@a${index}`)} }`,
  'the same directive': (size) => `{ __typename ${list((size - 3) / 7, () => '@skip(if: false)')} }`,
  variables: (size) => `query (${list((size - 5) / 4, (index) => `$v${index}: Int`)}) { __typename }`,
  operations: (size) => list(size / 5, (index) => `query Q${index} { __typename }`),
  'values of a list': (size) => `{ nodes(ids: [${list(size - 11, () => '"a"')}]) { id } }`,
  'fields of an object': (size) =>
    `{ conversations(filter: { ${list((size - 15) / 3, (index) => `a${index}: 1`)} }) { totalCount } }`,
  'two aliased fragments on __Type': (size) => aliasedTypes(Math.floor((size - 30) / 16)),
};

function aliasedTypes(aliases: number): string {
  return `{ __schema { types { ...A } } }
    fragment A on __Type { ${list(aliases, (index) => `a${index}: fields { type { ...B } }`)} }
    fragment B on __Type { ${list(aliases, (index) => `b${index}: fields { name }`)} }`;
}

const BODIES: Record<string, (times: number) => string> = {
  'JSON nested 100,000 deep': (times) => `${'['.repeat(100_000 * times)}${']'.repeat(100_000 * times)}`,
  'objects nested 100,000 deep': (times) =>
    `${'{"a":'.repeat(100_000 * times)}1${'}'.repeat(100_000 * times)}`,
  'brackets that stay open': (times) => '['.repeat(1_048_576 * times),
  'a list of 300,000 numbers': (times) => `[${'1,'.repeat(300_000 * times)}1]`,
  'a string of escapes': (times) => `{"query":"${'\\u0061'.repeat(174_000 * times)}"}`,
  'a string of line breaks': (times) => `{"query":"${'\\n'.repeat(524_000 * times)}{__typename}"}`,
  'a document of comments': (times) => `{"query":"${'#\\n'.repeat(349_000 * times)}{__typename}"}`,
  'a name of 1 MB': (times) => `{"query":"{${'a'.repeat(1_048_000 * times)}}"}`,
  'a text of 1 MB in the document': (times) =>
    `{"query":"{node(id:\\"${'a'.repeat(1_048_000 * times)}\\"){id}}"}`,
  'a text of quotes in the document': (times) =>
    `{"query":"{node(id:\\"\\"\\"${'\\n  \\"'.repeat(150_000 * times)}\\"\\"\\"){id}}"}`,
  'the same key': (times) => `{${'"query":"{a}",'.repeat(70_000 * times)}"query":"{__typename}"}`,
  'different keys': (times) =>
    `{"query":"{__typename}","variables":{${Array.from({ length: 70_000 * times }, (_, index) => `"k${index}":1`).join(',')}}}`,
};

export const HOSTILE_DOCUMENTS: HostileInput[] = [
  ...[30, 100].map((aliases) =>
    documentInput(`two aliased fragments on __Type, ${aliases} each`, aliasedTypes(aliases)),
  ),
  largestAliasedTypes(),
  ...CONFLICTS.map((count) =>
    documentInput(
      `document of ${count} fields that conflict`,
      `{ ${list(count, (index) => `node(id: "${index}") { id }`)} }`,
    ),
  ),
  documentInput('the standard introspection query', getIntrospectionQuery()),
  ...TIMES.map((times) => manyDocuments(times)),
  ...Object.entries(DOCUMENTS_OF).flatMap(([name, build]) =>
    TIMES.map((times) =>
      documentInput(
        `document of ${name}: ${(10_000 * times).toLocaleString('en')} tokens`,
        build(9_990 * times),
      ),
    ),
  ),
  ...Object.entries(BODIES).flatMap(([name, build]) =>
    TIMES.map(
      (times): HostileInput => ({
        who: 'nobody',
        name: `body: ${name}${times === 1 ? '' : ` ×${times}`}`,
        send: ({ url }) => sendHttp(url, { body: build(times) }),
      }),
    ),
  ),
];

function documentInput(name: string, query: string): HostileInput {
  // A document that was sent before is found in a cache.
  return { who: 'nobody', name, send: ({ url }) => sendQuery(url, { query: `${query} #${++sent}` }) };
}

function largestAliasedTypes(): HostileInput {
  const build = (aliases: number) => `${aliasedTypes(aliases)} #${++sent}`;
  return {
    who: 'nobody',
    name: 'two aliased fragments on __Type, each of',
    limit: { most: 100, build },
    send: ({ url }, aliases) => sendQuery(url, { query: build(aliases) }),
  };
}

/** Different documents one after the other, so that none is found in a cache. */
function manyDocuments(times: number): HostileInput {
  const size = 9_900 * times;
  return {
    who: 'nobody',
    name: `${DOCUMENTS} different documents of ${20 * times} kB`,
    showsMemory: true,
    async send({ url }) {
      const total: HostileAnswer = { answer: '', bytes: 0, ms: 0 };
      for (let document = 0; document < DOCUMENTS; document++) {
        const { answer, bytes, ms } = await sendQuery(url, { query: `{${'a '.repeat(size)}b${++sent}}` });
        total.answer = answer;
        total.bytes += bytes;
        total.ms += ms;
      }
      return total;
    },
  };
}
