import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { readModules } from './support/layers.ts';

const run = promisify(execFile);

// `npm ci --omit=dev` installs the packages that a built gateway needs, and runs scripts/prepare.mjs.

/** A folder as `npm ci --omit=dev` finds it: without the tools that build. */
async function createInstallation(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-installation-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp('scripts', join(folder, 'scripts'), { recursive: true });
  return folder;
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

test('src imports no package that is a dev dependency', async () => {
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'));
  const modules = await readModules();
  const paths = new Set(modules.map(({ path }) => path));
  const packages = modules
    .flatMap(({ imports }) => imports)
    .filter((name) => !isBuiltin(name) && !paths.has(name) && !/^db\/generated\/|\.json$/.test(name))
    .map(packageOf);
  expect([...new Set(packages)].filter((name) => !(name in dependencies))).toEqual([]);
});

test('a gateway that is built is not built again where the tools are missing', async () => {
  const folder = await createInstallation();
  await mkdir(join(folder, 'dist'));
  await writeFile(join(folder, 'dist', 'main.js'), '');
  expect(await run('node', ['scripts/prepare.mjs'], { cwd: folder })).toEqual({ stdout: '', stderr: '' });
});

test('an installation without dist/ and without the tools that build it says what to do', async () => {
  const folder = await createInstallation();
  const { stderr } = await run('node', ['scripts/prepare.mjs'], { cwd: folder });
  expect(stderr).toContain('dist/ is missing');
  expect(stderr).toContain('npm ci && npm prune --omit=dev');
});
