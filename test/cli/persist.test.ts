import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemoryCache } from '@apollo/client';
import { parse, print } from 'graphql';
import { expect, onTestFinished, test } from 'vitest';
import { createPersistedOperations } from '../../src/cli/persisted-operations.ts';
import { schema } from '../../src/graphql/schema.ts';
import { idOf } from '../../src/server/persisted-documents.ts';
import { runParley } from '../support/process.ts';

const ROW = 'fragment Row on Conversation { id name contact { ...Name } }';
const NAME = 'fragment Name on Contact { name }';
const LIST = 'query List { conversations { nodes { ...Row } } streamCursor }';
const LIVE =
  'subscription Live { inbox { __typename ... on ConversationEntered { conversation { ...Row } } } }';
const VIEWER = 'query Viewer { viewer { identity { id } } }';

function create(texts: Record<string, string>, { typenames = false } = {}) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return createPersistedOperations(files, { schema, typenames });
}

test('each operation is a document with the fragments that it uses, from whichever file', () => {
  const operations = create({
    'a.graphql': `${LIST} ${VIEWER}`,
    'b.graphql': `${ROW} ${LIVE}`,
    'c.graphql': NAME,
  });
  expect(operations).toEqual(
    [
      ['List', `${LIST} ${ROW} ${NAME}`],
      ['Viewer', VIEWER],
      ['Live', `${LIVE} ${ROW} ${NAME}`],
    ].map(([name, text = '']) => ({ name, text: print(parse(text)), id: idOf(print(parse(text))) })),
  );
});

test('with typenames a text is the one that Apollo Client sends, so that its hash is the id', () => {
  const apollo = new InMemoryCache();
  for (const text of [`${LIST} ${ROW} ${NAME}`, VIEWER, `${LIVE} ${ROW} ${NAME}`]) {
    const [operation] = create({ 'a.graphql': text }, { typenames: true });
    expect(operation?.text).toBe(print(apollo.transformDocument(parse(text))));
  }
});

test.each<[string, Record<string, string>, RegExp[]]>([
  [
    'a syntax error',
    { 'a.graphql': '{ viewer' },
    [/Syntax Error: Expected Name, found <EOF>/, /a\.graphql:1:9/],
  ],
  [
    'an unknown field',
    { 'a.graphql': 'query A {\n  nothing\n}' },
    [/Cannot query field "nothing"/, /a\.graphql:2:3/],
  ],
  ['an unknown fragment', { 'a.graphql': 'query A { ...Gone }' }, [/Unknown fragment "Gone"/]],
  ['no name', { 'a.graphql': '{ __typename }' }, [/The operation has no name/, /a\.graphql:1:1/]],
  [
    'the same name twice',
    { 'a.graphql': VIEWER, 'b.graphql': VIEWER },
    [/another operation Viewer/, /b\.graphql:1:1/],
  ],
  [
    'mistakes in two files',
    { 'a.graphql': '{', 'b.graphql': 'query {' },
    [/a\.graphql:1:2/, /b\.graphql:1:8/],
  ],
])('%s is told with file and line', (_kind, texts, patterns) => {
  let message = '';
  try {
    create(texts);
  } catch (error) {
    message = String(error);
  }
  for (const pattern of patterns) expect(message).toMatch(pattern);
});

test('the command reads files and folders, and writes the list and the ids by name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-persist-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'src', 'deep'), { recursive: true });
  await mkdir(join(folder, 'src', 'node_modules', 'other'), { recursive: true });
  await writeFile(join(folder, 'src', 'deep', 'list.graphql'), LIST);
  await writeFile(join(folder, 'src', 'fragments.gql'), `${ROW} ${NAME}`);
  await writeFile(join(folder, 'src', 'notes.txt'), 'no document');
  await writeFile(join(folder, 'src', 'node_modules', 'other', 'a.graphql'), 'not ours');
  await writeFile(join(folder, 'viewer.graphql'), VIEWER);
  const [out, ids] = [join(folder, 'list.json'), join(folder, 'ids.json')];

  const written = runParley([
    'persist',
    '--out',
    out,
    '--ids',
    ids,
    join(folder, 'src'),
    join(folder, 'viewer.graphql'),
  ]);
  expect([await written.exited, written.output()]).toEqual([0, `2 documents are in ${out}.\n`]);
  const list = JSON.parse(await readFile(out, 'utf8'));
  expect(Object.values(list)).toEqual([print(parse(`${LIST} ${ROW} ${NAME}`)), print(parse(VIEWER))]);
  expect(JSON.parse(await readFile(ids, 'utf8'))).toEqual({
    List: Object.keys(list)[0],
    Viewer: Object.keys(list)[1],
  });

  const printed = runParley(['persist', join(folder, 'viewer.graphql')]);
  expect([await printed.exited, JSON.parse(printed.output())]).toEqual([
    0,
    { [idOf(print(parse(VIEWER)))]: print(parse(VIEWER)) },
  ]);
  const failed = runParley(['persist', join(folder, 'missing')]);
  expect([await failed.exited, failed.output()]).toEqual([
    1,
    expect.stringContaining('There is no file or folder'),
  ]);
});
