import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { printLimitDocs } from '../src/cli/limit-docs.ts';
import { LIMIT_SECTIONS, LIMITS } from '../src/limits.ts';
import { readModules } from './support/layers.ts';

const rows = LIMIT_SECTIONS.flatMap(({ rows }) => Object.entries(rows));

test('docs/limits.md is printed from the tables', async () => {
  expect(await readFile('docs/limits.md', 'utf8'), 'stale: npm run docs').toBe(printLimitDocs());
});

test('each limit stands in one section', () => {
  expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(LIMITS).sort());
});

test('each limit is enforced somewhere', async () => {
  const paths = (await readModules()).map(({ path }) => path).filter((path) => path !== 'limits.ts');
  const texts = await Promise.all(paths.map((path) => readFile(`src/${path}`, 'utf8')));
  const used = new Set(texts.flatMap((text) => text.match(/(?<=LIMITS\.)\w+/g) ?? []));
  expect(Object.keys(LIMITS).filter((name) => !used.has(name))).toEqual([]);
});
