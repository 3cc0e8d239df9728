import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError } from '../../src/config.ts';
import { idOf } from '../../src/server/persisted-documents.ts';
import { readPersistedList } from '../../src/server/persisted-list.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-list-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const TEXT = '{ viewer { __typename } }';

test('lists of several versions of a client are one', async () => {
  const paths = [
    await write('old.json', { [idOf(TEXT)]: TEXT, 'web-1': '{ old }' }),
    await write('new.json', { [idOf(TEXT)]: TEXT, 'web-2': '{ new }' }),
  ];
  const list = await readPersistedList(paths);
  expect(Object.fromEntries(list)).toEqual({ [idOf(TEXT)]: TEXT, 'web-1': '{ old }', 'web-2': '{ new }' });
});

test("a manifest of Apollo's tools is a list", async () => {
  const manifest = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: 'abc', name: 'Viewer', type: 'query', body: TEXT }],
  };
  expect(await readPersistedList([await write('manifest.json', manifest)])).toEqual(new Map([['abc', TEXT]]));
});

test('no file is an empty list', async () => {
  expect((await readPersistedList([])).size).toBe(0);
});

test('all mistakes are told at once, each with its file', async () => {
  const paths = [
    join(folder, 'missing.json'),
    await write('broken.json', '{'),
    await write('array.json', [TEXT]),
    await write('number.json', { a: 1 }),
    await write('empty.json', { a: '' }),
    await write('hash.json', { [idOf('{ other }')]: TEXT, same: 'one' }),
    await write('same.json', { same: 'two' }),
  ];
  const error = await readPersistedList(paths).catch((reason: unknown) => reason);
  if (!(error instanceof ConfigError)) throw error;
  expect(error.lines).toEqual([
    expect.stringMatching(/^PERSISTED_DOCUMENTS: .*missing\.json: ENOENT/),
    expect.stringMatching(/broken\.json: .*JSON/),
    expect.stringMatching(/array\.json: expected a JSON object/),
    expect.stringMatching(/number\.json: expected a JSON object/),
    expect.stringMatching(/empty\.json: expected a JSON object/),
    expect.stringMatching(/hash\.json: sha256:[0-9a-f]{64}: the id is not the SHA-256 hash of the text/),
    expect.stringMatching(/same\.json: same: another list has this id for another text/),
  ]);
});
