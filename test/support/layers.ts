import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path/posix';
import ts from 'typescript';

// Layers, highest first. A layer may import the rows below it, but not its neighbours in the same row.
const ROWS = [
  ['main'],
  ['cli'],
  ['app'],
  ['server'],
  ['live'],
  ['graphql', 'demo'],
  ['domain'],
  ['feed', 'presence'],
  ['bus', 'db'],
  ['video'],
  [
    'config',
    'error-codes',
    'errors',
    'ids',
    'lifecycle',
    'links',
    'limits',
    'log',
    'logged-error',
    'rate-limits',
    'ref-counted',
    'trusted-proxies',
  ],
];
const LOWEST = ROWS.length - 1;

/** A source file: path within src, and its imports as paths within src or package names. */
export interface Module {
  path: string;
  lines: number;
  imports: string[];
}

/** All imports of a source text: static, type-only, dynamic, and re-exports. */
export function importsOf(path: string, text: string): string[] {
  const found = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return found.map((name) => (name.startsWith('.') ? normalize(join(dirname(path), name)) : name));
}

/** Reads all of src, except generated files. */
export async function readModules(): Promise<Module[]> {
  const paths = (await readdir('src', { recursive: true })).filter((path) => path.endsWith('.ts'));
  const own = paths.filter((path) => !path.startsWith('db/generated/')).sort();
  return Promise.all(
    own.map(async (path) => {
      const text = await readFile(join('src', path), 'utf8');
      return { path, lines: text.trimEnd().split('\n').length, imports: importsOf(path, text) };
    }),
  );
}

/** Finds imports that point up or sideways, and files in an unknown layer. */
export function layerViolations(modules: readonly Module[]): string[] {
  return modules.flatMap(({ path, imports }) => {
    if (rowOf(path) === -1) return [`${path} is in a room that the layers do not name`];
    return imports
      .filter((target) => isOwn(target) && !isAllowed(path, target))
      .map((target) => `${path} imports ${target}`);
  });
}

/** Finds import circles, each once, as "a.ts > b.ts > a.ts". */
export function circlesAmong(modules: readonly Module[]): string[] {
  const importsByPath = new Map(modules.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const circles: string[] = [];
  function walk(path: string, way: readonly string[]) {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' > '));
    if (done.has(path)) return;
    done.add(path);
    for (const target of importsByPath.get(path) ?? []) walk(target, [...way, path]);
  }
  for (const { path } of modules) walk(path, []);
  return circles;
}

/** Finds circles among the noun folders of a layer, such as domain/contact and domain/core, each once. */
export function circlesAmongFolders(modules: readonly Module[]): string[] {
  const folders = new Map<string, Set<string>>();
  for (const { path, imports } of modules) {
    const folder = dirname(path);
    const targets = folders.get(folder) ?? new Set();
    folders.set(folder, targets);
    for (const target of imports.filter(isOwn).map((name) => dirname(name))) {
      if (target !== folder && isNounFolder(target) && layerOf(target) === layerOf(folder))
        targets.add(target);
    }
  }
  const nouns = [...folders].filter(([path]) => isNounFolder(path));
  return circlesAmong(nouns.map(([path, targets]) => ({ path, lines: 0, imports: [...targets] })));
}

function isNounFolder(path: string): boolean {
  return path.includes('/');
}

/** Finds imports of these packages by these files. */
export function importsOfPackages(modules: readonly Module[], packages: RegExp): string[] {
  return modules.flatMap(({ path, imports }) =>
    imports.filter((name) => !isOwn(name) && packages.test(name)).map((name) => `${path} imports ${name}`),
  );
}

export function layerOf(path: string): string {
  return path.split('/', 1).join().replace(/\.ts$/, '');
}

function rowOf(path: string): number {
  return ROWS.findIndex((rooms) => rooms.includes(layerOf(path)));
}

function isOwn(name: string): boolean {
  return name.endsWith('.ts');
}

function isAllowed(from: string, to: string): boolean {
  const [row, target] = [rowOf(from), rowOf(to)];
  // Files of the lowest row may import each other.
  return target > row || layerOf(from) === layerOf(to) || (row === LOWEST && target === LOWEST);
}
