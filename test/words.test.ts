import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path/posix';
import { beforeAll, expect, test } from 'vitest';

// The rules for names and comments that a program can check (CONTRIBUTING.md, "Words").

interface Source {
  path: string;
  text: string;
}

let sources: Source[];

beforeAll(async () => {
  const folders = ['src', 'test', 'bench', 'examples', 'scripts'];
  const paths = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true })).map((path) => join(folder, path)),
    ),
  );
  const own = paths.flat().filter((path) => path.endsWith('.ts') && !path.includes('/generated/'));
  sources = await Promise.all(own.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
});

/** Types declared in more than one file, as "Row: a.ts b.ts". */
function typesDeclaredTwice(files: readonly Source[]): string[] {
  const filesByName = new Map<string, Set<string>>();
  for (const { path, text } of files) {
    for (const [, name = ''] of text.matchAll(/^(?:export )?(?:interface|type|class) ([A-Z]\w*)/gm)) {
      filesByName.set(name, (filesByName.get(name) ?? new Set()).add(path));
    }
  }
  const repeated = [...filesByName].filter(([, paths]) => paths.size > 1);
  return repeated.map(([name, paths]) => `${name}: ${[...paths].join(' ')}`);
}

const COMMENT = /^[ \t]*(?:\/\/|\/\*\*\s+\*|\/\*\*) (.*)$/gm;
const NO_NOUN = /^(What|Who|Whose|Whom|Those|Whoever|Whatever|Of (what|those|all)|With (what|who))\b/;

/** Comments that begin with a pronoun instead of a noun or a verb, as "a.ts: What …". */
function commentsWithoutNoun({ path, text }: Source): string[] {
  const comments = [...text.matchAll(COMMENT)].map(([, comment = '']) => comment);
  return comments.filter((comment) => NO_NOUN.test(comment)).map((comment) => `${path}: ${comment}`);
}

test('a type name is declared in one file', () => {
  expect(typesDeclaredTwice(sources.filter(({ path }) => path.startsWith('src/')))).toEqual([]);
});

test('a type name declared in two files is found', () => {
  const files = [
    { path: 'a.ts', text: 'export interface Row {}\ntype Only = 1;' },
    { path: 'b.ts', text: 'type Row = string;' },
  ];
  expect(typesDeclaredTwice(files)).toEqual(['Row: a.ts b.ts']);
});

test('a comment begins with a noun or a verb', () => {
  expect(sources.flatMap(commentsWithoutNoun)).toEqual([]);
});

test('a comment that begins with a pronoun is found', () => {
  const text =
    "/** What a row holds. */\nconst a = '// Who';\n// Whose it is.\n/**\n * Whoever asks.\n */\n// Why: locks.";
  expect(commentsWithoutNoun({ path: 'a.ts', text })).toEqual([
    'a.ts: What a row holds. */',
    'a.ts: Whose it is.',
    'a.ts: Whoever asks.',
  ]);
});
