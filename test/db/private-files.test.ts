import { chmod, lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openEmbedded } from '../../src/db/embedded.ts';
import { restrictDataFolder } from '../../src/db/private-files.ts';
import { runParley } from '../support/process.ts';

let folder: string;

// Without a umask, what is not restricted comes out readable by everybody.
beforeEach(async () => {
  const umask = process.umask(0);
  onTestFinished(() => void process.umask(umask));
  folder = await mkdtemp(join(tmpdir(), 'parley-private-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

/** The folder itself and all that is in it, as paths within it. */
const entriesOf = async (path: string) => ['', ...(await readdir(path, { recursive: true }))];

async function modeOf(path: string): Promise<string> {
  return ((await lstat(path)).mode & 0o777).toString(8);
}

/** Entries that group or others may use, and how many entries there are. */
async function findLoose(path: string) {
  const entries = await entriesOf(path);
  const loose: string[] = [];
  for (const entry of entries) {
    const mode = await modeOf(join(path, entry));
    if (mode !== ((await lstat(join(path, entry))).isDirectory() ? '700' : '600'))
      loose.push(`${mode} ${entry}`);
  }
  return { loose, count: entries.length };
}

async function loosen(path: string) {
  for (const entry of await entriesOf(path)) {
    await chmod(join(path, entry), (await lstat(join(path, entry))).isDirectory() ? 0o777 : 0o666);
  }
}

const FILLED = `CREATE TABLE "Filler" AS SELECT repeat('x', 900) AS text FROM generate_series(1, 2000); CHECKPOINT`;

test('the embedded database lets nobody else read its files: new, written to, and left open by an earlier version', async () => {
  const path = join(folder, 'data');
  const first = await openEmbedded({ folder: path });
  for (const statement of FILLED.split('; ')) await first.writes.$executeRawUnsafe(statement);
  expect(await findLoose(path)).toMatchObject({ loose: [], count: expect.any(Number) });
  expect((await findLoose(path)).count).toBeGreaterThan(900);
  await first.close();

  await loosen(path);
  const second = await openEmbedded({ folder: path });
  await second.writes.$executeRawUnsafe('CREATE TABLE "Later" AS SELECT * FROM "Filler"');
  expect((await findLoose(path)).loose).toEqual([]);
  await second.close();
  expect((await findLoose(path)).loose).toEqual([]);
});

test('secret, lock and socket of a running gateway are private, in a folder that everybody could read before', async () => {
  const path = join(folder, 'data');
  await mkdir(path);
  await writeFile(join(path, 'secret'), 'a secret of at least 32 characters, for tests only');
  const program = runParley(['serve'], { DATA_DIR: path });
  onTestFinished(() => void program.child.kill('SIGKILL'));
  await program.printed(/ready at/);
  const { loose, count } = await findLoose(path);
  program.child.kill('SIGTERM');
  await program.exited;
  expect(loose).toEqual([]);
  expect(count).toBeGreaterThan(900);
});

test('files of others keep their mode, as does a folder that has some', async () => {
  await writeFile(join(folder, 'notes.txt'), '');
  await writeFile(join(folder, 'secret'), '');
  await chmod(folder, 0o755);
  await restrictDataFolder(folder);
  const modes = { '': '755', 'notes.txt': '666', secret: '600', postgres: '700' };
  for (const [entry, mode] of Object.entries(modes)) expect(await modeOf(join(folder, entry))).toBe(mode);
});

test('a symbolic link in the folder does not lead out of it', async () => {
  const [inside, outside] = [join(folder, 'inside', 'postgres'), join(folder, 'outside')];
  for (const path of [inside, outside]) await mkdir(path, { recursive: true });
  await writeFile(join(outside, 'file'), '');
  await symlink(outside, join(inside, 'folder'));
  await symlink(join(outside, 'file'), join(inside, 'file'));
  await restrictDataFolder(join(folder, 'inside'));
  expect(await modeOf(inside)).toBe('700');
  expect(await modeOf(outside)).toBe('777');
  expect(await modeOf(join(outside, 'file'))).toBe('666');
});

test('a list of persisted documents, which is made for other machines, is written as the user has it', async () => {
  const [documents, list] = [join(folder, 'one.graphql'), join(folder, 'list.json')];
  await writeFile(documents, 'query Cursor { streamCursor }');
  expect(await runParley(['persist', '--out', list, documents]).exited).toBe(0);
  expect(await modeOf(list)).toBe('666');
});
