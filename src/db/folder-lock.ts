import { link, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Makes this process the only one that has the folder open, and returns how to give it back. The lock of a process
 * that died is taken over. Throws FolderInUseError while its process lives, or where that can't be told.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  const mine = `${process.pid} ${hostname()}`;
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, mine);
  try {
    if (!(await tryLink(draft, path))) {
      await removeIfStale(folder, path);
      if (!(await tryLink(draft, path))) throw new FolderInUseError(folder, await readHolder(path));
    }
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(path, { force: true });
}

export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError';

  constructor(folder: string, holder: string) {
    const [pid, host] = holder.split(' ');
    super(
      `The data in ${folder} is in use by process ${pid} on ${host}, and two processes would destroy it. ` +
        `Stop that process, or set DATA_DIR to another folder. If no such process runs, remove ${join(folder, 'lock')}.`,
    );
  }
}

// link() is atomic and fails where the target exists: of any number of processes one succeeds, with its pid already in the file.
async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

// Only one process at a time may judge and remove: otherwise a second one could remove the lock that the first has just taken.
async function removeIfStale(folder: string, path: string) {
  const judging = join(folder, 'lock.judging');
  try {
    await mkdir(judging);
  } catch (error) {
    if (isCode(error, 'EEXIST')) throw new FolderInUseError(folder, await readHolder(path));
    throw error;
  }
  try {
    const [pid, host] = (await readHolder(path)).split(' ');
    // A container's first process has the same pid at every start: a lock with our own pid is that of our predecessor.
    if (host === hostname() && (Number(pid) === process.pid || !isAlive(Number(pid)))) {
      await rm(path, { force: true });
    }
  } finally {
    await rmdir(judging);
  }
}

async function readHolder(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return 'unknown unknown';
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
