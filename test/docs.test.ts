import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path/posix';
import { expect, test } from 'vitest';

const documents = ['README.md', 'SECURITY.md', ...(await readdir('docs')).map((name) => `docs/${name}`)];

/** Files that a document names: code spans such as `feed/cursor.ts`, and targets of links. */
function filesNamedIn(text: string): { spans: string[]; links: string[] } {
  const spans = [...text.matchAll(/`([\w./-]+\.(?:ts|prisma|graphql|md))`/g)].map(([, path = '']) => path);
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path);
  return { spans, links };
}

/** Paths begin at the root or at src/; a name alone means a file of the folder named before it. */
function exists(path: string, previous: string): boolean {
  return [path, `src/${path}`, `src/${join(dirname(previous), path)}`].some((file) => existsSync(file));
}

function missingIn(document: string, text: string): string[] {
  const { spans, links } = filesNamedIn(text);
  let previous = '';
  const missing: string[] = [];
  for (const path of spans) {
    if (exists(path, previous)) previous = path.includes('/') ? path : previous;
    else missing.push(path);
  }
  return [...missing, ...links.filter((path) => !existsSync(join(dirname(document), path)))];
}

test.each(documents)('%s names only files that exist', async (document) => {
  expect(missingIn(document, await readFile(document, 'utf8'))).toEqual([]);
});

test('a file that does not exist is found, in code spans and in links', () => {
  const text = 'See `feed/cursor.ts`, `log.ts`, `feed/curser.ts` and [the log](log.md).';
  expect(missingIn('docs/example.md', text)).toEqual(['feed/curser.ts', 'log.md']);
});
